// The evidence of a plan run, every number of it computed from the trees, the records and the traces.
import { physicalLines } from '../kernel/parse-source.ts';
import type { Finding } from '../kernel/proposal.ts';
import type { StepRecord } from '../plan/execute-plan.ts';
import { checkStructure, type StructureResult } from '../plan/check-structure.ts';
import type { TracedSubject } from '../proof/trace-verdict.ts';
import type { PlanRun } from './run-plan.ts';

/** From the strongest to none. */
export type Verdict = 'proved' | 'traced' | 'typechecked' | 'refused' | 'not-run';

export interface StepEvidence {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly status: StepRecord['status'];
  readonly operations: readonly {
    readonly codemod: string;
    readonly edits: number;
    readonly preconditions: readonly { readonly statement: string; readonly witness: string }[];
    readonly skips: readonly string[];
  }[];
  readonly structure: readonly StructureResult[];
  readonly promised: StepRecord['promised'];
  readonly newDiagnostics: number;
  readonly traces: readonly TracedSubject[];
  readonly files: readonly string[];
  readonly failure?: StepRecord['failure'];
}

export interface Evidence {
  readonly schema: 'refit-evidence/1';
  readonly plan: string;
  readonly files: readonly {
    readonly path: string;
    readonly linesBefore: number | undefined;
    readonly linesAfter: number | undefined;
  }[];
  readonly steps: readonly StepEvidence[];
  readonly slips: readonly string[];
  readonly api: readonly string[];
  readonly notes: readonly string[];
  readonly obligations: readonly string[];
  readonly traces:
    | { readonly cases: number; readonly random: number; readonly differences: number; readonly allowed: readonly string[] }
    | undefined;
}

function verdictOf(record: StepRecord, structure: readonly StructureResult[], traced: readonly TracedSubject[]): Verdict {
  if (record.status === 'not-run') return 'not-run';
  if (record.failure !== undefined) return 'refused';
  const operations = record.operations.filter((operation) => operation.edits > 0);
  const everyOperationClaims = operations.length > 0 && operations.every((operation) => operation.claims.length > 0);
  if (everyOperationClaims && structure.every((each) => each.holds)) return 'proved';
  return traced.some((each) => each.cases > 0) && traced.every((each) => each.differences.length === 0)
    ? 'traced'
    : 'typechecked';
}

function stepEvidence(run: PlanRun, record: StepRecord): StepEvidence {
  const traces = run.traces.get(record.id) ?? [];
  const structure = checkStructure(record);
  return {
    id: record.id,
    title: record.title,
    verdict: verdictOf(record, structure, traces),
    status: record.status,
    operations: record.operations.map((operation) => ({
      codemod: operation.codemod,
      edits: operation.edits,
      preconditions: operation.checked,
      skips: operation.skips.map((skip) => `${run.workspace.relative(skip.path)}:${String(skip.line)}: ${skip.why}`),
    })),
    structure,
    promised: record.promised,
    newDiagnostics: record.newDiagnostics,
    traces,
    files: record.files.map((file) => run.workspace.relative(file.path)),
    ...(record.failure === undefined ? {} : { failure: record.failure }),
  };
}

function linesOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : physicalLines(text);
}

/** Gathers the evidence of a run. */
export function evidenceOf(run: PlanRun): Evidence {
  const changed = new Map<string, { before: string | undefined; after: string | undefined }>();
  for (const file of run.records.flatMap((record) => (record.failure === undefined ? record.files : []))) {
    changed.set(file.path, { before: changed.has(file.path) ? changed.get(file.path)?.before : file.before, after: file.after });
  }
  const findings = run.records.flatMap((record) => record.operations.flatMap((operation) => operation.findings));
  const of = (...kinds: readonly Finding['kind'][]): readonly string[] => [
    ...new Set(
      findings
        .filter((each) => kinds.includes(each.kind))
        .map((each) => `${run.workspace.relative(each.path)}:${String(each.line)}: ${each.what}`),
    ),
  ];
  const traced = run.finalTraces;
  const reported = run.plan.reported.map((path) => run.workspace.absolute(path));
  const paths = [
    ...new Set([
      ...reported,
      ...[...changed].filter(([path, { before, after }]) => path.endsWith('.ts') && before !== after).map(([path]) => path),
    ]),
  ];
  return {
    schema: 'refit-evidence/1',
    plan: run.plan.name,
    files: paths.map((path) => {
      const file = changed.get(path);
      const now = run.workspace.textOf(path);
      return {
        path: run.workspace.relative(path),
        linesBefore: linesOf(file === undefined ? now : file.before),
        linesAfter: linesOf(now),
      };
    }),
    steps: run.records.map((record) => stepEvidence(run, record)),
    slips: of('suspected-slip'),
    api: of('api'),
    notes: of('leak', 'note'),
    obligations: [...new Set(run.records.flatMap((record) => record.operations.flatMap((operation) => operation.obligations)))],
    traces:
      traced === undefined
        ? undefined
        : {
            cases: traced.reduce((sum, each) => sum + each.cases, 0),
            random: traced.reduce((sum, each) => sum + each.random, 0),
            differences: traced.reduce((sum, each) => sum + each.differences.length, 0),
            allowed: [...new Set(traced.flatMap((each) => each.allowed))],
          },
  };
}
