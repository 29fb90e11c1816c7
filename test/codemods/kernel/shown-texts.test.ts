// What the project shows after a text is set: the very text, and references of that text and no earlier one.
import { describe, expect, it } from 'vitest';
import { diagnosticsOf } from '../../../codemods/kernel/diagnostics.ts';
import { Workspace } from '../../../codemods/kernel/workspace.ts';

function usesOf(workspace: Workspace, name: string): readonly number[] {
  const declaration = workspace.sourceFile('a.ts').getVariableDeclarationOrThrow(name);
  const references = declaration.findReferences().flatMap((found) => found.getReferences());
  return references.map((each) => each.getTextSpan().getStart());
}

describe('a text that is set', () => {
  it.each(['a;\r\n// b\r\n', 'a;\n\tb;\r\nc;', '`\r\n${a}\r\n`;\r\n'])('is shown byte for byte: %j', (text) => {
    const workspace = Workspace.inMemory({ 'a.ts': 'a;\n' });
    workspace.setText('a.ts', text);
    expect(workspace.sourceFile('a.ts').getFullText()).toBe(text);
    expect(workspace.textOf('a.ts')).toBe(text);
  });

  it('has references of its own, also when the file was deleted meanwhile', () => {
    const workspace = Workspace.inMemory({});
    const empty = workspace.changes();
    for (const lines of [1, 2, 3, 4]) {
      workspace.setText('a.ts', `const a = 1;${'\n'.repeat(lines)}a;\n`);
      expect(diagnosticsOf(workspace)).toEqual([]);
      expect(usesOf(workspace, 'a')).toEqual(['const '.length, 'const a = 1;'.length + lines]);
      workspace.restore(empty);
    }
  });

  it('has references of its own after another one', () => {
    const workspace = Workspace.inMemory({ 'a.ts': 'const first = 1;\nfirst;\n' });
    expect(usesOf(workspace, 'first')).toEqual([6, 17]);
    workspace.setText('a.ts', '\n\nconst first = 1;\nfirst;\n');
    expect(usesOf(workspace, 'first')).toEqual([8, 19]);
  });
});
