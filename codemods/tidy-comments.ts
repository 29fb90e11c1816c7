// Codemod: tidy-comments
//
// Brings comments and documents in line after names are gone: replaces given sentences exactly where they stand, and
// reports every other place that still speaks of the names. Code is never touched; a sentence that stands outside of a
// comment is refused, and so is one that stands more than once.
//
// A sentence is part of one line. An empty `to` takes it out, with its line when nothing else is on it.
//
// with { "names": ["Store"], "sentences": [{ "file": "a.ts", "from": "goes through the Store", "to": "is kept here" }, { "file": "a.ts", "from": "- `Store` keeps it", "to": "" }] }
// ```ts
// // ---- a.ts
// /**
//  * Everything goes through the Store.
//  *
//  * - `Store` keeps it
//  * - `Reader` reads it
//  */
// export const text = 'Store';
// ```
// ->
// ```ts
// // ---- a.ts
// /**
//  * Everything is kept here.
//  *
//  * - `Reader` reads it
//  */
// export const text = 'Store';
// ```
//
// with { "sentences": [{ "file": "example.ts", "from": "Store", "to": "Shelf" }] }
// ```ts
// /** The shelf. */
// export const text = 'Store';
// ```
// -> refused: REFIT_TIDY_CODE
import { isCodeFile } from './analysis/file-kinds.ts';
import { textMentionsOf } from './analysis/mentions.ts';
import type { Codemod } from './kernel/codemod.ts';
import { type Comment, commentsOf } from './kernel/comments.ts';
import type { Proposal } from './kernel/proposal.ts';
import { lineAt, lineStart, nextLineStart } from './kernel/text-positions.ts';
import type { Workspace } from './kernel/workspace.ts';

export interface Sentence {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface TidyCommentsOptions {
  readonly sentences: readonly Sentence[];
  readonly names?: readonly string[];
}

/** A piece of text that may be edited: a comment, or the whole of a document. */
interface Prose {
  readonly path: string;
  readonly start: number;
  readonly text: string;
}

function occurrences(text: string, part: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) found.push(at);
  return found;
}

/** Where the one occurrence of the sentence is; undefined when it is gone. */
function placeOfSentence(text: string, sentence: Sentence, path: string, out: Proposal): number | undefined {
  const found = occurrences(text, sentence.from);
  const [at, second] = found;
  if (second === undefined) return at;
  return out.refuse(
    'REFIT_TIDY_AMBIGUOUS',
    { path, line: lineAt(text, second) },
    `"${sentence.from}" stands in ${String(found.length)} places. Give more of the sentence.`,
  );
}

function commentAround(comments: readonly Comment[], at: number, length: number): Comment | undefined {
  return comments.find((comment) => comment.start <= at && at + length <= comment.end);
}

/** The prose after the sentence is replaced; an emptied line goes. */
function replaced(prose: Prose, at: number, sentence: Sentence): string {
  const { text } = prose;
  const from = at - prose.start;
  const end = from + sentence.from.length;
  const line = text.slice(lineStart(text, from), from) + text.slice(end, nextLineStart(text, end));
  const isEmptied = sentence.to === '' && /^[\s*/]*$/.test(line) && !line.includes('/');
  if (isEmptied) return text.slice(0, lineStart(text, from)) + text.slice(nextLineStart(text, end));
  return text.slice(0, from) + sentence.to + text.slice(end);
}

/** The sentences of one file, put one after the other into the comments they stand in. */
function tidyFile(workspace: Workspace, path: string, sentences: readonly Sentence[], out: Proposal): void {
  const text = workspace.textOf(path);
  if (text === undefined)
    return out.refuse(
      'REFIT_FILE_UNKNOWN',
      undefined,
      `There is no ${workspace.relative(path)}. Paths are relative to ${workspace.root}.`,
    );
  const comments = isCodeFile(path) ? commentsOf(path, text) : [{ start: 0, end: text.length, text }];
  const changes = new Map<Comment, string>();
  for (const sentence of sentences) {
    const at = placeOfSentence(text, sentence, path, out);
    if (at === undefined) {
      out.skip({ path, line: 1 }, `"${sentence.from}" does not stand here (any more).`);
      continue;
    }
    const comment = commentAround(comments, at, sentence.from.length);
    if (comment === undefined) {
      return out.refuse(
        'REFIT_TIDY_CODE',
        { path, line: lineAt(text, at) },
        `"${sentence.from}" does not stand in a comment here. Only comments and documents are changed; rename code with rename-symbol.`,
      );
    }
    const current = changes.get(comment) ?? text.slice(comment.start, comment.end);
    const shifted = current.indexOf(sentence.from);
    changes.set(comment, replaced({ path, start: 0, text: current }, shifted, sentence));
  }
  for (const [comment, by] of changes) out.edit(path, [comment.start, comment.end], by, 'deleted');
}

/** Places that still speak of the names and that no sentence of the plan is about. */
function reportMentions(workspace: Workspace, options: TidyCommentsOptions, out: Proposal): void {
  const edited = (path: string, line: number): boolean =>
    options.sentences.some(({ file, from }) => {
      const text = workspace.textOf(file) ?? '';
      const at = text.indexOf(from);
      return workspace.absolute(file) === workspace.absolute(path) && at >= 0 && lineAt(text, at) === line;
    });
  for (const { place, word } of textMentionsOf(workspace, { names: options.names ?? [], paths: [], without: [] })) {
    if (!edited(place.path, place.line)) out.mention(place, word, `${word} is still spoken of here.`);
  }
}

function propose(workspace: Workspace, options: TidyCommentsOptions, out: Proposal): void {
  const files = new Map<string, Sentence[]>();
  for (const sentence of options.sentences) {
    if (sentence.from === '' || sentence.from.includes('\n')) {
      out.refuse(
        'REFIT_TIDY_SENTENCE',
        undefined,
        `A sentence to replace is part of one line and not empty; found ${JSON.stringify(sentence.from)}.`,
      );
    }
    const path = workspace.absolute(sentence.file);
    files.set(path, [...(files.get(path) ?? []), sentence]);
  }
  for (const [path, sentences] of files) tidyFile(workspace, path, sentences, out);
  // A program may read what a document says; of a comment nothing runs.
  if (!out.isEmpty && [...files.keys()].every(isCodeFile)) out.claim({ kind: 'same-code' });
  reportMentions(workspace, options, out);
}

export const tidyComments: Codemod<TidyCommentsOptions> = {
  name: 'tidy-comments',
  options: {
    sentences: { kind: 'data', required: true, help: 'what to replace: [{ "file", "from", "to" }]; an empty "to" takes it out' },
    names: { kind: 'list', help: 'names that are gone: places that still speak of them are reported' },
  },
  propose,
};
