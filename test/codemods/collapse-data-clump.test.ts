// collapse-data-clump beyond its manual: calls in other files, methods, long lists, and what it must refuse.
import { describe, expect, it } from 'vitest';
import { collapseDataClump, type CollapseDataClumpOptions } from '../../codemods/collapse-data-clump.ts';
import { use } from '../../codemods/kernel/codemod.ts';
import { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { proposalOf, runOperation } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { outDeclaration, runProgram } from './run-program.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

const files = {
  'label.ts': `export function labelOf(step: string, space: string, task: string, version: number): string {
  const short = \`\${space}/\${task}\`;
  return step === '' ? short : \`\${step} of \${space}/\${task} \${version}\`;
}
`,
  'main.ts': `import { labelOf } from './label.ts';
${outDeclaration}
const task = 'ship';
out(labelOf('a', 'shop', task, 1));
out(labelOf('', 'shop' + 2, task, 2));
`,
};

const options: CollapseDataClumpOptions = { file: 'label.ts', function: 'labelOf', parameters: ['space', 'task'], as: 'path' };

function textsOf(workspace: Workspace): Record<string, string> {
  return Object.fromEntries([...workspace.changes()].map(([path, text]) => [workspace.relative(path), text ?? '']));
}

describe('the callers', () => {
  it.each([{}, { type: 'TaskPath' }])('in other files give the one value %j, and the program prints the same', async (more) => {
    const workspace = borrowedWorkspace(files);
    const operation = use(collapseDataClump, { ...options, ...more });
    runOperation(workspace, operation, { baseline: new DiagnosticBaseline(workspace) });
    expect(await runProgram(textsOf(workspace), 'main.ts')).toEqual(await runProgram(files, 'main.ts'));
    expect(textsOf(workspace)).not.toEqual(files);
    expect(proposalOf(workspace, operation).isEmpty).toBe(true);
  });

  it('keep evaluating their arguments in order', async () => {
    const code = `${outDeclaration}
function t(text: string): string {
  out(text);
  return text;
}
function f(a: string, b: string, c: string, d: string): string {
  return a + \`\${b}-\${c}\` + d;
}
out(f(t('1'), t('2'), t('3'), t('4')));
`;
    const workspace = borrowedWorkspace({ 'example.ts': code });
    runOperation(workspace, use(collapseDataClump, { file: 'example.ts', function: 'f', parameters: ['b', 'c'], as: 'both' }));
    expect(workspace.textOf('example.ts')).toContain("f(t('1'), `${t('2')}-${t('3')}`, t('4'))");
    expect(await runProgram(textsOf(workspace), 'example.ts')).toEqual(await runProgram({ 'example.ts': code }, 'example.ts'));
  });

  it('and the list of parameters are broken into lines when they get too long, and joined when they fit', () => {
    const long = 'aVeryLongNameOfAnArgumentThatGoes';
    const code = `function f(
  space: string,
  task: string,
): string {
  return \`\${space}/\${task}\`;
}
const ${long}OfTheSpace = 'a';
const ${long}OfTheTask = 'b';
console(f(${long}OfTheSpace, ${long}OfTheTask), 'something else');
function console(..._: string[]): void {}
`;
    const workspace = borrowedWorkspace({ 'example.ts': code });
    runOperation(
      workspace,
      use(collapseDataClump, { file: 'example.ts', function: 'f', parameters: ['space', 'task'], as: 'path' }),
    );
    const after = workspace.textOf('example.ts') ?? '';
    expect(after).toContain('function f(path: string): string {\n  return path;\n}');
    expect(after).toContain(`f(\n  \`\${${long}OfTheSpace}/\${${long}OfTheTask}\`,\n)`);
  });
});

describe('it refuses', () => {
  const refusals: readonly (readonly [string, string, Partial<CollapseDataClumpOptions>, string])[] = [
    [
      'a parameter that is also used alone',
      'function f(a: string, b: string) {\n  return `${a}/${b}` + a;\n}\nf("x", "y");\n',
      {},
      'REFIT_CLUMP_USE',
    ],
    [
      'two different texts in between',
      'function f(a: string, b: string) {\n  return `${a}/${b}` + `${a}-${b}`;\n}\nf("x", "y");\n',
      {},
      'REFIT_CLUMP_USE',
    ],
    [
      'a tagged template',
      'declare function tag(...all: unknown[]): string;\nfunction f(a: string, b: string) {\n  return tag`${a}/${b}`;\n}\nf("x", "y");\n',
      {},
      'REFIT_CLUMP_USE',
    ],
    [
      'an object that is turned into a text',
      'function f(a: object, b: string) {\n  return `${a}/${b}`;\n}\nf({}, "y");\n',
      {},
      'REFIT_CLUMP_TYPE',
    ],
    [
      'a function that is handed on',
      'function f(a: string, b: string) {\n  return `${a}/${b}`;\n}\nexport const g = [f];\n',
      {},
      'REFIT_CLUMP_VALUE_USE',
    ],
    [
      'spread arguments',
      'function f(a: string, b: string) {\n  return `${a}/${b}`;\n}\nconst both = ["x", "y"] as const;\nf(...both);\n',
      {},
      'REFIT_CLUMP_ARGUMENT',
    ],
    [
      'a parameter that is assigned',
      'function f(a: string, b: string) {\n  a = a + b;\n  return a;\n}\nf("x", "y");\n',
      { type: 'Both' },
      'REFIT_CLUMP_ASSIGNED',
    ],
    [
      'an optional parameter',
      'function f(a: string, b?: string) {\n  return `${a}/${b}`;\n}\nf("x");\n',
      {},
      'REFIT_CLUMP_PARAMETERS',
    ],
    [
      'parameters that are no neighbours',
      'function f(a: string, c: string, b: string) {\n  return `${a}/${b}${c}`;\n}\nf("x", "y", "z");\n',
      {},
      'REFIT_CLUMP_PARAMETERS',
    ],
    [
      'a name that is taken',
      'const ab = 1;\nfunction f(a: string, b: string) {\n  return `${a}/${b}` + ab;\n}\nf("x", "y");\n',
      {},
      'REFIT_CLUMP_NAME',
    ],
    [
      'a function that calls itself',
      'function f(a: string, b: string): string {\n  return a === "" ? b : f(b, a);\n}\nf("x", "y");\n',
      { type: 'Both' },
      'REFIT_CLUMP_USE',
    ],
    [
      'a method that an interface fixes',
      'interface I {\n  f(a: string, b: string): string;\n}\nclass C implements I {\n  f(a: string, b: string) {\n    return `${a}/${b}`;\n  }\n}\nnew C().f("x", "y");\n',
      { function: 'C.f' },
      'REFIT_CLUMP_SIGNATURE',
    ],
  ];

  it.each(refusals)('%s', (_what, code, more, refused) => {
    const workspace = borrowedWorkspace({ 'example.ts': code });
    const before = workspace.changes();
    const operation = use(collapseDataClump, { file: 'example.ts', function: 'f', parameters: ['a', 'b'], as: 'ab', ...more });
    expect(() => runOperation(workspace, operation)).toThrow(expect.objectContaining({ code: refused }));
    expect(workspace.changes()).toEqual(before);
  });
});
