// What must hold of a result before an apply counts: it parses, no comment is lost, it compiles as well as before.
import { type CommentDuty, commentsOf, lostComment } from './comments.ts';
import {
  affectedBy,
  type Diagnostic,
  type DiagnosticBaseline,
  diagnosticsOf,
  importersOf,
  syntaxErrorsOf,
} from './diagnostics.ts';
import type { Edit, FileDeletion } from './proposal.ts';
import { Refusal } from './refusal.ts';
import type { Workspace } from './workspace.ts';

/** What became of one file; undefined: it was not there, or is gone. Texts without byte order mark. */
export interface ChangedFile {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** How many messages a refusal lists. */
const LISTED_MESSAGES = 5;

export function isTypeScript(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path);
}

function jsonError(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** The first syntax error of a text, with its line. */
function syntaxError(path: string, text: string): { readonly message: string; readonly line: number } | undefined {
  if (isTypeScript(path)) return syntaxErrorsOf(path, text)[0];
  const message = path.endsWith('.json') ? jsonError(text) : undefined;
  return message === undefined ? undefined : { message, line: 1 };
}

/** Refuses files that do not parse to begin with, and results that do not. */
export function requireSyntax(workspace: Workspace, texts: ReadonlyMap<string, string | null>): void {
  for (const [path, text] of texts) {
    const error = text === null ? undefined : syntaxError(path, text);
    if (error === undefined) continue;
    const old = workspace.textOf(path);
    const oldError = old === undefined ? undefined : syntaxError(path, old);
    if (oldError !== undefined && !isTypeScript(path)) continue; // JSON with comments: not ours to judge
    const place = { path: workspace.relative(path), line: (oldError ?? error).line };
    if (oldError !== undefined) {
      throw new Refusal(
        'REFIT_SOURCE_SYNTAX',
        `The file does not parse: ${oldError.message} Correct it first; nothing was applied.`,
        place,
      );
    }
    throw new Refusal(
      'REFIT_RESULT_SYNTAX',
      `The result does not parse: ${error.message} Nothing was applied; this is a bug of the codemod.`,
      place,
    );
  }
}

/** What is to become of the comments in the ranges of edits of one text. */
export function dutiesOf(edits: readonly Edit[], text: string): readonly CommentDuty[] {
  const [first] = edits;
  if (first === undefined || !isTypeScript(first.path)) return [];
  const comments = commentsOf(first.path, text);
  return edits.flatMap((edit) =>
    comments
      .filter((comment) => comment.start >= edit.start && comment.end <= edit.end)
      .map((comment) => ({ path: edit.path, text: comment.text, fate: edit.comments })),
  );
}

export function dutiesOfDeletion(deletion: FileDeletion, text: string): readonly CommentDuty[] {
  if (!isTypeScript(deletion.path)) return [];
  return commentsOf(deletion.path, text).map((comment) => ({ path: deletion.path, text: comment.text, fate: deletion.comments }));
}

/** Refuses a result in which a comment is missing that no duty gives up. */
export function requireComments(files: readonly ChangedFile[], duties: readonly CommentDuty[]): void {
  const texts = (pick: (file: ChangedFile) => string | undefined): readonly string[] =>
    files
      .filter((file) => isTypeScript(file.path))
      .flatMap((file) => commentsOf(file.path, pick(file) ?? '').map((comment) => comment.text));
  const lost = lostComment(
    texts((file) => file.before),
    texts((file) => file.after),
    duties,
  );
  if (lost === undefined) return;
  throw new Refusal(
    'REFIT_COMMENT_LOST',
    `A comment would be lost: "${lost}". Nothing was applied; this is a bug of the codemod.`,
  );
}

/** Refuses a result with messages of the compiler that were not there before. `importers`: of the project before. */
export function requireTypes(
  workspace: Workspace,
  files: readonly ChangedFile[],
  {
    baseline,
    importers,
  }: { readonly baseline: DiagnosticBaseline; readonly importers: ReadonlyMap<string, ReadonlySet<string>> },
): void {
  const changed = new Set(files.map((file) => file.path));
  // A file that imported what is gone shows no import of it any more: the importers of before count, too.
  const affected = new Set([
    ...affectedBy(workspace, changed, importers),
    ...affectedBy(workspace, changed, importersOf(workspace)),
  ]);
  const found = baseline.newAmong(
    diagnosticsOf(workspace, [...affected]),
    new Set([...changed, ...[...affected].map((file) => file.getFilePath())]),
  );
  if (found.length > 0) throw typeRefusal(workspace, found);
}

function typeRefusal(workspace: Workspace, found: readonly Diagnostic[]): Refusal {
  const list = found
    .slice(0, LISTED_MESSAGES)
    .map((each) => `${workspace.relative(each.path)}:${String(each.line)} TS${String(each.code)} ${each.message}`)
    .join('\n  ');
  const more = found.length > LISTED_MESSAGES ? `\n  and ${String(found.length - LISTED_MESSAGES)} more` : '';
  const place = found[0] === undefined ? undefined : { path: workspace.relative(found[0].path), line: found[0].line };
  return new Refusal(
    'REFIT_RESULT_TYPES',
    `The result does not compile under the project's own options; nothing was applied:\n  ${list}${more}`,
    place,
  );
}
