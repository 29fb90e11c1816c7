// Entries of a report as they are kept: the same coverage comes out of them as was counted.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCoverageReport } from '../../../codemods/gate/coverage-report.ts';
import { coverageOf, entryFacts } from '../../../codemods/gate/report-entry.ts';
import { istanbulFile } from './istanbul-file.ts';

const count = fc.oneof(fc.integer({ min: -1, max: 3 }), fc.maxSafeNat());
const statement = fc.tuple(fc.integer({ min: 1, max: 40 }), count);
const functionNames = fc.array(fc.oneof(fc.string(), fc.constantFrom('a|b', '\\b', 'a\\', '|', ' ', '')), { maxLength: 4 });
const branches = fc.array(fc.array(count, { maxLength: 3 }), { maxLength: 3 });

describe('entryFacts', () => {
  it('keeps everything that is counted in an entry, through JSON', () => {
    const property = fc.property(fc.array(statement), branches, functionNames, (statements, arms, names) => {
      const shape = { lines: statements.map(([line]) => line), counts: statements.map(([, hits]) => hits), arms };
      const place = { start: { line: 7, column: 0 }, end: { line: 8, column: 1 } };
      const entry = {
        ...istanbulFile('C:\\p\\a.ts', shape),
        fnMap: Object.fromEntries(names.map((name, id) => [id, { name, decl: place, loc: place }])),
        f: Object.fromEntries(names.map((_, id) => [id, id % 2])),
      };
      const text = JSON.stringify({ '/p/a.ts': entry });
      const facts = entryFacts(text.slice(1, -1));
      expect(facts).toEqual(JSON.parse(JSON.stringify(facts)));
      const { files, notes } = parseCoverageReport(text);
      expect(facts === undefined ? [] : [coverageOf(facts)]).toEqual(files);
      expect(facts?.notes).toEqual(notes);
    });
    fc.assert(property);
  });

  it('unpacks hits once', () => {
    const facts = entryFacts(`"/p/a.ts": ${JSON.stringify(istanbulFile('/p/a.ts', { lines: [1, 2], counts: [1, 0] }))}`);
    const lines = facts === undefined ? undefined : coverageOf(facts).lines;
    expect(lines?.hits).toHaveLength(2);
    expect(lines?.hits).toBe(lines?.hits);
  });

  it.each([
    ['nothing', ''],
    ['two files', '"/p/a.ts": {}, "/p/b.ts": {}'],
    ['the total of a summary', '"total": {"lines": {}}'],
  ])('is of one file, not of %s', (_what, text) => {
    expect(entryFacts(text)).toBeUndefined();
  });
});
