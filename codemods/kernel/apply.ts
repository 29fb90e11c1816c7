// Applies one proposal to a workspace: all of it, or nothing and a refusal. The disk is not touched.
import type { DiagnosticBaseline } from './diagnostics.ts';
import { affectedBy, diagnosticsOf, importersOf, syntaxErrorsOf, type Diagnostic } from './diagnostics.ts';
import { type CommentDuty, commentsOf, lostComment } from './comments.ts';
import { editedText } from './edits.ts';
import type { Edit, Proposal } from './proposal.ts';
import { Refusal } from './refusal.ts';
import { importEdits, usedNames } from './repair-imports.ts';
import { newlineOf, withNewline } from './text-positions.ts';
import type { Workspace } from './workspace.ts';

/** What became of one file; undefined: it was not there, or is gone. */
export interface ChangedFile {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The columns an import line may have when the project does not say. */
const DEFAULT_WIDTH = 120;

export interface ApplyOptions {
  /** Undefined: the result is not type-checked (the caller does, at the end of its step). */
  readonly baseline?: DiagnosticBaseline;
  readonly printWidth?: number;
}

function isTypeScript(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path);
}

function editsByFile(edits: readonly Edit[]): ReadonlyMap<string, Edit[]> {
  const files = new Map<string, Edit[]>();
  for (const edit of edits) files.set(edit.path, [...(files.get(edit.path) ?? []), edit]);
  return files;
}

function textOrRefuse(workspace: Workspace, path: string): string {
  const text = workspace.textOf(path);
  if (text === undefined) throw new Refusal('REFIT_FILE_UNKNOWN', `There is no ${workspace.relative(path)} to edit. Nothing was applied.`);
  return text;
}

/** The new text of every file the proposal touches, imports not yet repaired. */
function newTexts(workspace: Workspace, proposal: Proposal): Map<string, string | null> {
  const texts = new Map<string, string | null>();
  for (const [path, edits] of editsByFile(proposal.edits)) {
    const text = textOrRefuse(workspace, path);
    const newline = newlineOf(text);
    texts.set(path, editedText(text, edits.map((edit) => ({ ...edit, text: withNewline(edit.text, newline) }))));
  }
  for (const { path, text } of proposal.creations) {
    if (workspace.textOf(path) !== undefined || texts.has(path)) {
      throw new Refusal('REFIT_FILE_EXISTS', `${workspace.relative(path)} exists already. Name another file, or move what is in it first. Nothing was applied.`);
    }
    texts.set(path, text);
  }
  for (const { path } of proposal.deletions) {
    textOrRefuse(workspace, path);
    if (texts.has(path)) throw new Refusal('REFIT_EDITS_OVERLAP', `${workspace.relative(path)} is both edited and deleted. Nothing was applied.`);
    texts.set(path, null);
  }
  return texts;
}

function requireSyntax(workspace: Workspace, texts: ReadonlyMap<string, string | null>): void {
  for (const [path, text] of texts) {
    if (text === null || !isTypeScript(path)) continue;
    const [error] = syntaxErrorsOf(path, text);
    if (error === undefined) continue;
    throw new Refusal('REFIT_RESULT_SYNTAX', `The result does not parse: ${error.message} Nothing was applied; this is a bug of the codemod.`, {
      path: workspace.relative(path),
      line: error.line,
    });
  }
}

/** Second pass over the re-parsed files: what each now needs from others, and what it no longer uses. */
function repairImports(workspace: Workspace, proposal: Proposal, usedBefore: ReadonlyMap<string, ReadonlySet<string>>, width: number): void {
  const files = new Set([...usedBefore.keys(), ...proposal.imports.map((request) => workspace.absolute(request.into))]);
  for (const path of files) {
    const file = workspace.findSourceFile(path);
    if (file === undefined) continue;
    const used = usedNames(file);
    const unused = new Set([...(usedBefore.get(path) ?? [])].filter((name) => !used.has(name)));
    const requests = proposal.imports.filter((request) => workspace.absolute(request.into) === path);
    const edits = importEdits({ file, workspace, unused, requests, width });
    if (edits.length === 0) continue;
    const newline = newlineOf(file.getFullText());
    workspace.setText(path, editedText(file.getFullText(), edits.map((edit) => ({ ...edit, text: withNewline(edit.text, newline) }))));
  }
}

