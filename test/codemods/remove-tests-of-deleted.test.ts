// Which tests go with deleted code: followed through helpers, hooks, suites, tables and loops.
import { describe, expect, it } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { runOperation } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { removeTestsOfDeleted } from '../../codemods/remove-tests-of-deleted.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

const runner = `declare const describe: ((title: string, body: () => void) => void) & { each(rows: readonly unknown[]): (title: string, body: (row: unknown) => void) => void };
declare const it: ((title: string, body: () => void) => void) & { each(rows: readonly unknown[]): (title: string, body: (row: unknown) => void) => void };
declare function beforeEach(body: () => void): void;
`;
const production = `export class Gone { go(): number { return 1; } }
export interface GoneShape { readonly a: number }
export const goneLimit = (): number => 1;
export class Live { go(): number { return 1; } }
export interface LiveShape { readonly a: number }
export const LIMIT = 10;
export const live = (): number => 2;
`;
const deleted = ['Gone', 'GoneShape', 'goneLimit'];

function run(test: string, more: Readonly<Record<string, string>> = {}): Workspace {
  const workspace = borrowedWorkspace({
    'code.ts': production,
    'runner.d.ts': runner,
    'code.test.ts': `import { Gone, goneLimit, Live, live, LIMIT, type GoneShape, type LiveShape } from './code.ts';\n\n${test}`,
    ...more,
  });
  runOperation(workspace, use(removeTestsOfDeleted, { symbols: deleted }));
  return workspace;
}

function left(test: string): string | undefined {
  return run(test).textOf('code.test.ts')?.split("from './code.ts';\n\n").at(-1);
}

function refusal(test: string): Refusal {
  try {
    run(test);
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
  throw new Error('it was not refused');
}

const keeping = "it('stays', () => void live());\n";

describe('a test goes', () => {
  it.each([
    ['that uses deleted code itself', "it('a', () => void new Gone().go());\n"],
    ['that uses it through a helper', "const make = (): Gone => new Gone();\nit('a', () => void make().go());\n"],
    [
      'that uses it through a helper of a helper',
      "const make = (): Gone => new Gone();\nfunction twice(): Gone[] { return [make(), make()]; }\nit('a', () => void twice());\n",
    ],
    ['that only builds values of deleted types', "it('a', () => { const shape: GoneShape = { a: 1 }; void shape; });\n"],
    [
      'that takes live types and constants as fixture data',
      "it('a', () => { const shape: LiveShape = { a: LIMIT }; void [shape, goneLimit()]; });\n",
    ],
    ['that is a table', "it.each([1, 2])('%s', (row) => void [row, new Gone()]);\n"],
    ['that is made in a loop', 'for (const row of [1, 2]) {\n  it(String(row), () => void [row, new Gone()]);\n}\n'],
    [
      'whose suite then is empty',
      "describe('gone', () => {\n  const gone = (): Gone => new Gone();\n  it('a', () => void gone());\n  it('b', () => void gone());\n});\n",
    ],
    [
      'whose hook uses deleted code alone',
      "describe('gone', () => {\n  beforeEach(() => void goneLimit());\n  it('a', () => void new Gone());\n});\n",
    ],
  ])('%s', (_which, test) => {
    expect(left(`${test}${keeping}`)).toBe(keeping);
  });

  it('and its file, when no test is left', () => {
    expect(run("it('a', () => void new Gone());\n").textOf('code.test.ts')).toBeUndefined();
  });

  it('and leaves a suite with other tests, and the helpers they share', () => {
    const test =
      "describe('both', () => {\n  const n = (): number => 1;\n\n  it('a', () => void [n(), new Gone()]);\n\n  it('b', () => void [n(), live()]);\n});\n";
    expect(left(test)).toBe(
      "describe('both', () => {\n  const n = (): number => 1;\n\n  it('b', () => void [n(), live()]);\n});\n",
    );
  });
});

describe('the removal is refused', () => {
  it('for tests that also look at live code, all of them named', () => {
    const refused = refusal("it('one', () => void [new Gone(), live()]);\nit('two', () => void [new Gone(), new Live()]);\n");
    expect(refused.code).toBe('REFIT_TESTS_MIXED');
    expect(refused.message).toMatch(/"one" also uses live/);
    expect(refused.message).toMatch(/"two" also uses Live/);
  });

  it('for a live method that is reached through an answer', () => {
    const refused = refusal(
      "function make(): { gone: Gone; live: Live } { return { gone: new Gone(), live: new Live() }; }\nit('a', () => void make().live.go());\n",
    );
    expect(refused.code).toBe('REFIT_TESTS_MIXED');
  });

  it('for a hook that prepares live tests with deleted code', () => {
    expect(refusal("beforeEach(() => void new Gone());\nit('a', () => void live());\n").code).toBe('REFIT_TESTS_MIXED');
  });

  it('for a statement outside the tests that uses deleted code and stays', () => {
    expect(refusal(`const size = goneLimit() + 1;\n${keeping}it('a', () => void new Gone());\nvoid size;\n`).code).toBe(
      'REFIT_TESTS_MIXED',
    );
  });
});

it('a test that does not look at deleted code is left alone', () => {
  const workspace = run(keeping);
  expect(workspace.textOf('code.test.ts')).toContain(keeping);
  expect(runOperation(workspace, use(removeTestsOfDeleted, { symbols: deleted })).files).toEqual([]);
});
