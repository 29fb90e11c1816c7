// Changed files as a unified diff that `git apply` and `patch -p1` take.
import { relative } from 'node:path';
import { structuredPatch } from 'diff';
import type { ChangedFile } from './result-checks.ts';

/** Lines around a change that are shown. */
const CONTEXT_LINES = 3;

/** Whether the file opens with a byte order mark on the disk; texts do not hold it. */
export type HasMark = (path: string) => boolean;

function header(path: string, file: ChangedFile): readonly string[] {
  const names = [`diff --git a/${path} b/${path}`];
  if (file.before === undefined) names.push('new file mode 100644');
  if (file.after === undefined) names.push('deleted file mode 100644');
  return names;
}

function hunks(path: string, before: string, after: string): readonly string[] {
  const patch = structuredPatch(path, path, before, after, undefined, undefined, { context: CONTEXT_LINES });
  return patch.hunks.flatMap((hunk) => {
    const range = (start: number, lines: number): string => `${String(lines === 0 ? start - 1 : start)},${String(lines)}`;
    return [`@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`, ...hunk.lines];
  });
}

function fileDiff(path: string, file: ChangedFile, mark: string): readonly string[] {
  const marked = (text: string | undefined): string => (text === undefined ? '' : `${mark}${text}`);
  const lines = hunks(path, marked(file.before), marked(file.after));
  if (lines.length === 0) return header(path, file);
  const from = file.before === undefined ? '/dev/null' : `a/${path}`;
  const to = file.after === undefined ? '/dev/null' : `b/${path}`;
  return [...header(path, file), `--- ${from}`, `+++ ${to}`, ...lines];
}

/** The diff of all files, in the order given, their paths relative to `root`; empty when nothing changed. */
export function unifiedDiff(files: readonly ChangedFile[], root: string, hasMark: HasMark = () => false): string {
  const changed = files.filter((file) => file.before !== file.after);
  const lines = changed.flatMap((file) => {
    const path = relative(root, file.path).replaceAll('\\', '/');
    return fileDiff(path, file, hasMark(file.path) ? '\uFEFF' : '');
  });
  return lines.map((line) => `${line}\n`).join('');
}
