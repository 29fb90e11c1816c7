// Reads lcov trace files: lines, and branches and functions where the tool wrote them; statements it cannot say.
import { RefitError } from '../kernel/refit-error.ts';
import type { FileCoverage, Hit } from './coverage-model.ts';
import { linesOf, measureOf } from './coverage-model.ts';
import { countOf } from './report-fields.ts';

interface NamedHit extends Hit {
  readonly name: string;
}

interface Section {
  readonly path: string;
  readonly lines: Hit[];
  readonly branches: Hit[];
  readonly functionLines: Map<string, number>;
  readonly functions: NamedHit[];
}

export function isLcov(text: string): boolean {
  return /^(TN:|SF:)/m.test(text) && !text.trimStart().startsWith('{');
}

function numberAt(text: string | undefined, where: string): number {
  if (text !== undefined && /^-?\d+$/.test(text)) return Number(text);
  const message = `The coverage report has ${JSON.stringify(text) ?? 'nothing'} in \`${where}\`; expected a whole number. Write the report anew.`;
  throw new RefitError('GATE_REPORT_NUMBER', message);
}

function coverageOf(section: Section): FileCoverage {
  const lines = linesOf(section.lines);
  const functions = section.functions.map((hit) => ({ ...hit, line: section.functionLines.get(hit.name) ?? hit.line }));
  return {
    path: section.path,
    lines: measureOf(lines),
    branches: measureOf(section.branches),
    functions: measureOf(functions),
    statements: undefined,
    lastLine: lines.at(-1)?.line ?? 0,
  };
}

/** Takes one record into the section; kinds that are sums of others (LF, LH, …) are left alone. */
function take(section: Section, record: string, notes: string[]): void {
  const colon = record.indexOf(':');
  const [kind, rest] = [record.slice(0, colon), record.slice(colon + 1)];
  const parts = rest.split(',');
  const where = `${section.path} ${record}`;
  if (kind === 'DA') {
    section.lines.push({ line: numberAt(parts[0], where), count: countOf(numberAt(parts[1], where), where, notes) });
  } else if (kind === 'BRDA') {
    const count = parts[3] === '-' ? 0 : countOf(numberAt(parts[3], where), where, notes);
    section.branches.push({ line: numberAt(parts[0], where), count, name: `${parts[1] ?? ''}.${parts[2] ?? ''}` });
  } else if (kind === 'FN') {
    section.functionLines.set(parts.at(-1) ?? '', numberAt(parts[0], where));
  } else if (kind === 'FNDA') {
    const name = parts.slice(1).join(',');
    section.functions.push({ line: 1, count: countOf(numberAt(parts[0], where), where, notes), name });
  }
}

/** Files of an lcov text, one per `SF` section; `notes` receives what was put right. */
export function lcovFiles(text: string, notes: string[]): readonly FileCoverage[] {
  const sections: Section[] = [];
  for (const record of text.split(/\r?\n/)) {
    if (record.startsWith('SF:')) {
      const path = record.slice(3).replaceAll('\\', '/');
      sections.push({ path, lines: [], branches: [], functionLines: new Map(), functions: [] });
      continue;
    }
    const section = sections.at(-1);
    if (section !== undefined) take(section, record, notes);
  }
  return sections.map(coverageOf);
}
