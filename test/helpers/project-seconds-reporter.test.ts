// The closing lines of a test run: seconds per project, and totals that never hide a failure.
import { describe, expect, it } from 'vitest';
import type { TestModule } from 'vitest/node';
import ProjectSecondsReporter, { closingLines } from './project-seconds-reporter.ts';

function fakeModule(project: string, states: readonly string[], state = 'passed'): TestModule {
  const tests = states.map((each) => ({ result: () => ({ state: each }) }));
  const shape: unknown = { project: { name: project }, children: { allTests: () => tests }, state: () => state };
  return shape as TestModule; // a parse boundary: the reporter reads these four members only
}

function runOf(modules: readonly TestModule[], unhandled: readonly unknown[] = []): readonly string[] {
  const printed: string[] = [];
  let nowMs = 0;
  const print = (text: string): number => printed.push(...text.trim().split('\n'));
  const reporter = new ProjectSecondsReporter({ nowMs: () => (nowMs += 500), print });
  for (const module of modules) reporter.onTestModuleStart(module);
  for (const module of modules) reporter.onTestModuleEnd(module);
  reporter.onTestRunEnd(modules, unhandled);
  return printed;
}

describe('project-seconds-reporter', () => {
  it('prints one line per project and a closing line of totals', () => {
    const lines = runOf([
      fakeModule('unit', ['passed', 'passed', 'skipped']),
      fakeModule('postgres', ['passed', 'failed'], 'failed'),
    ]);
    expect(lines).toEqual(['project unit: 3 tests, 1.0 s', 'project postgres: 2 tests, 1.0 s', '3 passed, 1 failed, 1 skipped']);
  });

  it('adds the files of one project up and spans its seconds from the first start to the last end', () => {
    const lines = runOf([fakeModule('unit', ['passed']), fakeModule('unit', ['passed'])]);
    expect(lines).toEqual(['project unit: 2 tests, 1.5 s', '2 passed, 0 failed, 0 skipped']);
  });

  it('counts a file that failed to load as one failed test', () => {
    expect(runOf([fakeModule('unit', [], 'failed')]).at(-1)).toBe('0 passed, 1 failed, 0 skipped');
  });

  it('counts a test that never finished as failed', () => {
    expect(runOf([fakeModule('unit', ['passed', 'pending'])]).at(-1)).toBe('1 passed, 1 failed, 0 skipped');
  });

  it('counts errors outside of tests as failed', () => {
    expect(runOf([fakeModule('unit', ['passed'])], [new Error('late')]).at(-1)).toBe('1 passed, 1 failed, 0 skipped');
  });

  it('says zero of everything when nothing ran', () => {
    expect(closingLines([], 0)).toEqual(['0 passed, 0 failed, 0 skipped']);
  });
});
