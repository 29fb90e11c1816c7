// Reads the head comment of a codemod's file: it is the manual, and its examples are tests.
import { RefitError, reasonOf } from './refit-error.ts';

/** Path relative to the project → text. */
export type ExampleFiles = Readonly<Record<string, string>>;

export type ExampleResult =
  | { readonly kind: 'changed'; readonly files: ExampleFiles }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly code: string };

export interface DocExample {
  /** Line of its first fence in the file, counted from 1. */
  readonly line: number;
  readonly options: object;
  readonly before: ExampleFiles;
  readonly result: ExampleResult;
}

export interface Manual {
  /** As in `Codemod: <name>`. */
  readonly name: string;
  /** The first sentence. */
  readonly summary: string;
  /** Markdown: everything after the line with the name. */
  readonly text: string;
  readonly examples: readonly DocExample[];
}

/** The lines of the head comment without their slashes, a `#!` line left out; the first has number `first`. */
interface Head {
  readonly path: string;
  readonly first: number;
  readonly lines: readonly string[];
}

/** Example without `// ----` lines: one file of this name. */
const SINGLE_FILE = 'example.ts';

function headOf(path: string, text: string): Head {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const first = lines[0]?.startsWith('#!') === true ? 1 : 0;
  const body = lines.slice(first);
  const end = body.findIndex((line) => !line.startsWith('//'));
  const head = end < 0 ? body : body.slice(0, end);
  return { path, first: first + 1, lines: head.map((line) => line.replace(/^\/\/ ?/, '')) };
}

function problem(head: Head, at: number, what: string): RefitError {
  return new RefitError('REFIT_MANUAL', `${head.path}:${String(head.first + at)}: ${what}`);
}

/** The files of one fence: `// ---- <path>` begins each; every file ends with a newline unless it is empty. */
export function filesOfFence(lines: readonly string[]): ExampleFiles {
  const files: Record<string, string[]> = {};
  let current: string[] | undefined;
  for (const line of lines) {
    const path = /^\/\/ ---- (\S+)$/.exec(line)?.[1];
    if (path !== undefined) {
      current = [];
      files[path] = current;
    } else if (current === undefined) {
      current = [line];
      files[SINGLE_FILE] = current;
    } else current.push(line);
  }
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.map((line) => `${line}\n`).join('')]));
}

interface Fence {
  readonly files: ExampleFiles;
  /** Index of the line that closes it. */
  readonly end: number;
}

function readFence(head: Head, open: number): Fence {
  if (!/^```ts$/.test(head.lines[open] ?? '')) throw problem(head, open, 'expected a fence that opens with ```ts.');
  const end = head.lines.indexOf('```', open + 1);
  if (end < 0) throw problem(head, open, 'this fence is never closed. Close it with a line ``` of its own.');
  return { files: filesOfFence(head.lines.slice(open + 1, end)), end };
}

/** `with {…}` up to the line before the next fence or blank line. */
function readOptions(head: Head, at: number): object {
  const end = head.lines.findIndex((line, index) => index > at && (line.trim() === '' || line.startsWith('```')));
  const json = head.lines
    .slice(at, end < 0 ? undefined : end)
    .join('\n')
    .slice('with '.length);
  try {
    // What opens with a brace is an object, or no JSON.
    return JSON.parse(json) as object;
  } catch (thrown) {
    throw problem(head, at, `the options after \`with\` are not JSON: ${reasonOf(thrown)}`);
  }
}

function readResult(head: Head, at: number): { readonly result: ExampleResult; readonly end: number } {
  const arrow = head.lines[at] ?? '';
  if (arrow === '-> unchanged') return { result: { kind: 'unchanged' }, end: at };
  const code = /^-> refused: (REFIT_[A-Z0-9_]+)$/.exec(arrow)?.[1];
  if (code !== undefined) return { result: { kind: 'refused', code }, end: at };
  if (arrow !== '->') throw problem(head, at, 'an example is followed by a line `->`, `-> unchanged` or `-> refused: REFIT_…`.');
  const { files, end } = readFence(head, at + 1);
  return { result: { kind: 'changed', files }, end };
}

function readExamples(head: Head): readonly DocExample[] {
  const examples: DocExample[] = [];
  let options: object = {};
  for (let at = 0; at < head.lines.length; at += 1) {
    const line = head.lines[at] ?? '';
    if (line.startsWith('with {')) options = readOptions(head, at);
    if (!line.startsWith('```')) continue;
    const before = readFence(head, at);
    const { result, end } = readResult(head, before.end + 1);
    examples.push({ line: head.first + at, options, before: before.files, result });
    options = {};
    at = end;
  }
  return examples;
}

/** The manual in the text of a codemod's file. Throws REFIT_MANUAL with file and line when it is not one. */
export function readManual(path: string, text: string): Manual {
  const head = headOf(path, text);
  const name = /^Codemod: (\S+)$/.exec(head.lines[0] ?? '')?.[1];
  if (name === undefined) throw problem(head, 0, 'the file opens with a line `// Codemod: <name>`.');
  const body = head.lines.slice(1).join('\n').trim();
  const [paragraph = ''] = body.split(/\n\s*\n/);
  const summary = /^[\s\S]*?[.!?](?=\s|$)/.exec(paragraph)?.[0].replaceAll('\n', ' ');
  if (summary === undefined || summary.startsWith('```')) {
    throw problem(head, 1, 'after the name and an empty line comes a sentence that says what the codemod does.');
  }
  return { name, summary, text: body, examples: readExamples(head) };
}
