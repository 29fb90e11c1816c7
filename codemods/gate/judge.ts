// Decides whether the gate passes: every rule over the gathered facts, then the waivers.
import type { ChangeReport } from './changes/change-report.ts';
import { changeRules } from './changes/rules-changes.ts';
import type { FileFacts, Totals } from './facts.ts';
import { gatherFacts, percentOf, totalOf } from './facts.ts';
import type { Failure } from './failure.ts';
import { isBlocking } from './failure.ts';
import type { Duplicates } from './other-tools/duplicates.ts';
import { duplicateRules } from './other-tools/duplicates.ts';
import { mutationRules } from './other-tools/mutation-rules.ts';
import type { Mutation } from './other-tools/read-mutation.ts';
import type { Ratchet } from './ratchet.ts';
import { loweredRatchet, ratchetRules } from './ratchet.ts';
import type { ReportEvidence } from './rules-evidence.ts';
import * as evidenceRules from './rules-evidence.ts';
import type { FloorResult } from './rules-floors.ts';
import { floorRules } from './rules-floors.ts';
import type { DeadMember } from './rules-sizes.ts';
import { sizeRules } from './rules-sizes.ts';
import { testRules } from './rules-tests.ts';
import type { Waived } from './waivers.ts';
import { applyWaivers } from './waivers.ts';

export type { Failure, FailureCode } from './failure.ts';
export type { FloorResult } from './rules-floors.ts';

export interface Evidence extends ReportEvidence {
  /** The committed ratchet; absent when the configuration names none, or its file is missing. */
  readonly ratchet?: Ratchet | undefined;
  /** The ratchet of the commit that is compared with. */
  readonly baseRatchet?: Ratchet | undefined;
  /** The ratchet file of the base, which the configuration names no longer. */
  readonly droppedRatchet?: string;
  /** Members that a report of dead code names. */
  readonly dead: readonly DeadMember[];
  /** Clones that a report of duplicates names. */
  readonly duplicates?: Duplicates | undefined;
  /** What a report of mutants says. */
  readonly mutation?: Mutation | undefined;
  /** What has changed since a base; absent when changed lines are not asked for. */
  readonly change?: ChangeReport;
  /** The day waivers are measured by, `YYYY-MM-DD`. */
  readonly today: string;
  /** Folder of the configuration in its repository, with a slash at its end; absent or empty at the top. */
  readonly folder?: string;
}

export interface Verdict {
  readonly pass: boolean;
  readonly failures: readonly Failure[];
  readonly waived: readonly Waived[];
  readonly floors: readonly FloorResult[];
  readonly files: readonly FileFacts[];
  readonly total: Totals;
  readonly notes: readonly string[];
  /** Absent when changed lines were not asked for. */
  readonly change?: ChangeReport;
  /** What stands before the path of a file where it is named from the top of the repository. */
  readonly folder?: string;
}

export function isUnjudged(verdict: Verdict): boolean {
  return verdict.failures.some(isBlocking);
}

function ratchetFailures(evidence: Evidence, files: readonly FileFacts[]): readonly Failure[] {
  const { config, ratchet, baseRatchet, droppedRatchet } = evidence;
  if (droppedRatchet !== undefined) {
    const message = `The base keeps what was reached in ${droppedRatchet}, and the configuration names no ratchet any more. Name it again, or waive it until a day.`;
    return [{ code: 'GATE_RATCHET_REMOVED', file: droppedRatchet, message }];
  }
  if (config.ratchet === undefined) return [];
  if (ratchet === undefined) {
    const message = `There is no ratchet file ${config.ratchet}. Write it with \`refit gate ratchet\` and commit it.`;
    return [{ code: 'GATE_RATCHET_MISSING', file: config.ratchet, message }];
  }
  if (files.length > 0 && Object.keys({ ...ratchet.floors, ...ratchet.files }).length === 0) {
    const message = `The ratchet file ${config.ratchet} holds no mark and would judge nothing. Write it with \`refit gate ratchet\` and commit it.`;
    return [{ code: 'GATE_RATCHET_MISSING', file: config.ratchet, message }];
  }
  const present = new Set(files.map((file) => file.file));
  const lowered = baseRatchet === undefined ? [] : loweredRatchet(baseRatchet, ratchet, present);
  return [...lowered, ...ratchetRules(config, ratchet, files)];
}

function notesOf(evidence: Evidence): readonly string[] {
  const foreign = evidenceRules.foreignFiles(evidence).length;
  return [
    ...evidence.notes,
    ...(evidence.change?.notes ?? []),
    ...(foreign === 0 ? [] : [`${foreign} files of the report are not under \`include\` and count nowhere.`]),
    ...(evidence.stamps.length > 0 ? [] : ['The report is unstamped: its commit and its tests are not known, its age is.']),
  ];
}

/** Judges the evidence; files come worst covered first, everything else in the order of the configuration. */
export function judge(evidence: Evidence): Verdict {
  const files = gatherFacts(evidence).toSorted(worstFirst);
  const floors = floorRules(evidence.config.floors, files);
  const found = [
    ...evidenceRules.noFiles(evidence),
    ...evidenceRules.otherLanguages(evidence),
    ...evidenceRules.unstamped(evidence),
    ...evidenceRules.otherRoot(evidence),
    ...evidenceRules.otherCommit(evidence),
    ...evidenceRules.stale(evidence),
    ...evidenceRules.impossible(evidence),
    ...evidenceRules.noTests(evidence),
    ...evidenceRules.failedTests(evidence),
    ...evidenceRules.unreported(evidence),
    ...evidenceRules.gone(evidence),
    ...testRules(evidence, files),
    ...floors.failures,
    ...ratchetFailures(evidence, files),
    ...(evidence.change === undefined ? [] : changeRules(evidence.change)),
    ...sizeRules(evidence, evidence.dead),
    ...duplicateRules(evidence.duplicates, evidence.config),
    ...mutationRules(evidence.mutation, evidence.config, evidence.sources),
  ];
  const { failures, waived } = applyWaivers(found, evidence.config.waivers, evidence.today);
  const pass = failures.length === 0;
  return {
    pass,
    failures,
    waived,
    floors: floors.results,
    files,
    total: totalOf(files),
    notes: notesOf(evidence),
    ...(evidence.change !== undefined && { change: evidence.change }),
    ...(evidence.folder !== undefined && { folder: evidence.folder }),
  };
}

function worstFirst(left: FileFacts, right: FileFacts): number {
  const byPercent = percentOf(left.covered, left.coverable) - percentOf(right.covered, right.coverable);
  const byOpen = right.openLines.length - left.openLines.length;
  return byPercent || byOpen || (left.file < right.file ? -1 : 1);
}
