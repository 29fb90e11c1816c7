// A project (or several that use each other) as codemods read it: syntax trees, types and texts through an overlay.
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type ExportDeclaration, type ImportDeclaration, Project, type SourceFile, ts } from 'ts-morph';
import { DiskTexts, type LoadedFile } from './disk-texts.ts';
import { environmentFolder, environmentName, environmentPath, environmentText } from './example-environment.ts';
import { matcherOf } from './glob.ts';
import { ImportTargets } from './import-targets.ts';
import { listFiles } from './list-files.ts';
import { nearestOf } from './nearest.ts';
import { OverlayFileSystem } from './overlay-file-system.ts';
import { Refusal } from './refusal.ts';
import { readTsconfigs, type Tsconfig } from './tsconfig.ts';

/** The state of the overlay at one moment, to go back to. */
export type Snapshot = ReadonlyMap<string, string | null>;

/** Compiler options of examples and in-memory workspaces: strict, the language's library and a few globals, no packages. */
const exampleOptions: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  lib: ['lib.es2023.d.ts'],
  typeRoots: [environmentFolder],
  types: [environmentName],
};

/** The project under refactoring. Reading is free; `setText`, `restore` are the apply step's. */
export class Workspace {
  /** Absolute folder that paths in options and reports are relative to. */
  readonly root: string;
  /** For reading only: its mutating methods are forbidden by a house check. */
  readonly project: Project;
  /** The projects it was loaded from; empty in memory. */
  readonly tsconfigs: readonly Tsconfig[];
  readonly #texts = new Map<string, string | null>();
  readonly #disk = new DiskTexts();
  readonly #targets: ImportTargets;
  /** Texts shown to the project after it was loaded. */
  #shown = 0;

