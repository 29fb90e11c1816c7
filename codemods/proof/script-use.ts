// What strict recorders keep account of: which answers of a script were asked for, and what was asked for that it does not say.
import type { Script } from './answers.ts';
import { proofError } from './proof-errors.ts';
import { didYouMean } from './replaced-imports.ts';
import type { World } from './world.ts';

const uses = new WeakMap<World, Map<Script, ScriptUse>>();

/** The account of a script in a world, one for all recorders that share the script. */
export function useOf(world: World, script: Script): ScriptUse {
  const known = uses.get(world) ?? new Map<Script, ScriptUse>();
  uses.set(world, known);
  const use = known.get(script) ?? new ScriptUse(script);
  if (!known.has(script)) world.checkAtEnd(() => use.gap());
  known.set(script, use);
  return use;
}

export class ScriptUse {
  readonly #script: Script;
  readonly #asked = new Set<string>();
  readonly #calls = new Map<string, string>();
  readonly #reads = new Set<string>();

  constructor(script: Script) {
    this.#script = script;
  }

  /** A path was used as the script, or the kind of use, allows. */
  use(path: string): void {
    this.#asked.add(path);
    // Whoever called `db.tasks.find` had to read `db.tasks`.
    for (const read of this.#reads) if (isBelow(path, read)) this.#reads.delete(read);
  }

  /** A call that the script does not answer; `text` is what was called. */
  callWithoutAnswer(path: string, text: string): void {
    // The engine calls these where a value is compared or printed: it is the reading of the value that is a gap.
    if (/\.(?:valueOf|toString)$/.test(path)) return;
    this.use(path);
    if (!this.#calls.has(path)) this.#calls.set(path, text);
  }

  /** A property was read; that is a gap where neither it nor anything below it is ever used. */
  read(path: string): void {
    if (this.#asked.has(path) || Object.keys(this.#script).some((key) => isBelow(key, path))) return;
    this.#reads.add(path);
  }

  /** The first gap, calls first. */
  gap(): Error | undefined {
    const keys = Object.keys(this.#script);
    for (const [path, call] of this.#calls) {
      return proofError(
        'PROOF_ANSWER_MISSING',
        `${call} was called, and the script has no answer for ${path}${didYouMean(path, keys)}. ` +
          `Give it one, '${path}': { returns: undefined } where it answers nothing, or give the recorder \`otherwise\`.`,
      );
    }
    for (const path of this.#reads) {
      return proofError(
        'PROOF_ANSWER_MISSING',
        `${path} was read, and the script does not say what it holds${didYouMean(path, keys)}. Say it: '${path}': { is: … }.`,
      );
    }
    const unused = keys.find((key) => !this.#asked.has(key) && !isOptional(this.#script[key]));
    if (unused === undefined) return undefined;
    return proofError(
      'PROOF_ANSWER_UNUSED',
      `The script has an answer for ${unused}, and nothing asked for it${didYouMean(unused, this.#asked)}. ` +
        'Correct the name, remove the answer, or add `optional: true` to it where another scenario needs it.',
    );
  }
}

function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}()`);
}

function isOptional(scripted: Script[string] | undefined): boolean {
  const [first] = [scripted].flat();
  return first !== undefined && 'optional' in first && first.optional;
}
