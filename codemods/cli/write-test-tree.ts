// A copy of the project in a temporary folder, brought to the state of any step, where its own tests run.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import process from 'node:process';
import type { Snapshot } from '../kernel/workspace.ts';

const PREFIX = 'refit-tests-';

/** Brought or written by tools; a copy has its own. */
const notCopied: ReadonlySet<string> = new Set(['node_modules', '.git', '.refit']);

/** A report stands at the root or beside a package.json; a folder of that name further down is source. */
function isReport(path: string, root: string): boolean {
  const isAbove = dirname(path) === root || existsSync(join(dirname(path), 'package.json'));
  return basename(path) === 'coverage' && isAbove;
}

function isInside(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below !== '' && !below.startsWith('..');
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Removes what runs that were killed left behind. */
function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.startsWith(PREFIX))) {
    const pid = Number(/^(\d+)-/.exec(name.slice(PREFIX.length))?.[1]);
    if (Number.isInteger(pid) && !runs(pid)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** The copy, until it is removed. */
export class TestTree {
  /** The copy of `root`. */
  readonly folder: string;
  readonly #home: string;
  readonly #root: string;
  /** Real path of the project: links of a package manager lead there. */
  readonly #real: string;
  #shown: Snapshot = new Map();

  constructor(root: string) {
    const temporary = realpathSync(tmpdir());
    removeAbandoned(temporary);
    this.#root = root;
    this.#real = realpathSync(root);
    this.#home = mkdtempSync(join(temporary, `${PREFIX}${String(process.pid)}-`));
    this.folder = join(this.#home, 'tree');
    cpSync(root, this.folder, { recursive: true, verbatimSymlinks: true, filter: (path) => this.#copies(path) });
    this.#linkAbove();
  }

  /** Where a file of the project is in the copy. */
  inTree(path: string): string {
    return join(this.folder, relative(this.#root, path));
  }

  /** The file of the project that a file of the copy stands for. */
  inProject(path: string): string {
    return join(this.#root, relative(this.folder, path));
  }

  /** Writes what differs from the disk, and puts back what differed before and no longer does. */
  show(changes: Snapshot): void {
    for (const path of this.#shown.keys())
      if (!changes.has(path)) this.#write(path, existsSync(path) ? readFileSync(path) : null);
    for (const [path, text] of changes) if (this.#shown.get(path) !== text) this.#write(path, text);
    this.#shown = new Map(changes);
  }

  /** Deletes files below a folder of the copy. */
  clear(folder: string, files: readonly string[]): void {
    for (const file of files) rmSync(join(folder, file), { force: true });
  }

  discard(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }

  #write(path: string, content: string | Uint8Array | null): void {
    if (!isInside(this.#root, path)) return;
    const target = this.inTree(path);
    if (content === null) {
      rmSync(target, { force: true });
      return;
    }
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  #copies(path: string): boolean {
    const name = basename(path);
    if (name === 'node_modules') this.#linkPackages(path, this.inTree(path));
    return path === this.#root || !(notCopied.has(name) || isReport(path, this.#root));
  }

  /** Packages that the project finds above its root. */
  #linkAbove(): void {
    for (let folder = dirname(this.#root); dirname(folder) !== folder; folder = dirname(folder)) {
      const found = join(folder, 'node_modules');
      if (!existsSync(found)) continue;
      this.#linkPackages(found, join(this.#home, 'node_modules'));
      return;
    }
  }

  /** One link a package; a package that is a folder of the project is linked to its copy. */
  #linkPackages(from: string, to: string): void {
    mkdirSync(to, { recursive: true });
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      const path = join(from, entry.name);
      if (entry.isDirectory() && entry.name.startsWith('@')) {
        this.#linkPackages(path, join(to, entry.name));
        continue;
      }
      const real = existsSync(path) ? realpathSync(path) : path;
      const own = isInside(this.#real, real) && !real.includes('/node_modules/');
      symlinkSync(own ? join(this.folder, relative(this.#real, real)) : real, join(to, entry.name));
    }
  }
}
