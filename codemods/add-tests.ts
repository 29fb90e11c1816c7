// Codemod: add-tests
//
// Adds test files that people wrote for what was extracted: each is taken from a folder outside of the project and must
// compile where it goes. For behaviour that no enumeration from the old code can give.
//
// Preconditions: each file is a test by its name, every test in it asserts something, and nothing of its name is there
// already, unless it is the same text (then there is nothing to do).
//
// with { "tests": { "sum.test.ts": "import { sum } from './sum.ts';\n\ndeclare function it(title: string, body: () => void): Promise<void>;\ndeclare function expect(value: number): { toBe(other: number): void };\n\nawait it('adds', () => expect(sum(1, 2)).toBe(3));\n" } }
// ```ts
// // ---- sum.ts
// export const sum = (a: number, b: number): number => a + b;
// ```
// ->
// ```ts
// // ---- sum.test.ts
// import { sum } from './sum.ts';
//
// declare function it(title: string, body: () => void): Promise<void>;
// declare function expect(value: number): { toBe(other: number): void };
//
// await it('adds', () => expect(sum(1, 2)).toBe(3));
// // ---- sum.ts
// export const sum = (a: number, b: number): number => a + b;
// ```
//
// Refused: a test that asserts nothing.
//
// with { "tests": { "sum.test.ts": "declare function it(title: string, body: () => void): void;\n\nit('does something', () => undefined);\n" } }
// ```ts
// // ---- sum.ts
// export const sum = (a: number, b: number): number => a + b;
// ```
// -> refused: REFIT_TESTS_ASSERTION
import type { Codemod } from './kernel/codemod.ts';
import { lineOf, parseSource, ts, walk } from './kernel/parse-source.ts';

export interface AddTestsOptions {
  /** Path of the test below the root → its text. */
  readonly tests: Readonly<Record<string, string>>;
}

/** Calls of `it` or `test` (also `it.each(…)(…)`) whose body calls neither `expect` nor `assert`. */
function testsWithoutAssertion(path: string, text: string): readonly number[] {
  const source = parseSource(path, text);
  const lines: number[] = [];
  walk(source, (node) => {
    if (!ts.isCallExpression(node) || !/^(?:it|test)\b/.test(node.expression.getText(source))) return;
    const body = node.arguments.find((each) => ts.isArrowFunction(each) || ts.isFunctionExpression(each));
    if (body !== undefined && !/\b(?:expect|assert)\w*(?:\.\w+)*\(/.test(body.getText(source)))
      lines.push(lineOf(source, node.getStart(source)));
  });
  return lines;
}

export const addTests: Codemod<AddTestsOptions> = {
  name: 'add-tests',
  options: { tests: { kind: 'data', required: true, help: 'path of each test below the root, and its text' } },
  propose(workspace, { tests }, out) {
    for (const [path, text] of Object.entries(tests)) {
      if (!/\.(?:test|spec)\.[cm]?tsx?$/.test(path)) {
        out.refuse('REFIT_TESTS_NAME', { path, line: 1 }, `${path} is no test by its name. Call it <module>.test.ts.`);
      }
      const [line] = testsWithoutAssertion(path, text);
      if (line !== undefined) {
        out.refuse(
          'REFIT_TESTS_ASSERTION',
          { path, line },
          `The test at line ${String(line)} of ${path} asserts nothing. Let it expect something, or leave it out.`,
        );
      }
      const present = workspace.textOf(path);
      if (present === text) continue;
      if (present !== undefined) {
        out.refuse(
          'REFIT_FILE_EXISTS',
          { path, line: 1 },
          `${path} is there already with another text. Give the test another name.`,
        );
      }
      out.createFile(workspace.absolute(path), text);
      out.holds('every test asserts something', path);
    }
    if (!out.isEmpty) out.claim({ kind: 'same-code' });
  },
};
