// Applies one proposal to a workspace: all of it, or nothing and a refusal. The disk is not touched.
import { extname } from 'node:path';
import type { CommentDuty } from './comments.ts';
import { type DiagnosticBaseline, importersOf } from './diagnostics.ts';
import { editedText } from './edits.ts';
import { outerNamesUsed, type OuterNames } from './outer-names.ts';
import type { Edit, ImportRequest, Proposal } from './proposal.ts';
import { Refusal } from './refusal.ts';
import { existingImportEdits, freshImportEdits, type ImportRepair } from './repair-imports.ts';
import { type ChangedFile, dutiesOf, dutiesOfDeletion, requireComments, requireSyntax, requireTypes } from './result-checks.ts';
import { newlineOf, withNewline } from './text-positions.ts';
import type { Workspace } from './workspace.ts';

export type { ChangedFile } from './result-checks.ts';

/** The columns an import line may have when the project does not say. */
const DEFAULT_WIDTH = 120;

export interface ApplyOptions {
  /** Undefined: the result is not type-checked (the caller does, at the end of its step). */
  readonly baseline?: DiagnosticBaseline;
  readonly printWidth?: number;
}

/** The proposal with absolute paths. */
interface Wanted {
  readonly edits: ReadonlyMap<string, readonly Edit[]>;
  readonly creations: Proposal['creations'];
  readonly deletions: Proposal['deletions'];
  readonly imports: readonly ImportRequest[];
}

type NewTexts = ReadonlyMap<string, string | null>;

function wantedOf(workspace: Workspace, proposal: Proposal): Wanted {
  const edits = new Map<string, Edit[]>();
  for (const edit of proposal.edits) {
    const path = workspace.absolute(edit.path);
    const list = edits.get(path) ?? [];
    list.push({ ...edit, path });
    edits.set(path, list);
  }
  const located = <T extends { readonly path: string }>(each: T): T => ({ ...each, path: workspace.absolute(each.path) });
  return {
    edits,
    creations: proposal.creations.map(located),
    deletions: proposal.deletions.map(located),
    imports: proposal.imports.map((request) => ({ ...request, into: workspace.absolute(request.into) })),
  };
}

function textOrRefuse(workspace: Workspace, path: string): string {
  const text = workspace.textOf(path);
  if (text !== undefined) return text;
  throw new Refusal('REFIT_FILE_UNKNOWN', `There is no ${workspace.relative(path)} to edit. Nothing was applied.`);
}

/** The text with the edits, their newlines those of the file. */
function textWith(text: string, edits: readonly Edit[]): string {
  const newline = newlineOf(text);
  return editedText(
    text,
    edits.map((edit) => ({ ...edit, text: withNewline(edit.text, newline) })),
  );
}

/** The line ends of a new file: those of the edited files of its kind, or else of the project's; undefined when there are none. */
function newlineFor(workspace: Workspace, wanted: Wanted, path: string): '\n' | '\r\n' | undefined {
  const isAlike = (other: string): boolean => extname(other) === extname(path);
  const edited = [...wanted.edits.keys()].filter(isAlike).map((each) => textOrRefuse(workspace, each));
  const texts =
    edited.length > 0
      ? edited
      : workspace.sourceFiles().flatMap((file) => (isAlike(file.getFilePath()) ? file.getFullText() : []));
  const lines = texts.join('\n');
  return lines.trim().includes('\n') ? newlineOf(lines) : undefined;
}

/** The new text of every file the proposal touches, imports not yet repaired. */
function newTexts(workspace: Workspace, wanted: Wanted): NewTexts {
  const texts = new Map<string, string | null>();
  for (const [path, edits] of wanted.edits) texts.set(path, textWith(textOrRefuse(workspace, path), edits));
  for (const { path, text } of wanted.creations) {
    if (workspace.textOf(path) !== undefined || texts.has(path)) {
      throw new Refusal(
        'REFIT_FILE_EXISTS',
        `${workspace.relative(path)} exists already. Name another file, or move what is in it first. Nothing was applied.`,
      );
    }
    texts.set(path, withNewline(text, newlineFor(workspace, wanted, path) ?? newlineOf(text)));
  }
  for (const { path } of wanted.deletions) {
    textOrRefuse(workspace, path);
    if (texts.has(path)) {
      throw new Refusal('REFIT_EDITS_OVERLAP', `${workspace.relative(path)} is both edited and deleted. Nothing was applied.`);
    }
    texts.set(path, null);
  }
  return texts;
}