function requireComments(workspace: Workspace, proposal: Proposal, files: readonly ChangedFile[]): void {
  const sources = files.filter((file) => isTypeScript(file.path));
  const before = new Map(sources.map((file) => [file.path, file.before === undefined ? [] : commentsOf(file.path, file.before)]));
  const after = sources.flatMap((file) => (file.after === undefined ? [] : commentsOf(file.path, file.after)));
  const duties: CommentDuty[] = [];
  for (const edit of proposal.edits) {
    for (const comment of before.get(workspace.absolute(edit.path)) ?? []) {
      if (comment.start >= edit.start && comment.end <= edit.end) duties.push({ path: edit.path, text: comment.text, fate: edit.comments });
    }
  }
  for (const deletion of proposal.deletions) {
    for (const comment of before.get(workspace.absolute(deletion.path)) ?? []) duties.push({ path: deletion.path, text: comment.text, fate: deletion.comments });
  }
  const lost = lostComment([...before.values()].flat().map((each) => each.text), after.map((each) => each.text), duties);
  if (lost === undefined) return;
  throw new Refusal('REFIT_COMMENT_LOST', `A comment would be lost: "${lost}". Nothing was applied; this is a bug of the codemod.`);
}

function requireTypes(workspace: Workspace, files: readonly ChangedFile[], baseline: DiagnosticBaseline): void {
  const changed = new Set(files.map((file) => file.path));
  const affected = affectedBy(workspace, changed, importersOf(workspace));
  const found = baseline.newAmong(diagnosticsOf(workspace, affected));
  if (found.length > 0) throw typeRefusal(workspace, found);
}

function typeRefusal(workspace: Workspace, found: readonly Diagnostic[]): Refusal {
  const list = found
    .slice(0, 5)
    .map((each) => `${workspace.relative(each.path)}:${String(each.line)} TS${String(each.code)} ${each.message}`)
    .join('\n  ');
  const more = found.length > 5 ? `\n  and ${String(found.length - 5)} more` : '';
  const place = found[0] === undefined ? undefined : { path: workspace.relative(found[0].path), line: found[0].line };
  return new Refusal('REFIT_RESULT_TYPES', `The result does not compile under the project's own options; nothing was applied:\n  ${list}${more}`, place);
}

/** Applies the proposal, or throws a `Refusal` and leaves the workspace as it was. */
export function applyOnce(workspace: Workspace, proposal: Proposal, options: ApplyOptions = {}): readonly ChangedFile[] {
  if (proposal.isEmpty) return [];
  const snapshot = workspace.changes();
  const texts = newTexts(workspace, proposal);
  const touched = new Set([...texts.keys(), ...proposal.imports.map((request) => workspace.absolute(request.into))]);
  const before = new Map([...touched].map((path) => [path, workspace.textOf(path)]));
  try {
    requireSyntax(workspace, texts);
    const usedBefore = new Map<string, ReadonlySet<string>>();
    for (const [path, text] of texts) {
      const file = workspace.findSourceFile(path);
      if (text !== null && file !== undefined) usedBefore.set(path, usedNames(file));
    }
    for (const [path, text] of texts) workspace.setText(path, text);
    repairImports(workspace, proposal, usedBefore, options.printWidth ?? DEFAULT_WIDTH);
    const files = [...touched]
      .map((path): ChangedFile => ({ path, before: before.get(path), after: workspace.textOf(path) }))
      .filter((file) => file.before !== file.after);
    requireComments(workspace, proposal, files);
    if (options.baseline !== undefined) requireTypes(workspace, files, options.baseline);
    return files;
  } catch (thrown) {
    workspace.restore(snapshot);
    throw thrown;
  }
}
