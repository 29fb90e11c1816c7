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

/** Which kinds a text tells of; a tool that writes none of one says nothing of it, which is not that all of it is covered. */
interface Told {
  readonly branches: boolean;
  readonly functions: boolean;
}

/** Whether single records of a kind are there, or sums that say there are none. */
function tellsOf(text: string, record: string, sum: string): boolean {
  const has = (pattern: string): boolean => new RegExp(`^${pattern}`, 'm').test(text);
  return has(`${record}:`) || (has(`${sum}:0`) && !has(`${sum}:[1-9]`));
}

function coverageOf(section: Section, told: Told): FileCoverage {
  const lines = linesOf(section.lines);
  const functions = section.functions.map((hit) => ({ ...hit, line: section.functionLines.get(hit.name) ?? hit.line }));
  return {
    path: section.path,
    lines: measureOf(lines),
    branches: told.branches ? measureOf(section.branches) : undefined,
    functions: told.functions ? measureOf(functions) : undefined,
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

function cutOff({ path }: Section): RefitError {
  const message = `The coverage report ends within ${path}: its section has no end_of_record. A run that was interrupted leaves such a file; run the tests again.`;
  return new RefitError('GATE_REPORT_SHAPE', message);
}

/**
 * Files of an lcov text, one per `SF` section; `notes` receives what was put right.
 * @throws RefitError GATE_REPORT_NUMBER, and GATE_REPORT_SHAPE for a section that is not closed.
 */
export function lcovFiles(text: string, notes: string[]): readonly FileCoverage[] {
  const sections: Section[] = [];
  let open: Section | undefined;
  for (const record of text.split(/\r?\n/)) {
    if (record.startsWith('SF:')) {
      if (open !== undefined) throw cutOff(open);
      const path = record.slice(3).replaceAll('\\', '/');
      open = { path, lines: [], branches: [], functionLines: new Map(), functions: [] };
      sections.push(open);
    } else if (record.trim() === 'end_of_record') open = undefined;
    else if (open !== undefined) take(open, record, notes);
  }
  if (open !== undefined) throw cutOff(open);
  const told: Told = { branches: tellsOf(text, 'BRDA', 'BRF'), functions: tellsOf(text, 'FNDA', 'FNF') };
  return sections.map((section) => coverageOf(section, told));
}
