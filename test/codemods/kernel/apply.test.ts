// The apply step: all of a proposal or nothing, texts kept outside of it, results that parse, compile and lose no comment.
import { describe, expect, it } from 'vitest';
import { DiagnosticBaseline } from '../../../codemods/kernel/diagnostics.ts';
import { Workspace } from '../../../codemods/kernel/workspace.ts';
import { apply, swap, textsOf } from './propose-and-apply.ts';

const two = { 'a.ts': 'export const a = 1;\n', 'b.ts': "import { a } from './a.ts';\nexport const b: number = a;\n" };

describe('applyOnce', () => {
  it('applies edits, new files and deletions together and answers with the texts before and after', () => {
    const workspace = Workspace.inMemory({ ...two, 'c.ts': 'export const c = 3;\n' });
    const files = apply(workspace, (out) => {
      swap(workspace, out, { path: 'a.ts', old: '1', put: '2' });
      out.createFile(workspace.absolute('d.ts'), 'export const d = 4;\n');
      out.deleteFile(workspace.absolute('c.ts'));
    });
    expect(textsOf(workspace)).toEqual({ 'a.ts': 'export const a = 2;\n', 'b.ts': two['b.ts'], 'd.ts': 'export const d = 4;\n' });
    expect(files).toEqual([
      { path: '/workspace/a.ts', before: two['a.ts'], after: 'export const a = 2;\n' },
      { path: '/workspace/d.ts', before: undefined, after: 'export const d = 4;\n' },
      { path: '/workspace/c.ts', before: 'export const c = 3;\n', after: undefined },
    ]);
  });

  it('takes paths relative to the root as well', () => {
    const workspace = Workspace.inMemory(two);
    apply(workspace, (out) => {
      out.edit('a.ts', [17, 18], '5');
      out.createFile('new/d.ts', 'export {};\n');
    });
    expect(textsOf(workspace)).toMatchObject({ 'a.ts': 'export const a = 5;\n', 'new/d.ts': 'export {};\n' });
  });

  it('answers with no file for an empty proposal and for edits that change nothing', () => {
    const workspace = Workspace.inMemory(two);
    expect(apply(workspace, () => undefined)).toEqual([]);
    expect(apply(workspace, (out) => swap(workspace, out, { path: 'a.ts', old: '1', put: '1' }))).toEqual([]);
  });

  it.each([
    [
      'CRLF, no newline at the end',
      'export const a = 1;\r\n\r\nexport const b = 2;',
      'export const a = 3;\r\nexport const c = 4;\r\n\r\nexport const b = 2;',
    ],
    ['tabs and blanks at line ends', '\texport const a = 1;  \n\n\n', '\texport const a = 3;\nexport const c = 4;  \n\n\n'],
  ])('keeps every byte outside of an edit and writes the newlines of the file: %s', (_, before, after) => {
    const workspace = Workspace.inMemory({ 'a.ts': before });
    apply(workspace, (out) => swap(workspace, out, { path: 'a.ts', old: '1;', put: '3;\nexport const c = 4;' }));
    expect(workspace.textOf('a.ts')).toBe(after);
  });

  it('gives a new file the line ends of the files of its kind that are edited, or else of the project', () => {
    const windows = {
      'a.ts': two['a.ts'],
      'b.ts': two['b.ts'].replaceAll('\n', '\r\n'),
      'c.ts': 'export const c = 1;\r\nexport {};\r\n',
    };
    const workspace = Workspace.inMemory(windows);
    const text = 'export const d = 1;\nexport const e = 2;\n';
    apply(workspace, (out) => out.createFile('d.ts', text));
    expect(workspace.textOf('d.ts')).toBe(text.replaceAll('\n', '\r\n'));
    apply(workspace, (out) => {
      out.edit('a.ts', [0, 0], 'export const first = 0;\n');
      out.createFile('e.ts', text);
      out.createFile('e.md', 'one\ntwo\n');
    });
    apply(workspace, (out) => {
      out.edit('a.ts', [0, 0], 'export const second = 0;\n');
      out.createFile('f.ts', text.replaceAll('\n', '\r\n'));
    });
    expect(workspace.textOf('e.md')).toBe('one\ntwo\n');
    expect(workspace.textOf('f.ts')).toBe(text);
  });

  it('gives a new file of a kind that the project has not one line end, the one most of its lines have', () => {
    const workspace = Workspace.inMemory(two);
    apply(workspace, (out) => out.createFile('d.md', 'one\n\r\ntwo\r\nthree\r\n'));
    expect(workspace.textOf('d.md')).toBe('one\r\n\r\ntwo\r\nthree\r\n');
  });

  it('edits files that are not TypeScript, too', () => {
    const workspace = Workspace.inMemory({ ...two, 'package.json': '{ "name": "a" }\n', 'README.md': 'one // no comment\n' });
    apply(workspace, (out) => {
      swap(workspace, out, { path: 'package.json', old: '"a"', put: '"b"' });
      swap(workspace, out, { path: 'README.md', old: 'one // no comment', put: 'two' });
    });
    expect(textsOf(workspace)).toMatchObject({ 'package.json': '{ "name": "b" }\n', 'README.md': 'two\n' });
  });
});

