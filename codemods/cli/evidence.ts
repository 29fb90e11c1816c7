// The evidence of a plan run: its steps, the table of files, and what is left to people.
import { basename } from 'node:path';
import type { Finding } from '../kernel/proposal.ts';
import { fileTable, type FileRow } from './file-table.ts';
import type { PlanRun } from './run-plan.ts';
import { apiLine, undeclaredApi } from './step-checks.ts';
import type { StepEvidence } from './step-evidence.ts';

export type { StepEvidence, Verdict } from './step-evidence.ts';

export interface Evidence {
  readonly schema: 'refit-evidence/1';
  readonly plan: string;
  readonly files: readonly FileRow[];
  readonly steps: readonly StepEvidence[];
  readonly slips: readonly string[];
  readonly api: readonly string[];
  readonly notes: readonly string[];
  readonly obligations: readonly string[];
  readonly traces:
    | { readonly cases: number; readonly random: number; readonly differences: number; readonly allowed: readonly string[] }
    | undefined;
  /** How often the project's own tests ran, one state of the project each time; undefined when they did not. */
  readonly testRuns: { readonly runs: number; readonly seconds: number } | undefined;
}

/** Lines of findings; the same sentence about several places of one file is one line. */
function linesOf(steps: readonly StepEvidence[], ...kinds: readonly Finding['kind'][]): readonly string[] {
  const places = new Map<string, { readonly path: string; readonly what: string; readonly lines: Set<number> }>();
  for (const { kind, path, line, what, mentions } of steps.flatMap((step) => step.findings)) {
    if (!kinds.includes(kind) || mentions !== undefined) continue;
    const known = places.get(`${path}\n${what}`) ?? { path, what, lines: new Set() };
    places.set(`${path}\n${what}`, known);
    known.lines.add(line);
  }
  return [...places.values()].map(
    ({ path, what, lines }) => `${path}:${[...lines].toSorted((a, b) => a - b).join(', ')}: ${what}`,
  );
}

/** Where a text speaks of a name, or of the file a path ends in. */
function linesThatSay(text: string, name: string): readonly number[] {
  const words = name.includes('/') ? [name, basename(name)] : [name];
  const says = (line: string): boolean =>
    words.some((word) =>
      line
        .split(word)
        .slice(1)
        .some((rest, at) => !/^[\w$]/.test(rest) && !/[\w$]$/.test(line.split(word)[at] ?? '')),
    );
  return text.split('\n').flatMap((line, at) => (says(line) ? [at + 1] : []));
}

/** One line for each name that is gone and that the result still speaks of, wherever and however often it was noticed. */
function mentionsLeft(run: PlanRun): readonly string[] {
  const noticed = new Map<string, Set<string>>();
  for (const { path, mentions } of run.steps.flatMap((step) => step.findings)) {
    if (mentions !== undefined) noticed.set(mentions, (noticed.get(mentions) ?? new Set()).add(path));
  }
  return [...noticed].flatMap(([name, paths]) => {
    const places = [...paths].flatMap((path) => {
      const lines = linesThatSay(run.workspace.textOf(path) ?? '', name);
      return lines.length === 0 ? [] : [`${path}:${lines.join(', ')}`];
    });
    return places.length === 0 ? [] : [`${name} is gone and still spoken of in ${places.join('; ')}`];
  });
}

/** Exports that changed in steps that do not say which they change. */
function unannounced(steps: readonly StepEvidence[]): readonly string[] {
  return steps.flatMap(({ id, checks }) =>
    checks === undefined ? [] : undeclaredApi(checks).map((change) => `${apiLine(change)}: step ${id} does not declare it`),
  );
}

/** Gathers the evidence of a run. */
export function evidenceOf(run: PlanRun): Evidence {
  const { steps, finalTraces: traced } = run;
  return {
    schema: 'refit-evidence/1',
    plan: run.plan.name,
    files: fileTable(run.plan, run.workspace, run.suites),
    steps,
    slips: linesOf(steps, 'suspected-slip'),
    api: [...linesOf(steps, 'api'), ...unannounced(steps)],
    notes: [...linesOf(steps, 'leak', 'note'), ...mentionsLeft(run)],
    obligations: [...new Set(steps.flatMap((step) => step.obligations))],
    traces:
      traced === undefined
        ? undefined
        : {
            cases: traced.reduce((sum, each) => sum + each.cases, 0),
            random: traced.reduce((sum, each) => sum + each.random, 0),
            differences: traced.reduce((sum, each) => sum + each.differences.length, 0),
            allowed: [...new Set(traced.flatMap((each) => each.allowed))],
          },
    testRuns: run.testRuns,
  };
}