  private constructor(root: string, options: ts.CompilerOptions, tsconfigs: readonly Tsconfig[]) {
    this.root = root;
    this.tsconfigs = tsconfigs;
    this.project = new Project({
      fileSystem: new OverlayFileSystem(this.#texts, this.#disk),
      compilerOptions: options,
      skipAddingFilesFromTsConfig: true,
    });
    this.#targets = new ImportTargets(this.project);
  }

  /** The root a workspace of these tsconfig files has unless one is given: the folder that holds them all. */
  static rootOf(tsconfigPaths: readonly string[]): string {
    return commonFolder(tsconfigPaths.map((path) => dirname(resolve(path))));
  }

  /** Loads tsconfig files and what they reference; the union of their files is analysed as one program. */
  static load(tsconfigPaths: readonly string[], root = Workspace.rootOf(tsconfigPaths)): Workspace {
    const tsconfigs = readTsconfigs(tsconfigPaths.map((path) => resolve(path)));
    const paths = Object.assign({}, ...tsconfigs.map((config) => config.absolutePaths)) as Record<string, string[]>; // Object.assign answers `any`
    const options = { ...tsconfigs[0]?.options, paths, noEmit: true };
    const workspace = new Workspace(resolve(root), options, tsconfigs);
    for (const file of new Set(tsconfigs.flatMap((config) => config.files))) workspace.#add(file);
    return workspace;
  }

  /** A workspace of given texts (path relative to the root → text), for examples and tests. */
  static inMemory(files: Readonly<Record<string, string>>, options: ts.CompilerOptions = {}): Workspace {
    const root = '/workspace';
    const workspace = new Workspace(root, { ...exampleOptions, ...options }, []);
    workspace.#disk.provide(environmentPath, environmentText);
    for (const [path, text] of Object.entries(files)) {
      const absolute = join(root, path);
      workspace.#texts.set(absolute, workspace.#disk.given(absolute, text));
    }
    for (const path of workspace.#texts.keys()) if (isSource(path)) workspace.#add(path);
    return workspace;
  }

  /** The absolute path of a path given relative to the root. */
  absolute(path: string): string {
    return resolve(this.root, path);
  }

  /** A path as reports show it: relative to the root, with forward slashes. */
  relative(path: string): string {
    return relative(this.root, this.absolute(path)).replaceAll('\\', '/');
  }

  /** The project's own source files (declarations of packages left out), sorted by path. */
  sourceFiles(): readonly SourceFile[] {
    return this.project
      .getSourceFiles()
      .filter((file) => !file.getFilePath().includes('/node_modules/') && this.#texts.get(file.getFilePath()) !== null)
      .toSorted((a, b) => (a.getFilePath() < b.getFilePath() ? -1 : 1));
  }

  /** One source file; refused with the nearest name when there is none. */
  sourceFile(path: string): SourceFile {
    const file = this.findSourceFile(path);
    if (file !== undefined) return file;
    const known = this.sourceFiles().map((each) => this.relative(each.getFilePath()));
    const near = nearestOf(this.relative(path), known);
    throw new Refusal(
      'REFIT_FILE_UNKNOWN',
      `${path} is not a source file of this project.${near === undefined ? '' : ` Did you mean ${near}?`} Paths are relative to ${this.root}.`,
    );
  }

  findSourceFile(path: string): SourceFile | undefined {
    return this.project.getSourceFile(this.absolute(path));
  }

  /** The file that an import or export names, where the project holds it. */
  targetOf(declaration: ImportDeclaration | ExportDeclaration): SourceFile | undefined {
    return this.#targets.targetOf(declaration);
  }

  /** The text of any file, as changed so far; undefined when there is none. */
  textOf(path: string): string | undefined {
    const absolute = this.absolute(path);
    const changed = this.#texts.get(absolute);
    if (changed !== undefined) return changed ?? undefined;
    const source = this.project.getSourceFile(absolute);
    if (source !== undefined) return source.getFullText();
    return existsSync(absolute) ? this.#disk.read(absolute) : undefined;
  }

  /** What the files were like when they were first read: absolute path → hash, byte order mark. */
  get loaded(): ReadonlyMap<string, LoadedFile> {
    return this.#disk.loaded;
  }

  /** Paths of all files that match globs relative to the root, changes included, sorted. */
  files(globs: readonly string[]): readonly string[] {
    const onDisk = existsSync(this.root) ? listFiles(this.root, globs).map((path) => join(this.root, path)) : [];
    const found = new Set(onDisk);
    const matches = matcherOf(globs);
    for (const [path, text] of this.#texts) {
      if (text === null) found.delete(path);
      else if (matches(this.relative(path))) found.add(path);
    }
    return [...found].toSorted();
  }

  /** What differs from the disk (or from nothing, in memory): absolute path → text, `null` for deleted. */
  changes(): Snapshot {
    return new Map(this.#texts);
  }

  /** For the apply step: the new text of a file, `null` to delete it. */
  setText(path: string, text: string | null): void {
    const absolute = this.absolute(path);
    if ((text === null) !== (this.textOf(absolute) === undefined)) this.#targets.forget();
    this.#texts.set(absolute, text);
    const source = this.project.getSourceFile(absolute);
    if (text === null) {
      if (source !== undefined) this.project.removeSourceFile(source);
    } else this.#show(absolute, text);
  }

  #add(path: string): void {
    this.#markFormat(this.project.addSourceFileAtPath(path));
  }

  /** Makes the project see a text as that of the file. */
  #show(path: string, text: string): void {
    // `replaceWithText` goes through a writer that makes every newline `\n`: positions would no longer be those of the text.
    if (this.project.getSourceFile(path) !== undefined || isSource(path)) {
      this.project.createSourceFile(path, text, { overwrite: true });
    }
    const shown = this.project.getSourceFile(path);
    if (shown === undefined) return;
    this.#stamp(shown);
    this.#markFormat(shown);
  }

  /** A file that was deleted and comes back has the version it began with, and references would be those of its old text. */
  #stamp(file: SourceFile): void {
    this.#shown += 1;
    // The compiler keeps the version on the tree; the public type does not name the field.
    (file.compilerNode as unknown as { version: string }).version = String(this.#shown);
  }

  /**
   * Whether the file is an ES module or CommonJS, by its nearest package.json: the compiler host of ts-morph does not say.
   * In memory, where nothing says, it is an ES module.
   */
  #markFormat(file: SourceFile): void {
    const host = { fileExists: (path: string) => this.textOf(path) !== undefined, readFile: (path: string) => this.textOf(path) };
    const bare = this.tsconfigs.length === 0 && this.textOf('package.json') === undefined;
    const format = ts.getImpliedNodeFormatForFile(file.getFilePath(), undefined, host, this.project.getCompilerOptions());
    file.compilerNode.impliedNodeFormat = bare ? ts.ModuleKind.ESNext : format;
  }

  /** For the apply step: back to an earlier `changes()`. */
  restore(snapshot: Snapshot): void {
    for (const path of new Set([...this.#texts.keys(), ...snapshot.keys()])) {
      const then = snapshot.get(path);
      if (then === this.#texts.get(path)) continue;
      if (then !== undefined) this.setText(path, then);
      else this.#forget(path);
    }
  }

  /** The file as on disk again. */
  #forget(path: string): void {
    if (!existsSync(path)) {
      this.setText(path, null);
      this.#texts.delete(path);
      return;
    }
    this.#texts.delete(path);
    this.#targets.forget();
    this.#show(path, this.#disk.read(path));
  }
}

function isSource(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path);
}

function commonFolder(folders: readonly string[]): string {
  const [first, ...rest] = folders.map((folder) => folder.split('/'));
  if (first === undefined) return process.cwd();
  let length = first.length;
  for (const other of rest) {
    let same = 0;
    while (same < length && first[same] === other[same]) same += 1;
    length = same;
  }
  return first.slice(0, length).join('/') || '/';
}
