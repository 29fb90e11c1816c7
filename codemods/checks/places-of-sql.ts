// Rule: SQL stands in the store and the pgmq provider only.
import { isUnder, matcherOf } from '../kernel/glob.ts';
import { ts } from '../kernel/parse-source.ts';
import type { Finding, HouseFile } from './house-file.ts';
import { findingsIn } from './house-file.ts';

const places = matcherOf([
  'src/store/postgres/**',
  'src/store/migrations/**',
  'src/messaging/providers/pgmq*',
  'src/messaging/providers/pgmq*/**',
]);

const object =
  '(table|view|index|function|procedure|schema|type|extension|database|sequence|trigger|role|policy|materialized|unique|temp|temporary)';

/** Shapes of statements; prose that begins with the same verb lacks the second word. */
const statements: readonly RegExp[] = [
  /^select\s[\s\S]*\bfrom\s+[\w."($]/i,
  /^select\s+[\w.]+\s*\(/i,
  /^select\s+\d/i,
  /^insert\s+into\s+[\w."$]/i,
  /^update\s+[\w."]+(\s+(as\s+)?\w+)?\s+set\s/i,
  /^delete\s+from\s+[\w."$]/i,
  /^with\s+(recursive\s+)?\w+\s*(\([^)]*\)\s*)?as\s+((not\s+)?materialized\s+)?\(/i,
  new RegExp(`^create\\s+(or\\s+replace\\s+)?${object}\\b`, 'i'),
  new RegExp(`^(alter|drop)\\s+${object}\\b`, 'i'),
  /^truncate\s+(table\s+)?[\w."]+\s*(cascade|restart|;|$)/i,
  /^(un)?listen\s+[\w"*]+\s*;?$/i,
  /^notify\s+[\w"]+\s*(,|;|$)/i,
  /^(begin|commit|rollback)\s*;/i,
];

/** `Select a file from the list` is a sentence: only a verb in one case throughout begins a statement. */
function isStatement(text: string): boolean {
  const trimmed = text.trimStart().replace(/^(--[^\n]*\n\s*)+/, '');
  const verb = /^\w+/.exec(trimmed)?.[0] ?? '';
  const oneCase = verb === verb.toLowerCase() || verb === verb.toUpperCase();
  return oneCase && statements.some((pattern) => pattern.test(trimmed));
}

/** The first argument of `….query(…)` is SQL whatever it says. */
function isQueryArgument(node: ts.Node): boolean {
  const call = node.parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== node) return false;
  return ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === 'query';
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  // A hole stands where a name or an expression would.
  return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join('x');
}

export function placesOfSqlRule(files: readonly HouseFile[]): readonly Finding[] {
  return files
    .filter(({ path }) => (isUnder(path, 'src') || isUnder(path, 'codemods')) && !places(path))
    .flatMap((file) =>
      findingsIn('places-of-sql', file, (node) => {
        const text = textOf(node);
        if (text === undefined || !(isQueryArgument(node) || isStatement(text))) return undefined;
        const start = text.trim().split('\n', 1)[0]?.slice(0, 40) ?? '';
        return `SQL ("${start}") outside of src/store/postgres, src/store/migrations and src/messaging/providers/pgmq*. Move the statement there.`;
      }),
    );
}
