// Rule: every file opens with a sentence that says what it is for, and has a name that says it too.
import { isUnder } from '../kernel/glob.ts';
import type { Finding, HouseFile } from './house-file.ts';

const banned: ReadonlySet<string> = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'shared',
  'misc',
  'types',
  'manager',
]);
const bannedEndings: ReadonlySet<string> = new Set(['util', 'utils', 'helper', 'helpers', 'misc', 'manager']);

/** The `//` lines at the top, a `#!` line before them left out. */
function headOf(text: string): string {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const body = lines[0]?.startsWith('#!') === true ? lines.slice(1) : lines;
  const end = body.findIndex((line) => !line.startsWith('//'));
  const head = end === -1 ? body : body.slice(0, end);
  return head
    .map((line) => line.replace(/^\/\/ ?/, ''))
    .join('\n')
    .trim();
}

function headFault({ text }: HouseFile): string | undefined {
  const head = headOf(text);
  if (head === '') return 'The file has no head comment. Open it with `// ` and one sentence that says what it is for.';
  const [paragraph = ''] = head.split(/\n\s*\n/);
  const sentence = head.split(/\s+/).length >= 3 && /[.!?](\s|$)/.test(`${head} `);
  return sentence
    ? undefined
    : `The head comment "${paragraph.slice(0, 60)}" is not a sentence. Say what the file is for, with a full stop.`;
}

function nameFault({ path }: HouseFile): string | undefined {
  const parts = path.split('/');
  const file = parts.at(-1) ?? '';
  const [stem = ''] = file.split('.');
  const inTest = isUnder(path, 'test');
  const words = [...parts.slice(0, -1), stem].filter((word) => !(inTest && word === 'helpers'));
  const vague = words.find((word) => banned.has(word) || bannedEndings.has(word.split('-').at(-1) ?? ''));
  if (vague !== undefined) return `The name \`${vague}\` says nothing of what is inside. Name it after its main export.`;
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem) ? undefined : `The name \`${file}\` is not kebab-case.`;
}

export function fileHeadsAndNamesRule(files: readonly HouseFile[]): readonly Finding[] {
  return files.flatMap((file) => {
    const messages = [headFault(file), nameFault(file)].filter((message) => message !== undefined);
    return messages.map((message) => ({ rule: 'file-heads-and-names', path: file.path, line: 1, message }));
  });
}
