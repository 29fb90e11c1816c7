// Where texts still speak of names and files that go: comments, documents, configuration.
import { posix } from 'node:path';
import { commentsOf } from '../kernel/comments.ts';
import type { Place } from '../kernel/refusal.ts';
import { lineAt } from '../kernel/text-positions.ts';
import type { Workspace } from '../kernel/workspace.ts';

export interface Mention {
  readonly place: Place;
  readonly word: string;
  /** The mention is a path in a configuration: a tool will look for the file. */
  readonly configures: boolean;
}

export interface Sought {
  readonly names: readonly string[];
  /** Relative paths. */
  readonly paths: readonly string[];
  /** Absolute paths of files not to look in. */
  readonly without: readonly string[];
}

/** Documents, and code that no tsconfig of the workspace includes. */
const looseTexts = ['**/*.{md,mdx,json,yaml,yml,toml}', '**/*.{ts,mts,cts,js,mjs,cjs}'];

function escaped(word: string): string {
  return word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Every place a word stands at as a word of its own. */
function placesOf(text: string, word: string): readonly number[] {
  return [...text.matchAll(new RegExp(`(?<![\\w$])${escaped(word)}(?![\\w$])`, 'g'))].map((match) => match.index);
}

/** Names in comments of the project's sources. */
function inComments(workspace: Workspace, sought: Sought): readonly Mention[] {
  return workspace.sourceFiles().flatMap((file) => {
    const path: string = file.getFilePath();
    const text = file.getFullText();
    if (sought.without.includes(path) || !sought.names.some((name) => text.includes(name))) return [];
    return commentsOf(path, text).flatMap((comment) =>
      sought.names.flatMap((word) =>
        placesOf(text.slice(comment.start, comment.end), word).map((at): Mention => ({
          place: { path, line: lineAt(text, comment.start + at) },
          word,
          configures: false,
        })),
      ),
    );
  });
}

/** The endings of a path that a text may name it by: with at least one folder. */
function endingsOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, at) => parts.slice(at).join('/'));
}

function inLooseText(workspace: Workspace, path: string, sought: Sought): readonly Mention[] {
  const text = workspace.textOf(path) ?? '';
  const mention = (word: string, at: number, configures: boolean): Mention => ({
    place: { path, line: lineAt(text, at) },
    word,
    configures,
  });
  const names = sought.names.flatMap((word) => placesOf(text, word).map((at) => mention(word, at, false)));
  const isProse = /\.mdx?$/.test(path);
  const files = sought.paths.flatMap((word) => {
    const longest = endingsOf(word).find((ending) => text.includes(ending));
    return longest === undefined ? [] : placesOf(text, longest).map((at) => mention(word, at, !isProse));
  });
  return [...names, ...files];
}

/** All mentions, by file. Generated files and lockfiles are not read. */
export function textMentionsOf(workspace: Workspace, sought: Sought): readonly Mention[] {
  const loose = workspace
    .files(looseTexts)
    .filter((path) => workspace.findSourceFile(path) === undefined && !sought.without.includes(path))
    .filter(
      (path) => !/(?:^|\/)(?:package(?:-lock)?|tsconfig[^/]*)\.json$/.test(path) && !posix.dirname(path).includes('/generated/'),
    );
  return [...inComments(workspace, sought), ...loose.flatMap((path) => inLooseText(workspace, path, sought))];
}
