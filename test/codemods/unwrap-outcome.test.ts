// Taking a captured outcome apart: every way through the function has the effects it had, and what cannot be taken apart is refused.
import { describe, expect, it } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { runOperation } from '../../codemods/kernel/run-operation.ts';
import { unwrapOutcome } from '../../codemods/unwrap-outcome.ts';
import { outDeclaration, runProgram } from './run-program.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

const head = `${outDeclaration}type Reply = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly error: Error };
function risky(n: number): number {
  out(['risky', n]);
  if (n > 2) throw new Error('too big');
  return n;
}
`;

const attempt = `  let outcome: Reply;
  try {
    outcome = { ok: true, value: risky(n) };
  } catch (error) {
    outcome = { ok: false, error: new Error(\`wrapped \${String(error)}\`) };
  }
`;

const calls = `for (const n of [1, 2, 3, 4]) {
  try {
    out(load(n));
  } catch (error) {
    out(String(error));
  }
}
`;

function program(rest: string, before = attempt): string {
  return `${head}export function load(n: number): number {\n${before}${rest}}\n${calls}`;
}

function unwrapped(code: string): string {
  const workspace = borrowedWorkspace({ 'a.ts': code });
  const operation = use(unwrapOutcome, { file: 'a.ts', in: 'load', outcome: 'outcome', value: 'loaded', error: 'failure' });
  const baseline = new DiagnosticBaseline(workspace);
  runOperation(workspace, operation, { baseline });
  expect(runOperation(workspace, operation, { baseline }).edits).toBe(0);
  return workspace.textOf('a.ts') ?? '';
}

function refusalCode(code: string): string {
  try {
    unwrapped(code);
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.code;
    throw thrown;
  }
  return 'nothing was refused';
}

describe('unwrap-outcome', () => {
  it.each([
    [
      'questions in a row',
      "  if (!outcome.ok) out('bad');\n  out('after');\n  if (!outcome.ok) throw outcome.error;\n  return outcome.value;\n",
    ],
    [
      'an else',
      '  if (outcome.ok) {\n    out(outcome.value);\n    return outcome.value;\n  } else {\n    out(outcome.error.message);\n    throw outcome.error;\n  }\n',
    ],
    [
      'a question in a branch of another',
      "  if (!outcome.ok) {\n    out('one');\n    if (!outcome.ok) throw outcome.error;\n  }\n  return outcome.value;\n",
    ],
    [
      'an else if',
      "  let text: string;\n  if (!outcome.ok) text = outcome.error.message;\n  else if (outcome.value > 1) text = 'many';\n  else text = 'one';\n  out(text);\n  if (!outcome.ok) throw outcome.error;\n  return outcome.value;\n",
    ],
    [
      'a finally around it',
      "  try {\n    if (!outcome.ok) throw outcome.error;\n    return outcome.value;\n  } finally {\n    out('last');\n  }\n",
    ],
  ])('has the same effects: %s', async (name, rest) => {
    const code = program(rest);
    if (name === 'a finally around it') {
      expect(refusalCode(code)).toBe('REFIT_UNWRAP_USE');
      return;
    }
    const text = unwrapped(code);
    expect(text).not.toMatch(/\boutcome\b/);
    expect(await runProgram({ 'a.ts': text }, 'a.ts')).toEqual(await runProgram({ 'a.ts': code }, 'a.ts'));
  });

  it('keeps the names of a branch apart from those behind it', async () => {
    const code = program(
      '  if (outcome.ok) {\n    const n = 7;\n    out(n);\n  }\n  out(n);\n  if (!outcome.ok) throw outcome.error;\n  return outcome.value;\n',
    );
    expect(await runProgram({ 'a.ts': unwrapped(code) }, 'a.ts')).toEqual(await runProgram({ 'a.ts': code }, 'a.ts'));
  });

  it('keeps the comments of both sides', () => {
    const text = unwrapped(
      program(
        '  // what now?\n  if (!outcome.ok) {\n    // gone\n    throw outcome.error;\n  }\n  // here\n  return outcome.value;\n',
      ),
    );
    for (const comment of ['// what now?', '// gone', '// here']) expect(text).toContain(comment);
  });

  it.each([
    [
      'the outcome goes elsewhere',
      '  out(outcome);\n  if (!outcome.ok) throw outcome.error;\n  return outcome.value;\n',
      'REFIT_UNWRAP_USE',
    ],
    [
      'the tag is a value',
      '  out(outcome.ok);\n  if (!outcome.ok) throw outcome.error;\n  return outcome.value;\n',
      'REFIT_UNWRAP_USE',
    ],
    [
      'a name is taken',
      '  const loaded = 1;\n  if (!outcome.ok) throw outcome.error;\n  return outcome.value + loaded;\n',
      'REFIT_UNWRAP_NAME',
    ],
  ])('refuses when %s', (_, rest, code) => {
    expect(refusalCode(program(rest))).toBe(code);
  });

  it('refuses a try that does more than to fill the variable', () => {
    const busy = attempt.replace('  try {\n', "  try {\n    out('first');\n");
    expect(refusalCode(program('  if (!outcome.ok) throw outcome.error;\n  return outcome.value;\n', busy))).toBe(
      'REFIT_UNWRAP_SHAPE',
    );
  });

  it('refuses code that uses the name of the caught error for something else', () => {
    const code = program('  out(error);\n  if (!outcome.ok) throw outcome.error;\n  return outcome.value;\n').replace(
      'load(n: number)',
      "load(n: number, error = 'mine')",
    );
    expect(refusalCode(code)).toBe('REFIT_UNWRAP_NAME');
  });
});