describe('applyOnce refuses, and leaves the workspace as it was', () => {
  it.each<[string, (workspace: Workspace, out: Parameters<Parameters<typeof apply>[1]>[0]) => void]>([
    ['REFIT_EDITS_OVERLAP', (_, out) => (out.edit('a.ts', [0, 5], ''), out.edit('a.ts', [3, 7], ''))],
    ['REFIT_EDITS_OVERLAP', (_, out) => (out.edit('a.ts', [0, 5], ''), out.deleteFile('/workspace/a.ts'))],
    ['REFIT_EDIT_RANGE', (_, out) => out.edit('a.ts', [0, 500], '')],
    ['REFIT_FILE_EXISTS', (_, out) => out.createFile('b.ts', 'export {};\n')],
    ['REFIT_FILE_EXISTS', (_, out) => (out.createFile('d.ts', 'export {};\n'), out.createFile('/workspace/d.ts', ''))],
    ['REFIT_FILE_UNKNOWN', (_, out) => out.edit('none.ts', [0, 0], 'x')],
    ['REFIT_FILE_UNKNOWN', (_, out) => out.deleteFile('none.ts')],
    ['REFIT_RESULT_SYNTAX', (workspace, out) => swap(workspace, out, { path: 'a.ts', old: '1;', put: '(;' })],
    ['REFIT_RESULT_SYNTAX', (workspace, out) => swap(workspace, out, { path: 'package.json', old: '}', put: '' })],
    ['REFIT_RESULT_TYPES', (workspace, out) => swap(workspace, out, { path: 'a.ts', old: '1', put: "'one'" })],
    ['REFIT_RESULT_TYPES', (_, out) => out.deleteFile('a.ts')],
    ['REFIT_COMMENT_LOST', (workspace, out) => swap(workspace, out, { path: 'c.ts', old: '// why\n', put: '' })],
  ])('%s', (code, fill) => {
    const before = { ...two, 'c.ts': '// why\nexport const c = 3;\n', 'package.json': '{ "name": "a" }\n' };
    const workspace = Workspace.inMemory(before);
    const baseline = new DiagnosticBaseline(workspace);
    expect(() => apply(workspace, (out) => fill(workspace, out), { baseline })).toThrow(expect.objectContaining({ code }));
    expect(textsOf(workspace)).toEqual(before);
    expect(workspace.sourceFiles().map((file) => file.getFullText())).toEqual([before['a.ts'], before['b.ts'], before['c.ts']]);
    expect(new DiagnosticBaseline(workspace).all).toEqual([]);
  });

  it('says of a file that did not parse before that it did not', () => {
    const workspace = Workspace.inMemory({ 'a.ts': 'export const a = ;\nexport const b = 1;\n' });
    const refused = { code: 'REFIT_SOURCE_SYNTAX', place: { path: 'a.ts', line: 1 } };
    expect(() => apply(workspace, (out) => out.edit('a.ts', [36, 37], '2'))).toThrow(expect.objectContaining(refused));
  });

  it('names file, line and message of what does not compile any more', () => {
    const workspace = Workspace.inMemory(two);
    const baseline = new DiagnosticBaseline(workspace);
    const work = (): unknown =>
      apply(workspace, (out) => swap(workspace, out, { path: 'a.ts', old: '1', put: "'one'" }), { baseline });
    expect(work).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/b\.ts:2 TS2322 /), place: { path: 'b.ts', line: 2 } }),
    );
  });
});

describe('comments', () => {
  const source = '// first\nexport const a = 1; // second\n/** third */\nexport const b = 2;\n';

  function replaced(old: string, put: string, comments?: 'carried' | 'deleted' | 'merged'): () => unknown {
    const workspace = Workspace.inMemory({ 'a.ts': source });
    return () =>
      apply(workspace, (out) =>
        swap(workspace, out, { path: 'a.ts', old, put, ...(comments === undefined ? {} : { comments }) }),
      );
  }
  const lost = expect.objectContaining({ code: 'REFIT_COMMENT_LOST' });

  it('may move and change their indentation', () => {
    expect(replaced('// first\nexport const a = 1; // second', 'export const a = 1;\n    // second\n  // first')).not.toThrow();
  });

  it('may not change their words', () => {
    expect(replaced('// first', '// First')).toThrow(lost);
  });

  it('may go only with code of which the proposal says that it goes', () => {
    expect(replaced(source, 'export const c = 1;\n')).toThrow(lost);
    expect(replaced(source, 'export const c = 1;\n', 'deleted')).not.toThrow();
  });

  it('must each be left once when they are merged', () => {
    expect(replaced(source, 'export const c = 1; // first\n', 'merged')).toThrow(lost);
    expect(replaced(source, '// first second\n/** third */\nexport const c = 1; // first\n// second\n', 'merged')).not.toThrow();
  });

  it('count by how often they stand: one of two equal ones is missed', () => {
    const workspace = Workspace.inMemory({ 'a.ts': '// same\nexport const a = 1;\n// same\nexport const b = 2;\n' });
    expect(() => apply(workspace, (out) => out.edit('a.ts', [0, 8], ''))).toThrow(lost);
  });

  it('are found when they move to another file, and missed when that file is not written', () => {
    const files = { 'a.ts': '// why\nexport const a = 1;\n', 'b.ts': 'export const b = 2;\n' };
    const workspace = Workspace.inMemory(files);
    expect(() => apply(workspace, (out) => out.edit('a.ts', [0, 27], 'export {};'))).toThrow(lost);
    apply(workspace, (out) => {
      out.edit('a.ts', [0, 27], 'export {};\n');
      out.insert('b.ts', 0, '// why\nexport const a = 1;\n');
    });
    expect(workspace.textOf('b.ts')).toBe('// why\nexport const a = 1;\nexport const b = 2;\n');
  });
});
