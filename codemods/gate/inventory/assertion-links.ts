// Follows what tests call through the helpers they import, until something asserts.
import { posix } from 'node:path';
import { matcherOf } from '../../kernel/glob.ts';
import type { ImportedName } from './callee-names.ts';
import type { InventoryFacts } from './inventory-facts.ts';

/** Dotted names that assert: vitest, jest, chai, node:assert, fast-check, supertest, ava, tap. `()` stands for a call in between. */
export const usualAssertions: readonly string[] = [
  '{expect,*.expect,assert,*.assert,*.should.,should()}*',
  't.{is,not,like,truthy,falsy,true,false,ok,notOk,equal,notEqual,same,strictSame,match,throws,rejects,regex,snapshot,plan}',
  't.{deepEqual,notDeepEqual,notThrows,throwsAsync,notThrowsAsync,notRegex,matchSnapshot,matchOnly,has,hasStrict}',
];

/** `expect(x)` without a matcher, and matchers that wait to be compared, assert nothing. */
const onlyPrepares =
  /^expect(\.(any|anything|arrayContaining|arrayOf|closeTo|extend|not|objectContaining|oneOf|poll|schemaMatching|soft|stringContaining|stringMatching|addSnapshotSerializer|addEqualityTesters|getState|setState))*$/;

/** The facts of a file by its path, undefined where there is none. */
export type FactsOf = (path: string) => InventoryFacts | undefined;

/** Files that a relative specifier may mean, in the order they are looked for. */
export function candidates(from: string, specifier: string): readonly string[] {
  const path = posix.normalize(posix.join(posix.dirname(from), specifier));
  const bare = path.replace(/\.[cm]?js$/, '');
  return [path, ...['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'].map((end) => bare + end)];
}

/** What a record holds under a name; names such as `toString` and `constructor` are no members of their own. */
function ownOf<T>(record: Readonly<Record<string, T>> = {}, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

export interface LinkedProject {
  readonly factsOf: FactsOf;
  /** Whether a path is code that is tested: that it throws is no assertion of a test. */
  readonly isSource: (path: string) => boolean;
  /** Patterns of names that assert besides the usual ones. */
  readonly more: readonly string[];
}

export class AssertionLinks {
  readonly #project: LinkedProject;
  readonly #asserts: (name: string) => boolean;
  readonly #isNamed: (name: string) => boolean;

  constructor(project: LinkedProject) {
    this.#project = project;
    this.#asserts = matcherOf([...usualAssertions, ...project.more]);
    this.#isNamed = matcherOf(project.more);
  }

  /** Whether one of `calls`, made in `file`, asserts or leads to what does. */
  reach(file: string, calls: readonly string[]): boolean {
    return this.#reach(file, calls, new Set());
  }

  #reach(file: string, calls: readonly string[], seen: Set<string>): boolean {
    return calls.some((name) => this.#leads(file, name, seen));
  }

  #leads(file: string, name: string, seen: Set<string>): boolean {
    const root = /^[^.()]+/.exec(name)?.[0] ?? name;
    if (this.#isNamed(name)) return true;
    const imported = ownOf(this.#project.factsOf(file)?.imports, root);
    if (imported !== undefined) {
      if (candidates(file, imported.from).some(this.#project.isSource)) return false;
      const known = this.#imported(file, imported, seen);
      // What a helper of the project does is read; only what cannot be read goes by its name.
      if (known !== undefined && (known || root === name)) return known;
    }
    return this.#asserts(name) && !onlyPrepares.test(name);
  }

  /** Whether an imported name leads to an assertion; undefined where its code is not found. */
  #imported(file: string, { from, name }: ImportedName, seen: Set<string>): boolean | undefined {
    const target = candidates(file, from).find((path) => this.#project.factsOf(path) !== undefined);
    return target === undefined ? undefined : this.#exported(target, name, seen);
  }

  #exported(file: string, name: string, seen: Set<string>): boolean | undefined {
    const facts = this.#project.factsOf(file);
    if (facts === undefined) return undefined;
    const key = `${file} ${name}`;
    if (seen.has(key)) return false;
    seen.add(key);
    const calls = name === '*' ? Object.values(facts.functions).flat() : ownOf(facts.functions, name);
    if (calls !== undefined) return this.#reach(file, calls, seen);
    const passed = ownOf(facts.imports, name);
    if (passed !== undefined) return this.#imported(file, passed, seen);
    const found = facts.passesOn.map((from) => this.#imported(file, { from, name }, seen));
    return found.find((each) => each !== undefined);
  }
}
