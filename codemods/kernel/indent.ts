// Moves a block of code to another indentation, leaving the inside of template literals and block strings alone.
import { parseSource, ts, walk } from './parse-source.ts';

/** Lines (from 0) that start inside a template literal: their blanks are data. */
function dataLines(code: string): ReadonlySet<number> {
  const source = parseSource('indent.tsx', code);
  const lines = new Set<number>();
  const mark = (node: ts.Node): void => {
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const last = source.getLineAndCharacterOfPosition(node.end).line;
    for (let line = first + 1; line <= last; line += 1) lines.add(line);
  };
  walk(source, (node) => {
    if (
      ts.isNoSubstitutionTemplateLiteral(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node)
    )
      mark(node);
  });
  return lines;
}

/** The smallest indentation of the lines from the second on (the first starts where the node starts). */
function commonIndent(lines: readonly string[], data: ReadonlySet<number>): string {
  let common: string | undefined;
  for (const [at, line] of lines.entries()) {
    if (at === 0 || line.trim() === '' || data.has(at)) continue;
    const blanks = /^[ \t]*/.exec(line)?.[0] ?? '';
    if (common === undefined || blanks.length < common.length) common = blanks;
  }
  return common ?? '';
}

/**
 * The code with the indentation of its second and later lines changed from `from` (default: what they share) to `to`.
 * The first line is left as it is. `syntax` tells how to parse the code when it is not statements (`member`: class members).
 */
export function reindent(code: string, to: string, from?: string, syntax: 'statements' | 'member' = 'statements'): string {
  const prefix = syntax === 'member' ? 'class C {' : '';
  const data = dataLines(`${prefix}${code}${syntax === 'member' ? '}' : ''}`);
  const lines = code.split('\n');
  const old = from ?? commonIndent(lines, data);
  return lines
    .map((line, at) => {
      if (at === 0 || data.has(at) || line.trim() === '') return line;
      return line.startsWith(old) ? `${to}${line.slice(old.length)}` : line;
    })
    .join('\n');
}
