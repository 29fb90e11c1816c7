// Moving a case behind its switch: the same effects for every kind, and a refusal where control would go another way.
import { describe, expect, it } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { runOperation } from '../../codemods/kernel/run-operation.ts';
import { moveCaseLast } from '../../codemods/move-case-last.ts';
import { outDeclaration, runProgram } from './run-program.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

const head = `${outDeclaration}type Kind = 'a' | 'b' | 'c';\n`;
const calls = "for (const kind of ['a', 'b', 'c'] as const) out(load({ kind }));\n";

function program(body: string): string {
  return `${head}export function load(result: { readonly kind: Kind }): string {\n${body}}\n${calls}`;
}

function moved(code: string, label = "'b'"): string {
  const workspace = borrowedWorkspace({ 'a.ts': code });
  const operation = use(moveCaseLast, { file: 'a.ts', in: 'load', case: label });
  const baseline = new DiagnosticBaseline(workspace);
  runOperation(workspace, operation, { baseline });
  expect(runOperation(workspace, operation, { baseline }).edits).toBe(0);
  return workspace.textOf('a.ts') ?? '';
}

function refusalCode(body: string): string {
  try {
    moved(program(body));
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.code;
    throw thrown;
  }
  return 'nothing was refused';
}

const end = "  out('behind');\n  return 'end';\n";

describe('move-case-last', () => {
  it.each([
    [
      'the first case',
      "  switch (result.kind) {\n    case 'b':\n      out('b');\n      return 'b';\n    case 'a':\n      out('a');\n      break;\n    case 'c':\n      break;\n  }\n",
    ],
    [
      'a case in the middle, in braces',
      "  switch (result.kind) {\n    case 'a':\n      out('a');\n      break;\n    case 'b': {\n      const text = 'b';\n      out(text);\n      return text;\n    }\n    default:\n      out('other');\n  }\n",
    ],
    [
      'the last case',
      "  switch (result.kind) {\n    case 'a':\n    case 'c':\n      out('a or c');\n      break;\n    case 'b':\n      return 'b';\n  }\n",
    ],
  ])('has the same effects: %s', async (_, body) => {
    const code = program(body + end);
    const text = moved(code);
    expect(text).toContain("if (result.kind !== 'b') {");
    expect(await runProgram({ 'a.ts': text }, 'a.ts')).toEqual(await runProgram({ 'a.ts': code }, 'a.ts'));
  });

  it.each([
    [
      'a case that another falls into',
      `  switch (result.kind) {\n    case 'a':\n    case 'b':\n      return 'b';\n    case 'c':\n      break;\n  }\n${end}`,
      'REFIT_CASE_ENDS',
    ],
    [
      'a case that goes on',
      `  switch (result.kind) {\n    case 'a':\n      break;\n    case 'b':\n      out('b');\n      break;\n  }\n${end}`,
      'REFIT_CASE_ENDS',
    ],
    [
      'a switch over something computed',
      `  switch (String(result.kind)) {\n    case 'b':\n      return 'b';\n    case 'a':\n      break;\n  }\n${end}`,
      'REFIT_CASE_SUBJECT',
    ],
    [
      'a name of the case that is used outside',
      `  switch (result.kind) {\n    case 'b':\n      const text = 'b';\n      return text;\n    case 'a':\n      break;\n  }\n  const text = 'x';\n  out(text);\n  return text;\n`,
      'REFIT_CASE_NAME',
    ],
    [
      'a name of the braces of the case that is used outside',
      `  switch (result.kind) {\n    case 'b': {\n      const calls = 'b';\n      return calls;\n    }\n    case 'a':\n      break;\n  }\n  return calls;\n`,
      'REFIT_CASE_NAME',
    ],
    [
      'a switch in another statement',
      `  for (;;) {\n    switch (result.kind) {\n      case 'b':\n        return 'b';\n      default:\n        return 'x';\n    }\n  }\n`,
      'REFIT_CASE_ENDS',
    ],
  ])('refuses %s', (_, body, code) => {
    expect(refusalCode(body)).toBe(code);
  });
});
