// The evidence of one step, every number of it computed from the trees, the records, the traces and the tests.
import type { Workspace } from '../kernel/workspace.ts';
import type { Finding } from '../kernel/proposal.ts';
import { checkStructure, type StructureResult } from '../plan/check-structure.ts';
import type { StepRecord } from '../plan/execute-plan.ts';
import type { TracedSubject } from '../proof/trace-verdict.ts';
import type { StepChecks } from './step-checks.ts';
import type { StepTests } from './test-verdict.ts';

/** From the strongest to none. */
export type Verdict = 'proved' | 'traced' | 'tested' | 'typechecked' | 'refused' | 'not-run';

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
  /** Names, declarations and exports, before against after; undefined for a step that was refused or not run. */
  readonly checks?: StepChecks;
  readonly traces: readonly TracedSubject[];
  /** The project's own tests; undefined where the plan names none, or they were not run. */
  readonly tests?: StepTests;
  readonly files: readonly string[];
  readonly findings: readonly Finding[];
  readonly obligations: readonly string[];
  readonly failure?: StepRecord['failure'];
}

/** What is known of a step besides its record. */
export interface StepWitness {
  readonly checks?: StepChecks;
  readonly traces?: readonly TracedSubject[];
  readonly tests?: StepTests;
  /** Whether those tests run what the step touched. */
  readonly reached?: boolean;
}

function verdictOf(record: StepRecord, structure: readonly StructureResult[], witness: StepWitness): Verdict {
  if (record.status === 'not-run') return 'not-run';
  if (record.failure !== undefined) return 'refused';
  // Vacuously for a step that found nothing left to do: the texts are what they were.
  const operations = record.operations.filter((operation) => operation.files.length > 0);
  const everyOperationClaims = operations.every((operation) => operation.claims.length > 0);
  if (everyOperationClaims && structure.every((each) => each.holds)) return 'proved';
  const traces = witness.traces ?? [];
  if (traces.some((each) => each.cases > 0) && traces.every((each) => each.differences.length === 0)) return 'traced';
  return witness.reached === true ? 'tested' : 'typechecked';
}

/** Gathers what is known of one step. */
export function stepEvidence(workspace: Workspace, record: StepRecord, witness: StepWitness): StepEvidence {
  const structure = checkStructure(record);
  const findings = record.operations.flatMap((operation) => operation.findings);
  return {
    id: record.id,
    title: record.title,
    verdict: verdictOf(record, structure, witness),
    status: record.status,
    operations: record.operations.map((operation) => ({
      codemod: operation.codemod,
      edits: operation.edits,
      preconditions: operation.checked,
      skips: operation.skips.map((skip) => `${workspace.relative(skip.path)}:${String(skip.line)}: ${skip.why}`),
    })),
    structure,
    promised: record.promised,
    newDiagnostics: record.newDiagnostics,
    ...(witness.checks === undefined ? {} : { checks: witness.checks }),
    traces: witness.traces ?? [],
    ...(witness.tests === undefined ? {} : { tests: witness.tests }),
    files: record.files.map((file) => workspace.relative(file.path)),
    findings: findings.map((finding) => ({ ...finding, path: workspace.relative(finding.path) })),
    obligations: record.operations.flatMap((operation) => operation.obligations),
    ...(record.failure === undefined ? {} : { failure: record.failure }),
  };
}
