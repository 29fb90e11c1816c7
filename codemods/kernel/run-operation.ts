// Runs one operation: the codemod proposes, the kernel applies once, and what was done is a record.
import { applyOnce, type ApplyOptions, type ChangedFile } from './apply.ts';
import type { Operation } from './codemod.ts';
import { Proposal, type Checked, type Finding, type Skip, type StructuralClaim } from './proposal.ts';
import type { Workspace } from './workspace.ts';

/** The machine-readable record of one operation. */
export interface OperationRecord {
  readonly codemod: string;
  readonly options: object;
  readonly edits: number;
  readonly files: readonly ChangedFile[];
  readonly checked: readonly Checked[];
  readonly skips: readonly Skip[];
  readonly findings: readonly Finding[];
  readonly obligations: readonly string[];
  readonly claims: readonly StructuralClaim[];
}

/** What the codemod proposes on the workspace as it is. Throws a `Refusal`. */
export function proposalOf(workspace: Workspace, operation: Operation): Proposal {
  const proposal = new Proposal();
  operation.codemod.propose(workspace, operation.options, proposal);
  return proposal;
}

/** Proposes and applies; the workspace is unchanged when it throws. */
export function runOperation(workspace: Workspace, operation: Operation, options: ApplyOptions = {}): OperationRecord {
  const proposal = proposalOf(workspace, operation);
  const files = applyOnce(workspace, proposal, options);
  return {
    codemod: operation.codemod.name,
    options: operation.options,
    edits: proposal.edits.length + proposal.creations.length + proposal.deletions.length,
    files,
    checked: proposal.checked,
    skips: proposal.skips,
    findings: proposal.findings,
    obligations: proposal.obligations,
    claims: proposal.claims,
  };
}
