// Dead code by `refit dead --json` or by knip's JSON reporter; which of them wrote a report is seen from its shape.
import { resolve } from 'node:path';
import type { CoverageReportConfig } from '../config.ts';
import type { Fields } from '../report-fields.ts';
import { isFields } from '../report-fields.ts';
import type { DeadMember } from '../rules-sizes.ts';
import type { DocumentKind } from './read-document.ts';
import { placeOf, readDocument, unreadable } from './read-document.ts';

const deadClasses: ReadonlySet<unknown> = new Set(['unreachable', 'test-only']);

function ofRefit(value: unknown): readonly DeadMember[] {
  if (!isFields(value) || !deadClasses.has(value['class'])) return [];
  const { symbol, path, line } = value;
  return [{ symbol: String(symbol), file: String(path), line: Number(line), class: String(value['class']) }];
}

/** What knip lists of code; dependencies, binaries and duplicate exports are no dead code. */
const knipKinds: readonly (readonly [key: string, name: string])[] = [
  ['exports', 'unused export'],
  ['types', 'unused type'],
  ['nsExports', 'unused export'],
  ['nsTypes', 'unused type'],
  ['namespaceMembers', 'unused member'],
  ['enumMembers', 'unused member'],
  ['classMembers', 'unused member'],
];

/** Members of enums and classes come as a list, or by the name of their owner, by version. */
function membersIn(value: unknown): readonly Fields[] {
  if (Array.isArray(value)) return value.filter(isFields);
  return isFields(value) ? Object.values(value).flatMap(membersIn) : [];
}

function ofKnip(issue: Fields): readonly DeadMember[] {
  const file = String(issue['file']);
  const unused = membersIn(issue['files']).map((): DeadMember => ({ symbol: file, file, line: 1, class: 'unused file' }));
  const members = knipKinds.flatMap(([key, name]) =>
    membersIn(issue[key]).map((each): DeadMember => {
      const line = typeof each['line'] === 'number' ? each['line'] : 1;
      return { symbol: String(each['name']), file, line, class: name };
    }),
  );
  return [...unused, ...members];
}

/** Until version 5 the files stood in a list of their own. */
function knipMembers(issues: readonly Fields[], files: readonly unknown[]): readonly DeadMember[] {
  const unused = files.map((file): DeadMember => ({ symbol: String(file), file: String(file), line: 1, class: 'unused file' }));
  return [...unused, ...issues.flatMap(ofKnip)];
}

function membersOf(document: unknown): readonly DeadMember[] | undefined {
  if (!isFields(document)) return undefined;
  const { schema, members, issues, files = [] } = document;
  if (schema === 'refit-dead/1' && Array.isArray(members)) return members.flatMap(ofRefit);
  if (!Array.isArray(issues) || !Array.isArray(files)) return undefined;
  const rows = issues.filter((issue) => isFields(issue) && typeof issue['file'] === 'string');
  return rows.length === issues.length ? knipMembers(rows, files) : undefined;
}

/**
 * Dead members out of the report that the configuration names; none when it names none.
 * @throws RefitError GATE_DEAD_MISSING or GATE_DEAD_UNREADABLE.
 */
export function readDead(root: string, config: CoverageReportConfig): readonly DeadMember[] {
  if (config.dead === undefined) return [];
  const { report } = config.dead;
  const kind: DocumentKind = {
    what: 'report of dead code',
    missing: 'GATE_DEAD_MISSING',
    unreadable: 'GATE_DEAD_UNREADABLE',
    advice: `Write it with \`refit dead --json > ${report}\` or \`knip --reporter json > ${report}\`.`,
  };
  const path = resolve(root, report);
  const members = membersOf(readDocument(path, kind));
  if (members === undefined) throw unreadable(path, kind, 'is neither of refit dead (refit-dead/1) nor of knip');
  return members.map((member) => ({ ...member, file: placeOf(root, member.file) }));
}
