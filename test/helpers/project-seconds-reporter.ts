// Vitest reporter that closes a run with each project's tests and seconds, and one plain line of totals for CI to read.
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Wall-clock span of one project: from its first file's start to its last file's end. */
interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

type State = 'passed' | 'failed' | 'skipped';

interface Totals {
  readonly tests: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface ProjectResult extends Totals {
  readonly name: string;
  readonly seconds: number;
}

/** A test that never got to run (its file failed to load, the run was interrupted) counts as failed, never as passed. */
function stateOf(test: TestCase): State {
  const { state } = test.result();
  return state === 'pending' ? 'failed' : state;
}

/** Counts one module; a module that could not be loaded has no tests, so its own errors count as one failed test. */
export function totalsOf(module: TestModule): Totals {
  const states = [...module.children.allTests()].map(stateOf);
  const brokenFile = module.state() === 'failed' && !states.includes('failed') ? 1 : 0;
  const count = (state: State): number => states.filter((each) => each === state).length;
  return {
    tests: states.length + brokenFile,
    passed: count('passed'),
    failed: count('failed') + brokenFile,
    skipped: count('skipped'),
  };
}

function add(left: Totals, right: Totals): Totals {
  return {
    tests: left.tests + right.tests,
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  };
}

const nothing: Totals = { tests: 0, passed: 0, failed: 0, skipped: 0 };

/** The closing lines; errors outside any test (unhandled rejections) count as failed so that the line never says 0 for a red run. */
export function closingLines(projects: readonly ProjectResult[], unhandledErrors: number): readonly string[] {
  const all = projects.reduce<Totals>(add, nothing);
  return [
    ...projects.map((project) => `project ${project.name}: ${project.tests} tests, ${project.seconds.toFixed(1)} s`),
    `${all.passed} passed, ${all.failed + unhandledErrors} failed, ${all.skipped} skipped`,
  ];
}

export default class ProjectSecondsReporter implements Reporter {
  readonly #spans = new Map<string, Span>();
  readonly #nowMs: () => number;
  readonly #print: (line: string) => void;

  /** Vitest passes the options of its configuration, an empty object here; a test passes both members. */
  constructor(options: { readonly nowMs?: () => number; readonly print?: (line: string) => void } = {}) {
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#print = options.print ?? ((line) => console.log(line));
  }

  onTestModuleStart(module: TestModule): void {
    this.#stretch(module);
  }

  onTestModuleEnd(module: TestModule): void {
    this.#stretch(module);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const names = [...new Set(modules.map((module) => module.project.name))];
    const projects = names.map((name) => {
      const members = modules.filter((module) => module.project.name === name);
      return { name, seconds: this.#seconds(name), ...members.map(totalsOf).reduce<Totals>(add, nothing) };
    });
    this.#print(`\n${closingLines(projects, unhandledErrors.length).join('\n')}`);
  }

  #stretch(module: TestModule): void {
    const now = this.#nowMs();
    const startMs = this.#spans.get(module.project.name)?.startMs ?? now;
    this.#spans.set(module.project.name, { startMs, endMs: now });
  }

  #seconds(project: string): number {
    const span = this.#spans.get(project);
    return span === undefined ? 0 : (span.endMs - span.startMs) / 1000;
  }
}
