// The text of a `.d.ts`, written from a program that emits nothing.
import { expect, it } from 'vitest';
import { declarationText } from '../../../codemods/kernel/declaration-text.ts';
import { Workspace } from '../../../codemods/kernel/workspace.ts';

const workspace = Workspace.inMemory({
  'a.ts': 'export function twice(n: number) {\n  return n * 2;\n}\nconst hidden = 1;\nexport const shown = hidden;\n',
  'b.d.ts': 'export declare const given: number;\n',
});
const program = workspace.project.getProgram().compilerObject;

it('declares what the file exports, inferred types included, and not what it keeps', () => {
  const text = declarationText(program, workspace.absolute('a.ts'));
  expect(text).toContain('export declare function twice(n: number): number;');
  expect(text).toContain('export declare const shown = 1;');
  expect(text).not.toContain('n * 2');
});

it.each(['c.ts', 'b.d.ts'])('has nothing to say of %s: not in the program, or a declaration itself', (path) => {
  expect(declarationText(program, workspace.absolute(path))).toBeUndefined();
});
