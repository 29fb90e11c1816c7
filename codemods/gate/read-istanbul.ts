// Reads one file's entry of Istanbul's coverage-final.json.
import type { FileCoverage, Hit, Measure } from './coverage-model.ts';
import { linesOf, measureOf } from './coverage-model.ts';
import type { Fields } from './report-fields.ts';
import { countOf, fieldsAt, isFields, lineAt, wrongShape } from './report-fields.ts';

function statementHits(entry: Fields, where: string, notes: string[]): readonly Hit[] {
  const executed = fieldsAt(entry, 's', where);
  return Object.entries(fieldsAt(entry, 'statementMap', where)).map(([id, location]) => ({
    line: lineAt(location, 'start', `${where}.statementMap.${id}`),
    count: countOf(executed[id], `${where}.s.${id}`, notes),
    name: id,
  }));
}

function lastLineOf(entry: Fields, where: string): number {
  let last = 0;
  for (const [id, location] of Object.entries(fieldsAt(entry, 'statementMap', where)))
    last = Math.max(last, lineAt(location, 'end', `${where}.statementMap.${id}`));
  return last;
}

function startLine(location: unknown): number | undefined {
  const start = isFields(location) ? location['start'] : undefined;
  const line = isFields(start) ? start['line'] : undefined;
  return typeof line === 'number' && line >= 1 ? line : undefined;
}

/** The line of an arm, its branch's where it has none (the missing else); 1 where neither says. */
function armLine(branch: unknown, arm: number): number {
  const fields = isFields(branch) ? branch : {};
  const locations = Array.isArray(fields['locations']) ? fields['locations'] : [];
  return startLine(locations[arm]) ?? startLine(fields['loc']) ?? 1;
}

function armsIn(branch: unknown): number {
  const locations = isFields(branch) ? branch['locations'] : undefined;
  return Array.isArray(locations) ? locations.length : 0;
}

function branchHits(entry: Fields, where: string, notes: string[]): readonly Hit[] {
  const executed = fieldsAt(entry, 'b', where);
  return Object.entries(fieldsAt(entry, 'branchMap', where)).flatMap(([id, branch]) => {
    const arms = executed[id];
    if (!Array.isArray(arms)) throw wrongShape(`${where}.b.${id}`, 'list of counts');
    // An arm that the map has and the counts have not is not covered.
    const counts = Array.from({ length: Math.max(arms.length, armsIn(branch)) }, (_, arm): unknown => arms[arm]);
    return counts.map((count, arm) => ({
      line: armLine(branch, arm),
      count: countOf(count, `${where}.b.${id}[${arm}]`, notes),
      name: `${id}.${arm}`,
    }));
  });
}

function functionHits(entry: Fields, where: string, notes: string[]): readonly Hit[] {
  const executed = fieldsAt(entry, 'f', where);
  return Object.entries(fieldsAt(entry, 'fnMap', where)).map(([id, described]) => {
    const fields = isFields(described) ? described : {};
    const name = typeof fields['name'] === 'string' ? fields['name'] : id;
    return {
      line: lineAt(fields['decl'] ?? fields['loc'], 'start', `${where}.fnMap.${id}`),
      count: countOf(executed[id], `${where}.f.${id}`, notes),
      name,
    };
  });
}

/** Istanbul says all of it. */
interface IstanbulCoverage extends FileCoverage {
  readonly branches: Measure;
  readonly functions: Measure;
  readonly statements: Measure;
}

/** The coverage of one entry; `notes` receives what was put right. */
export function istanbulEntry(key: string, entry: unknown, notes: string[]): IstanbulCoverage {
  if (!isFields(entry)) throw wrongShape(key, 'object');
  const path = entry['path'] ?? key;
  if (typeof path !== 'string') throw wrongShape(`${key}.path`, 'text');
  const statements = statementHits(entry, key, notes);
  return {
    path: path.replaceAll('\\', '/'),
    lines: measureOf(linesOf(statements)),
    branches: measureOf(branchHits(entry, key, notes)),
    functions: measureOf(functionHits(entry, key, notes)),
    statements: measureOf(statements),
    lastLine: lastLineOf(entry, key),
  };
}
