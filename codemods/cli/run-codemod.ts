// Runs one operation on a project of the disk and shows or writes what came of it.
import { dirname } from 'node:path';
import { applyToDisk, finishInterruptedRuns, requireWholeTree, type WriteRecord } from '../kernel/apply-to-disk.ts';
import type { Operation } from '../kernel/codemod.ts';
import { DiagnosticBaseline } from '../kernel/diagnostics.ts';
import { atPlace, type Place, Refusal } from '../kernel/refusal.ts';
import { runOperation, type OperationRecord } from '../kernel/run-operation.ts';
import { unifiedDiff } from '../kernel/unified-diff.ts';
import { Workspace } from '../kernel/workspace.ts';
import type { ExitCode, Io } from './io.ts';
import { requireCommitted } from './uncommitted.ts';

export interface RunTarget {
  readonly tsconfigs: readonly string[];
  readonly root?: string;
  readonly json: boolean;
  readonly write: boolean;
  /** Writes although files have changes that are not committed. */
  readonly allowDirty: boolean;
  /** Absolute. */
  readonly out?: string;
}

/** What a codemod did, with paths relative to the root. */
interface RunDocument {
  readonly schema: 'refit-codemod/1';
  readonly pass: true;
  readonly codemod: string;
  readonly options: object;
  readonly edits: number;
  readonly files: readonly { readonly path: string; readonly change: 'created' | 'deleted' | 'edited' }[];
  readonly checked: OperationRecord['checked'];
  readonly skips: OperationRecord['skips'];
  readonly findings: OperationRecord['findings'];
  readonly obligations: OperationRecord['obligations'];
  readonly claims: OperationRecord['claims'];
  readonly diff: string;
  /** Absent: nothing was written. */
  readonly wrote?: WriteRecord & { readonly to: string };
}

function document(workspace: Workspace, record: OperationRecord, diff: string): RunDocument {
  const placed = <T extends Place>(each: T): T => ({ ...each, path: workspace.relative(each.path) });
  const changeOf = (file: OperationRecord['files'][number]): 'created' | 'deleted' | 'edited' => {
    if (file.before === undefined) return 'created';
    return file.after === undefined ? 'deleted' : 'edited';
  };
  return {
    schema: 'refit-codemod/1',
    pass: true,
    codemod: record.codemod,
    options: record.options,
    edits: record.edits,
    files: record.files.map((file) => ({ path: workspace.relative(file.path), change: changeOf(file) })),
    checked: record.checked,
    skips: record.skips.map(placed),
    findings: record.findings.map(placed),
    obligations: record.obligations,
    claims: record.claims,
    diff,
  };
}

function summary(result: RunDocument): string {
  const count = (files: number): string => (files === 1 ? '1 file' : `${String(files)} files`);
  if (result.files.length === 0) return 'Nothing to do.';
  if (result.wrote === undefined)
    return `${count(result.files.length)} would change. Nothing was written; give --write or --out.`;
  return `${count(result.files.length)} changed in ${result.wrote.to}.`;
}

/** What a reader of the diff should know besides. */
function notes(result: RunDocument, oldMessages: number): readonly string[] {
  return [
    ...result.skips.map((skip) => `skipped: ${atPlace(skip)}${skip.why}`),
    ...result.findings.map((finding) => `${finding.kind}: ${atPlace(finding)}${finding.what}`),
    ...result.obligations.map((what) => `left to do: ${what}`),
    ...(oldMessages === 0
      ? []
      : [`note: the project has ${String(oldMessages)} messages of the compiler already; only new ones count.`]),
    summary(result),
  ];
}

/** Loads the project, runs the operation and writes when told to. Throws a `Refusal` when it is refused. */
export function runCodemod(operation: Operation, io: Io, target: RunTarget): ExitCode {
  const workspace = loadWhole(target);
  if (target.write && !target.allowDirty) requireCommitted(workspace);
  const baseline = new DiagnosticBaseline(workspace);
  const record = runHere(workspace, operation, baseline);
  const hasMark = (path: string): boolean => workspace.loaded.get(path)?.byteOrderMark === true;
  const shown = document(workspace, record, unifiedDiff(record.files, workspace.root, hasMark));
  const wrote = write(workspace, target);
  const result: RunDocument = wrote === undefined ? shown : { ...shown, wrote };
  if (target.json) io.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    if (wrote === undefined) io.stdout.write(result.diff);
    for (const line of notes(result, baseline.all.length)) io.stderr.write(`${line}\n`);
  }
  return 0;
}

/** A refusal names the place as the user knows it: relative to the root. */
function runHere(workspace: Workspace, operation: Operation, baseline: DiagnosticBaseline): OperationRecord {
  try {
    return runOperation(workspace, operation, { baseline });
  } catch (thrown) {
    if (!(thrown instanceof Refusal) || thrown.place === undefined) throw thrown;
    const place = { path: workspace.relative(thrown.place.path), line: thrown.place.line };
    throw new Refusal(thrown.code, thrown.message, place, thrown);
  }
}

function write(workspace: Workspace, target: RunTarget): RunDocument['wrote'] {
  if (target.out !== undefined) return { to: target.out, ...applyToDisk(workspace, { out: target.out }) };
  return target.write ? { to: workspace.root, ...applyToDisk(workspace) } : undefined;
}

/** The project, when no interrupted run left it half written; with --write that run is finished first. */
function loadWhole(target: RunTarget): Workspace {
  const root = target.root ?? Workspace.rootOf(target.tsconfigs);
  const folders = [root, ...target.tsconfigs.map((path) => dirname(path))];
  if (target.write) finishInterruptedRuns(folders);
  else requireWholeTree(folders);
  return Workspace.load(target.tsconfigs, root);
}
