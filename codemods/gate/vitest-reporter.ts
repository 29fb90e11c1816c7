// Vitest reporter that stamps a coverage report: commit, hashes of the sources, and the tests that were run.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { headCommit } from './git-state.ts';
import { sourceFiles } from './project-files.ts';
import type { Stamp, StampedTests } from './stamp.ts';
import { stampFile } from './stamp.ts';
import { hashOf } from './text-hash.ts';
import { writeText } from './write-text.ts';

/** What is used of vitest's types: a project without vitest can still load the gate. */
export interface RunnerConfig {
  readonly config: {
    readonly root: string;
    readonly coverage: { readonly enabled: boolean; readonly reportsDirectory?: string };
  };
}

export interface RunModule {
  readonly moduleId: string;
  state(): string;
  readonly children: { allTests(): Iterable<{ result(): { readonly state: string } }> };
}

export interface StampReporterOptions {
  /** The gate's configuration, relative to the runner's root. */
  readonly config?: string;
}

interface Place {
  readonly root: string;
  /** Absolute folder that the report goes to. */
  readonly folder: string;
}

/** Hash of every source file under the globs, as it is now. */
export function hashSources(root: string, include: readonly string[]): Readonly<Record<string, string>> {
  const hashes = sourceFiles(root, include).map((file) => [file, hashOf(readFileSync(join(root, file), 'utf8'))] as const);
  return Object.fromEntries(hashes);
}

/** Counts what was run; a file that did not load counts as one failed test. */
export function testsOf(root: string, modules: readonly RunModule[], errors: number): StampedTests {
  const statesOf = (module: RunModule): readonly string[] => [...module.children.allTests()].map((test) => test.result().state);
  const states = modules.flatMap(statesOf);
  const count = (state: string): number => states.filter((each) => each === state).length;
  const broken = modules.filter((module) => module.state() === 'failed' && !statesOf(module).includes('failed'));
  const files: Record<string, number> = {};
  for (const { moduleId } of modules) {
    const file = relative(root, moduleId).replaceAll('\\', '/');
    files[file] = (files[file] ?? 0) + 1;
  }
  return {
    passed: count('passed'),
    failed: count('failed') + count('pending') + broken.length + errors,
    skipped: count('skipped'),
    files,
  };
}

/** Writes `refit-meta.json` beside the coverage report; without coverage it writes nothing. */
export class StampReporter {
  readonly #options: StampReporterOptions;
  #place: Place | undefined;
  #sources: Readonly<Record<string, string>> = {};

  constructor(options: StampReporterOptions = {}) {
    this.#options = options;
  }

  onInit(vitest: RunnerConfig): void {
    const { root, coverage } = vitest.config;
    if (coverage.enabled) this.#place = { root, folder: resolve(root, coverage.reportsDirectory ?? 'coverage') };
  }

  /** The sources are hashed before the tests run: one that is changed meanwhile makes the report stale. */
  async onTestRunStart(): Promise<void> {
    if (this.#place === undefined) return;
    const path = resolve(this.#place.root, this.#options.config ?? 'coverage-report.config.ts');
    if (!existsSync(path)) return;
    // A configuration imports this module too, and has no use for what loads configurations.
    const { loadConfig } = await import('./load-config.ts');
    const config = await loadConfig(path);
    this.#place = { ...this.#place, root: dirname(path) };
    this.#sources = hashSources(dirname(path), config.include);
  }

  onTestRunEnd(modules: readonly RunModule[], errors: readonly unknown[]): void {
    if (this.#place === undefined) return;
    const { root, folder } = this.#place;
    const stamp: Stamp = {
      schema: 'refit-meta/1',
      commit: headCommit(root),
      root: realpathSync(root).replaceAll('\\', '/'),
      sources: this.#sources,
      tests: testsOf(root, modules, errors.length),
    };
    writeText(join(folder, stampFile), `${JSON.stringify(stamp, undefined, 2)}\n`);
  }
}
