// A property of an extracted module: whatever the input, it does what the legacy code does; and wrong versions of the module that it notices.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { beforeRoot, openSystem } from '../tas-63/system.ts';
import { afterRoot } from '../tas-63/module-mutation-record.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';

/** The system before the plan, and after it. */
export interface Versions {
  readonly before: Subject;
  readonly after: Subject;
}

/** A version of the module with one mistake: `from`, which stands in it, is `to`. */
export interface WrongVersion {
  readonly from: string;
  readonly to: string;
}

export interface ModuleProperty {
  /** Path of the module below the root of the package. */
  readonly module: string;
  readonly what: string;
  /** Each is noticed by this property. */
  readonly wrong: readonly WrongVersion[];
  /** The property, for fast-check to run. */
  in(versions: Versions): fc.IAsyncPropertyWithHooks<[unknown]>;
}

interface Agreement<Input> extends Pick<ModuleProperty, 'module' | 'what' | 'wrong'> {
  readonly input: fc.Arbitrary<Input>;
  /** What the legacy code makes of the input, as plain data. */
  legacy(before: Subject, input: Input): unknown;
  /** What the extracted module makes of it, in the same words. */
  extracted(after: Subject, input: Input): unknown;
}

/** The property that both sides see the same. A side that throws has seen what it threw. */
export function agreement<Input>(spec: Agreement<Input>): ModuleProperty {
  const { module, what, wrong, input, legacy, extracted } = spec;
  return {
    module,
    what,
    wrong,
    in: ({ before, after }) =>
      // What the property is about is known here alone; whoever runs it needs no more than that it has an input.
      fc.asyncProperty(input, async (each) => {
        const expected = await outcomeOf(() => legacy(before, each));
        const found = await outcomeOf(() => extracted(after, each));
        if (!isDeepStrictEqual(found, expected)) throw new Disagreement(expected, found);
      }) as fc.IAsyncPropertyWithHooks<[unknown]>,
  };
}

class Disagreement extends Error {
  constructor(expected: unknown, found: unknown) {
    super(`the legacy code: ${fc.stringify(expected)}\nthe extracted module: ${fc.stringify(found)}`);
    this.name = 'Disagreement';
  }
}

/** The value, or what was thrown; errors of two versions are equal when they say the same. */
export async function outcomeOf(work: () => unknown): Promise<unknown> {
  try {
    return { value: await work() };
  } catch (error) {
    return { thrown: plainError(error) };
  }
}

export function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return { name: error.name, message: error.message, ...('code' in error ? { code: error.code } : {}) };
}

export function openVersions(): Versions {
  return { before: openSystem({ root: beforeRoot }), after: openSystem({ root: afterRoot }) };
}
