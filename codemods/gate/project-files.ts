// Which files of a project are sources, which are tests, and which might hide tests under another name.
import { isUnder, matcherOf } from '../kernel/glob.ts';
import { projectFiles } from '../kernel/list-files.ts';
import type { CoverageReportConfig } from './config.ts';
import { isTestFile } from './rules-evidence.ts';

export interface FilesByRole {
  readonly sources: readonly string[];
  readonly tests: readonly string[];
  /** Files in the folders of tests, beside no source, whose name is none of a test file. */
  readonly others: readonly string[];
}

function globsUnder(folders: readonly string[], name: string): readonly string[] {
  return folders.map((folder) => `${folder === '.' ? '' : `${folder}/`}**/${name}`);
}

function sourcesAmong(files: readonly string[], include: readonly string[]): readonly string[] {
  const asked = matcherOf(include);
  return files.filter((file) => asked(file) && !isTestFile(file));
}

/** The source files under `include`; test files never count, whatever the globs say. */
export function sourceFiles(root: string, include: readonly string[]): readonly string[] {
  return sourcesAmong(projectFiles(root), include);
}

type Globs = Pick<CoverageReportConfig, 'include' | 'tests'>;

/** The files the gate reads, sorted; the folders are walked once. A file can have more than one role. */
export function filesByRole(root: string, config: Globs): FilesByRole {
  return rolesAmong(projectFiles(root), config);
}

/** The same of the files of a project that are known by their paths. */
export function rolesAmong(files: readonly string[], config: Globs): FilesByRole {
  const folders = config.tests.map((mirror) => mirror.tests);
  const apart = config.tests.filter(({ sources, tests }) => !isUnder(sources, tests)).map((mirror) => mirror.tests);
  const inTests = matcherOf(globsUnder(folders, '*.{test,spec}.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'));
  const inApart = matcherOf(globsUnder(apart, '*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'));
  return {
    sources: sourcesAmong(files, config.include),
    tests: files.filter(inTests),
    others: files.filter((file) => inApart(file) && !isTestFile(file)),
  };
}
