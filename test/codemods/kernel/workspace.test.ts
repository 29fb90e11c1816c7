// The workspace: what it reads, that it cannot write, and that it goes back to what it was.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { DiagnosticBaseline, diagnosticsOf } from '../../../codemods/kernel/diagnostics.ts';
import { Workspace } from '../../../codemods/kernel/workspace.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const compilerOptions = {
  target: 'es2023',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  types: [],
  noEmit: true,
};

/** A folder with the files and a tsconfig.json over all of them. */
function projectOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'refit-workspace-'));
  folders.push(root);
  const all = { 'tsconfig.json': JSON.stringify({ compilerOptions }), ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function load(root: string): Workspace {
  return Workspace.load([join(root, 'tsconfig.json')]);
}

describe('a loaded workspace', () => {
  it('holds the files of its projects and of those they reference, once each', () => {
    const root = projectOf({
      'tsconfig.json': '{ "files": [], "references": [{ "path": "a" }, { "path": "b" }] }',
      'a/tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts'] }),
      'b/tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts', '../a/*.ts'], references: [{ path: '../a' }] }),
      'a/x.ts': 'export const x = 1;\n',
      'b/y.ts': "import { x } from '../a/x.js';\nexport const y: number = x;\n",
    });
    const workspace = load(root);
    expect(workspace.sourceFiles().map((file) => workspace.relative(file.getFilePath()))).toEqual(['a/x.ts', 'b/y.ts']);
    expect(diagnosticsOf(workspace)).toEqual([]);
  });

  it('takes a file for an ES module when its package.json says so', () => {
    const files = {
      'a.ts': 'export const here = import.meta.url;\n',
      'node_modules/@types/x/index.d.ts': 'interface ImportMeta { url: string }',
    };
    const options = JSON.stringify({ compilerOptions: { ...compilerOptions, types: ['x'] } });
    const codes = (root: string): readonly number[] => diagnosticsOf(load(root)).map(({ code }) => code);
    expect(codes(projectOf({ ...files, 'tsconfig.json': options, 'package.json': '{ "type": "module" }' }))).toEqual([]);
    expect(codes(projectOf({ ...files, 'tsconfig.json': options, 'package.json': '{}' }))).toEqual([1470]);
  });

  it('prints every file as it stands on disk, without its byte order mark', () => {
    const texts = {
      'a.ts': '\uFEFFexport const a = 1;\r\n\r\n',
      'b.ts': 'export const b = `\n  x`;\n\t// end, no newline',
      'c.ts': '',
    };
    const workspace = load(projectOf(texts));
    expect(workspace.sourceFiles().map((file) => file.getFullText())).toEqual([
      texts['a.ts'].slice(1),
      texts['b.ts'],
      texts['c.ts'],
    ]);
    expect(workspace.loaded.get(workspace.absolute('a.ts'))).toMatchObject({ byteOrderMark: true, isUtf8: true });
    expect(workspace.loaded.get(workspace.absolute('b.ts'))).toMatchObject({ byteOrderMark: false, isUtf8: true });
  });

  it('finds files that are no source by glob, changes included', () => {
    const workspace = load(projectOf({ 'a.ts': '', 'config/x.json': '{}', 'config/y.json': '{}' }));
    workspace.setText('config/x.json', null);
    workspace.setText('config/z.json', '{}');
    const paths = workspace.files(['config/*.json']).map((path) => workspace.relative(path));
    expect(paths).toEqual(['config/y.json', 'config/z.json']);
    expect(workspace.textOf('config/x.json')).toBeUndefined();
    expect(workspace.textOf('config/none.json')).toBeUndefined();
  });

  it('names the nearest file when one is not there', () => {
    const workspace = load(projectOf({ 'src/router.ts': '', 'src/main.ts': '' }));
    const refused = { code: 'REFIT_FILE_UNKNOWN', message: expect.stringContaining('Did you mean src/router.ts?') };
    expect(() => workspace.sourceFile('src/routr.ts')).toThrow(expect.objectContaining(refused));
  });

  it.each([
    ['is not there', undefined],
    ['is no JSON', '{ "compilerOptions": '],
    ['has options that do not exist', '{ "compilerOptions": { "target": "es1" } }'],
  ])('is refused with the path when its tsconfig %s', (_, text) => {
    const root = projectOf({ 'a.ts': '', 'tsconfig.json': text ?? '{}' });
    if (text === undefined) rmSync(join(root, 'tsconfig.json'));
    const refused = { code: 'REFIT_TSCONFIG', message: expect.stringContaining(join(root, 'tsconfig.json')) };
    expect(() => load(root)).toThrow(expect.objectContaining(refused));
  });
});