function usesOf(workspace: Workspace, texts: NewTexts): ReadonlyMap<string, OuterNames | undefined> {
  const uses = new Map<string, OuterNames | undefined>();
  for (const [path, text] of texts) {
    const file = workspace.findSourceFile(path);
    if (text !== null) uses.set(path, file === undefined ? undefined : outerNamesUsed(workspace, file));
  }
  return uses;
}

/**
 * Second pass over the re-parsed files: what each now needs from others, and what it no longer uses.
 * Answers with the duties for comments in the imports it changed.
 */
function repairImports(
  workspace: Workspace,
  wanted: Wanted,
  usesBefore: ReadonlyMap<string, OuterNames | undefined>,
  width: number,
): readonly CommentDuty[] {
  const duties: CommentDuty[] = [];
  for (const path of new Set([...usesBefore.keys(), ...wanted.imports.map((request) => request.into)])) {
    const file = workspace.findSourceFile(path);
    if (file === undefined) continue;
    const requests = wanted.imports.filter((request) => request.into === path);
    const repair: ImportRepair = { workspace, file, before: usesBefore.get(path), requests, width };
    const { edits, fresh } = existingImportEdits(repair);
    const text = file.getFullText();
    duties.push(...dutiesOf(edits, text));
    if (edits.length > 0) workspace.setText(path, textWith(text, edits));
    if (fresh.length > 0) declareFresh({ ...repair, file: workspace.sourceFile(path) }, fresh);
  }
  return duties;
}

function declareFresh(repair: ImportRepair, fresh: readonly ImportRequest[]): void {
  const edits = freshImportEdits(repair, fresh);
  repair.workspace.setText(repair.file.getFilePath(), textWith(repair.file.getFullText(), edits));
}

function commentDuties(workspace: Workspace, wanted: Wanted): readonly CommentDuty[] {
  const ofEdits = [...wanted.edits].flatMap(([path, edits]) => dutiesOf(edits, textOrRefuse(workspace, path)));
  const ofDeletions = wanted.deletions.flatMap((each) => dutiesOfDeletion(each, textOrRefuse(workspace, each.path)));
  return [...ofEdits, ...ofDeletions];
}

/** Applies the proposal, or throws a `Refusal` and leaves the workspace as it was. */
export function applyOnce(workspace: Workspace, proposal: Proposal, options: ApplyOptions = {}): readonly ChangedFile[] {
  if (proposal.isEmpty) return [];
  const snapshot = workspace.changes();
  const wanted = wantedOf(workspace, proposal);
  const texts = newTexts(workspace, wanted);
  const touched = new Set([...texts.keys(), ...wanted.imports.map((request) => request.into)]);
  const before = new Map([...touched].map((path) => [path, workspace.textOf(path)]));
  requireSyntax(workspace, texts);
  const duties = commentDuties(workspace, wanted);
  const importers = options.baseline === undefined ? undefined : importersOf(workspace);
  const usesBefore = usesOf(workspace, texts);
  try {
    for (const [path, text] of texts) workspace.setText(path, text);
    const importDuties = repairImports(workspace, wanted, usesBefore, options.printWidth ?? DEFAULT_WIDTH);
    const files = [...touched]
      .map((path): ChangedFile => ({ path, before: before.get(path), after: workspace.textOf(path) }))
      .filter((file) => file.before !== file.after);
    requireComments(files, [...duties, ...importDuties]);
    if (options.baseline !== undefined && importers !== undefined) {
      requireTypes(workspace, files, { baseline: options.baseline, importers });
    }
    return files;
  } catch (thrown) {
    workspace.restore(snapshot);
    throw thrown;
  }
}
