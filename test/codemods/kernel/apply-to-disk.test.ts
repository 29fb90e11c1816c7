// Writing a workspace's changes: all or nothing, into the tree or a copy, whatever the disk did meanwhile.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { applyToDisk } from '../../../codemods/kernel/apply-to-disk.ts';
import { Workspace } from '../../../codemods/kernel/workspace.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

type Files = Readonly<Record<string, string>>;

const tsconfig = '{ "compilerOptions": { "types": [], "noLib": true }, "include": ["**/*.ts"] }\n';
const files: Files = {
  'tsconfig.json': tsconfig,
  'a.ts': 'export const a = 1;\n',
  'src/b.ts': 'export const b = 2;\n',
  'notes.md': 'notes\n',
};

function folderOf(contents: Files): string {
  const root = mkdtempSync(join(tmpdir(), 'refit-disk-'));
  made.push(root);
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** All files under a folder, the journal's folder included. */
function contentsOf(root: string): Files {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const entries = paths.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return Object.fromEntries(entries.map((path) => [path.slice(root.length + 1), readFileSync(path, 'utf8')]));
}

function load(root: string): Workspace {
  return Workspace.load([join(root, 'tsconfig.json')]);
}

/** A loaded workspace with an edited, a deleted and a new file. */
function changedIn(root: string): Workspace {
  const workspace = load(root);
  workspace.setText('a.ts', 'export const a = 10;\n');
  workspace.setText('src/b.ts', null);
  workspace.setText('new/c.ts', 'export const c = 3;\n');
  return workspace;
}

const result: Files = {
  'tsconfig.json': tsconfig,
  'a.ts': 'export const a = 10;\n',
  'new/c.ts': 'export const c = 3;\n',
  'notes.md': 'notes\n',
};

describe('applyToDisk into the tree', () => {
  it('writes what changed, deletes what is gone, leaves nothing else behind', () => {
    const root = folderOf(files);
    expect(applyToDisk(changedIn(root))).toEqual({ written: ['a.ts', 'new/c.ts'], deleted: ['src/b.ts'] });
    expect(contentsOf(root)).toEqual(result);
  });

  it('writes nothing when nothing changed, or when a file is as it was again', () => {
    const root = folderOf(files);
    const workspace = load(root);
    workspace.setText('a.ts', 'x\n');
    workspace.setText('a.ts', 'export const a = 1;\n');
    const before = statSync(join(root, 'a.ts')).mtimeMs;
    expect(applyToDisk(workspace)).toEqual({ written: [], deleted: [] });
    expect(statSync(join(root, 'a.ts')).mtimeMs).toBe(before);
  });

  it('gives a new file the byte order mark that most files of its kind have', () => {
    const marked = { ...files, 'a.ts': '\uFEFFexport const a = 1;\n', 'src/b.ts': '\uFEFFexport const b = 2;\n' };
    const root = folderOf({ ...marked, 'c.ts': 'export const c = 3;\n' });
    const workspace = load(root);
    workspace.setText('d.ts', 'export const d = 4;\n');
    workspace.setText('d.md', 'notes\n');
    applyToDisk(workspace);
    expect(readFileSync(join(root, 'd.ts'), 'utf8')).toBe('\uFEFFexport const d = 4;\n');
    expect(readFileSync(join(root, 'd.md'), 'utf8')).toBe('notes\n');
  });

  it('keeps the byte order mark, CRLF, the mode, and the link that leads to a file', () => {
    const root = folderOf({ ...files, 'a.ts': '\uFEFFexport const a = 1;\r\n', 'elsewhere/d.txt': 'export const d = 1;\n' });
    chmodSync(join(root, 'a.ts'), 0o754);
    symlinkSync('elsewhere/d.txt', join(root, 'd.ts'));
    const workspace = load(root);
    workspace.setText('a.ts', 'export const a = 5;\r\n');
    workspace.setText('d.ts', 'export const d = 5;\n');
    applyToDisk(workspace);
    expect(readFileSync(join(root, 'a.ts'), 'utf8')).toBe('\uFEFFexport const a = 5;\r\n');
    expect(statSync(join(root, 'a.ts')).mode & 0o777).toBe(0o754);
    expect(readFileSync(join(root, 'elsewhere/d.txt'), 'utf8')).toBe('export const d = 5;\n');
    expect(contentsOf(root)).not.toHaveProperty('.refit');
  });

  it.each<[string, (root: string) => void, string]>([
    ['the file it writes changed', (root) => writeFileSync(join(root, 'a.ts'), 'mine\n'), 'a.ts changed on disk'],
    ['a file it only read changed', (root) => writeFileSync(join(root, 'read.ts'), 'mine\n'), 'read.ts changed on disk'],
    ['the file it deletes is gone', (root) => rmSync(join(root, 'src/b.ts')), 'src/b.ts was deleted on disk'],
    [
      'the file it creates is there',
      (root) => {
        mkdirSync(join(root, 'new'));
        writeFileSync(join(root, 'new/c.ts'), 'mine\n');
      },
      'new/c.ts was created on disk',
    ],
  ])('refuses when %s since it was loaded', (_, meanwhile, message) => {
    const root = folderOf({ ...files, 'read.ts': 'export {};\n' });
    const workspace = changedIn(root);
    meanwhile(root);
    const before = contentsOf(root);
    const refused = expect.objectContaining({ code: 'REFIT_FILE_CHANGED', message: expect.stringContaining(message) });
    expect(() => applyToDisk(workspace)).toThrow(refused);
    expect(() => applyToDisk(workspace, { out: join(root, 'out') })).toThrow(refused);
    expect(contentsOf(root)).toEqual(before);
  });

  it('refuses to write a file that is not UTF-8, for it would change more than the edits', () => {
    const root = folderOf(files);
    writeFileSync(join(root, 'a.ts'), Buffer.from([0x2f, 0x2f, 0xe9, 0x0a]));
    const workspace = load(root);
    workspace.setText('a.ts', '// x\n');
    expect(() => applyToDisk(workspace)).toThrow(expect.objectContaining({ code: 'REFIT_FILE_ENCODING' }));
  });

  it('refuses a workspace that is on no disk', () => {
    expect(() => applyToDisk(Workspace.inMemory({ 'a.ts': '' }))).toThrow(expect.objectContaining({ code: 'REFIT_IN_MEMORY' }));
  });

  it.each([
    ['the file', 'src/b.ts', ['a.ts'], 0o777],
    ['the folder of the tree', '.refit', ['a.ts', 'src/b.ts'], 0o555],
  ] as const)('names what it may not write, and writes nothing: %s', (_, name, writable, mode) => {
    const root = folderOf(files);
    chmodSync(join(root, 'src/b.ts'), 0o444);
    for (const path of writable) chmodSync(join(root, path), 0o666);
    chmodSync(root, mode);
    const workspace = changedIn(root);
    const before = contentsOf(root);
    const refused = {
      code: 'REFIT_NO_WRITE_PERMISSION',
      message: expect.stringContaining(`${name} cannot be written (EACCES). Nothing was written`),
    };
    asNobody(() => expect(() => applyToDisk(workspace)).toThrow(expect.objectContaining(refused)));
    expect(contentsOf(root)).toEqual(before);
    chmodSync(root, 0o755);
  });

  it('brings the old files back when one cannot be replaced', () => {
    const root = folderOf(files);
    const before = contentsOf(root);
    const workspace = changedIn(root);
    let replaced = 0;
    const at = (moment: string): void => {
      if (moment === 'replaced one') replaced += 1;
      if (moment === 'replaced one' && replaced === 2) throw new Error('no space left');
    };
    expect(() => applyToDisk(workspace, { at })).toThrow(
      expect.objectContaining({
        code: 'REFIT_WRITE_FAILED',
        message: expect.stringContaining('no space left. All files are as they were'),
      }),
    );
    expect(replaced).toBe(2);
    expect(contentsOf(root)).toEqual(before);
  });
});

/** Runs a check without the rights of the superuser, who may write anything. */
function asNobody(check: () => void): void {
  const superuser = process.getuid?.() === 0;
  if (superuser) process.seteuid?.(65_534);
  try {
    check();
  } finally {
    if (superuser) process.seteuid?.(0);
  }
}

describe('applyToDisk into a copy', () => {
  it('writes the changed tree there and leaves the tree itself alone', () => {
    const root = folderOf({ ...files, '.dotfile': 'kept\n', 'node_modules/x/index.js': '', '.git/HEAD': '' });
    const out = join(folderOf({}), 'deep/copy');
    const before = contentsOf(root);
    expect(applyToDisk(changedIn(root), { out })).toEqual({ written: ['a.ts', 'new/c.ts'], deleted: ['src/b.ts'] });
    expect(contentsOf(out)).toEqual({ ...result, '.dotfile': 'kept\n' });
    expect(contentsOf(root)).toEqual(before);
    expect(readdirSync(dirname(out))).toEqual(['copy']);
  });

  it('may lie inside the tree, and is not copied into itself', () => {
    const root = folderOf(files);
    applyToDisk(changedIn(root), { out: join(root, 'out') });
    expect(contentsOf(join(root, 'out'))).toEqual(result);
  });

  it('is written although nothing changed', () => {
    const root = folderOf(files);
    const out = join(root, '../', `${root}-copy`);
    made.push(out);
    applyToDisk(load(root), { out });
    expect(contentsOf(out)).toEqual(files);
  });

  it('takes the place of an empty folder, and refuses one that is not empty', () => {
    const root = folderOf(files);
    const empty = folderOf({});
    const full = folderOf({ 'mine.txt': 'mine\n' });
    applyToDisk(changedIn(root), { out: empty });
    expect(contentsOf(empty)).toEqual(result);
    expect(() => applyToDisk(changedIn(root), { out: full })).toThrow(expect.objectContaining({ code: 'REFIT_OUT_EXISTS' }));
    expect(contentsOf(full)).toEqual({ 'mine.txt': 'mine\n' });
  });

  it('is refused when a changed file lies outside of what is copied', () => {
    const root = folderOf({ ...files, 'sub/tsconfig.json': '{ "extends": "../tsconfig.json", "include": ["../**/*.ts"] }' });
    const workspace = Workspace.load([join(root, 'sub/tsconfig.json')]);
    workspace.setText('../a.ts', 'export const a = 10;\n');
    const out = join(root, 'out');
    expect(() => applyToDisk(workspace, { out })).toThrow(expect.objectContaining({ code: 'REFIT_OUT_ROOT' }));
    expect(existsSync(out)).toBe(false);
  });
});
