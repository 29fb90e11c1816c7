// The folders of a project as a tree, laid out as a treemap: each file a rectangle whose area is in proportion to its lines.
import type { FileFacts } from './facts.ts';
import type { Rectangle } from './squarify.ts';
import { squarify } from './squarify.ts';

/** One file, or several of a folder that are too small to be told apart. */
export interface Leaf {
  /** Folder the files are in; '' for the project itself. */
  readonly folder: string;
  readonly files: readonly FileFacts[];
  readonly lines: number;
}

/** A folder with more than one thing in it; a chain of folders with one folder each is one. */
interface Folder {
  readonly path: string;
  readonly lines: number;
  readonly folders: readonly Folder[];
  readonly leaves: readonly Leaf[];
}

export interface PlacedLeaf extends Leaf {
  readonly rectangle: Rectangle;
}

export interface PlacedFolder {
  readonly path: string;
  /** 0 for the outermost. */
  readonly depth: number;
  readonly rectangle: Rectangle;
}

export interface Layout {
  readonly leaves: readonly PlacedLeaf[];
  /** Outer folders before inner ones. */
  readonly folders: readonly PlacedFolder[];
}

function linesOf(files: readonly FileFacts[]): number {
  return files.reduce((sum, file) => sum + file.lines, 0);
}

function leafOf(folder: string, files: readonly FileFacts[]): Leaf {
  return { folder, files, lines: linesOf(files) };
}

/** The inner folder that a file lies in, or undefined when it lies in `path` itself. */
function innerFolderOf(path: string, file: string): string | undefined {
  const end = file.indexOf('/', path === '' ? 0 : path.length + 1);
  return end === -1 ? undefined : file.slice(0, end);
}

/** Files by the inner folder they lie in. */
function byInnerFolder(path: string, files: readonly FileFacts[]): ReadonlyMap<string | undefined, readonly FileFacts[]> {
  const groups = new Map<string | undefined, FileFacts[]>();
  for (const file of files) {
    const name = innerFolderOf(path, file.file);
    const group = groups.get(name) ?? [];
    group.push(file);
    groups.set(name, group);
  }
  return groups;
}

/** Files that are not kept, and folders that hold none that is, come together in one leaf of the folder. */
function folderOf(path: string, files: readonly FileFacts[], kept: ReadonlySet<FileFacts>): Folder {
  const inner = byInnerFolder(path, files);
  const own = inner.get(undefined) ?? [];
  const named = [...inner].flatMap(([name, of]) => (name === undefined ? [] : [{ name, of }]));
  const [only] = named;
  if (own.length === 0 && named.length === 1 && only !== undefined) return folderOf(only.name, only.of, kept);
  const shown = named.filter(({ of }) => of.some((file) => kept.has(file)));
  const unshown = named.filter((each) => !shown.includes(each)).flatMap(({ of }) => of);
  const folded = [...own.filter((file) => !kept.has(file)), ...unshown];
  return {
    path,
    lines: linesOf(files),
    folders: shown.map(({ name, of }) => folderOf(name, of, kept)),
    leaves: [
      ...own.filter((file) => kept.has(file)).map((file) => leafOf(path, [file])),
      ...(folded.length === 0 ? [] : [leafOf(path, folded)]),
    ],
  };
}

function place(folder: Folder, bounds: Rectangle, depth: number): Layout {
  const parts = squarify(
    [...folder.folders, ...folder.leaves].map(({ lines }) => lines),
    bounds,
  );
  const partAt = (at: number): Rectangle => parts[at] ?? bounds;
  const inner = folder.folders.map((each, at) => place(each, partAt(at), depth + 1));
  const leaves = folder.leaves.map((leaf, at) => ({ ...leaf, rectangle: partAt(folder.folders.length + at) }));
  return {
    leaves: [...leaves.filter(({ lines }) => lines > 0), ...inner.flatMap((each) => each.leaves)],
    folders: [{ path: folder.path, depth, rectangle: bounds }, ...inner.flatMap((each) => each.folders)],
  };
}

export interface LayoutLimits {
  /** The most files that get a rectangle of their own: the largest ones do. */
  readonly mostFiles: number;
  /** The smallest area that a file gets as a rectangle of its own, in the unit of the bounds. */
  readonly leastArea: number;
}

/** Where each file goes; depends on paths and lines alone, not on the order of the files. Files without lines get no place. */
export function layOutTree(files: readonly FileFacts[], bounds: Rectangle, limits: LayoutLimits): Layout {
  const byPath = files.toSorted((left, right) => (left.file < right.file ? -1 : 1));
  const leastLines = (linesOf(files) * limits.leastArea) / (bounds.width * bounds.height);
  const kept = byPath
    .toSorted((left, right) => right.lines - left.lines)
    .slice(0, limits.mostFiles)
    .filter(({ lines }) => lines > 0 && lines >= leastLines);
  return place(folderOf('', byPath, new Set(kept)), bounds, 0);
}