describe('changes', () => {
  it('are seen by the syntax tree, the checker and the texts, and never by the disk', () => {
    const root = projectOf({
      'a.ts': 'export const a = 1;\n',
      'b.ts': "import { a } from './a.js';\nexport const b: number = a;\n",
      'c.ts': 'export {};\n',
    });
    const workspace = load(root);
    workspace.setText('a.ts', "export const a = 'one';\n");
    workspace.setText('c.ts', null);
    workspace.setText('d.ts', "export { b } from './b.js';\n");
    expect(workspace.sourceFile('a.ts').getVariableDeclarationOrThrow('a').getType().getText()).toBe('"one"');
    expect(diagnosticsOf(workspace).map(({ code, path }) => [code, workspace.relative(path)])).toEqual([[2322, 'b.ts']]);
    expect(workspace.sourceFiles().map((file) => file.getBaseName())).toEqual(['a.ts', 'b.ts', 'd.ts']);
    expect(readFileSync(join(root, 'a.ts'), 'utf8')).toBe('export const a = 1;\n');
    expect(readdirSync(root).toSorted()).toEqual(['a.ts', 'b.ts', 'c.ts', 'tsconfig.json']);
  });

  it('cannot reach the disk through the project either', async () => {
    const root = projectOf({ 'a.ts': 'export const a = 1;\n' });
    const { project } = load(root);
    const files = project.getFileSystem();
    const path = join(root, 'a.ts');
    const tries: readonly (() => unknown)[] = [
      () => files.writeFileSync(path, ''),
      () => files.deleteSync(path),
      () => files.mkdirSync(join(root, 'new')),
      () => files.moveSync(path, `${path}x`),
      () => files.copySync(path, `${path}x`),
    ];
    for (const attempt of tries) expect(attempt).toThrow(expect.objectContaining({ code: 'REFIT_DRY_FILE_SYSTEM' }));
    for (const attempt of [
      files.writeFile(path, ''),
      files.delete(path),
      files.mkdir(path),
      files.move(path, 'x'),
      files.copy(path, 'x'),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'REFIT_DRY_FILE_SYSTEM' });
    }
    expect(readFileSync(path, 'utf8')).toBe('export const a = 1;\n');
  });
});

describe('restore', () => {
  const files = {
    'a.ts': 'export const a = 1;\n',
    'b.ts': "import { a } from './a.js';\nexport const b: number = a;\n",
    'c.json': '{}\n',
  };
  type Step = readonly [path: string, text: string | null];
  const steps = fc.array(
    fc.tuple(
      fc.constantFrom('a.ts', 'b.ts', 'c.json', 'd.ts'),
      fc.constantFrom<(string | null)[]>(null, 'export const a = 2;\n', 'export {};\n'),
    ),
    { maxLength: 6 },
  );

  function stateOf(workspace: Workspace): unknown {
    return {
      trees: workspace.sourceFiles().map((file) => [file.getBaseName(), file.getFullText()]),
      texts: ['a.ts', 'b.ts', 'c.json', 'd.ts'].map((path) => workspace.textOf(path)),
      changes: [...workspace.changes()].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    };
  }

  function changed(workspace: Workspace, list: readonly Step[]): void {
    for (const [path, text] of list) workspace.setText(path, text);
  }

  it.each(['on disk', 'in memory'])(
    'brings the state of the snapshot back, whatever changed before and after it: %s',
    (where) => {
      const workspace = where === 'on disk' ? load(projectOf(files)) : Workspace.inMemory(files);
      const untouched = workspace.changes();
      const first = stateOf(workspace);
      fc.assert(
        fc.property(steps, steps, (earlier, later) => {
          changed(workspace, earlier);
          const snapshot = workspace.changes();
          const then = stateOf(workspace);
          changed(workspace, later);
          workspace.restore(snapshot);
          expect(stateOf(workspace)).toEqual(then);
          workspace.restore(untouched);
          expect(stateOf(workspace)).toEqual(first);
        }),
        { numRuns: 50 },
      );
      expect(diagnosticsOf(workspace)).toEqual([]);
    },
  );
});

describe('the baseline of diagnostics', () => {
  const files = { 'a.ts': 'export const a: string = 1;\n', 'b.ts': 'export const b = 1;\n' };

  it('tolerates messages the project had, wherever they move', () => {
    const workspace = Workspace.inMemory(files);
    const baseline = new DiagnosticBaseline(workspace);
    workspace.setText('a.ts', 'export {};\n');
    workspace.setText('c.ts', '\n\nexport const moved: string = 1;\n');
    expect(baseline.all).toHaveLength(1);
    expect(baseline.newAmong(diagnosticsOf(workspace))).toEqual([]);
  });

  it('counts: the same message a second time is new', () => {
    const workspace = Workspace.inMemory(files);
    const baseline = new DiagnosticBaseline(workspace);
    workspace.setText('b.ts', 'export const b: string = 1;\n');
    expect(baseline.newAmong(diagnosticsOf(workspace))).toHaveLength(1);
  });

  it('is not excused by the same old message of a file that was not looked at', () => {
    const workspace = Workspace.inMemory(files);
    const baseline = new DiagnosticBaseline(workspace);
    workspace.setText('b.ts', 'export const b: string = 1;\n');
    const changed = workspace.sourceFile('b.ts');
    const checked = new Set<string>([changed.getFilePath()]);
    expect(baseline.newAmong(diagnosticsOf(workspace, [changed]), checked)).toHaveLength(1);
  });
});
