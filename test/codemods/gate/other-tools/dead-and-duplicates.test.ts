// Ceilings on dead code and on clones, by reports that knip, jscpd and refit dead really wrote.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CoverageReportConfig } from '../../../../codemods/gate/config.ts';
import { duplicateRules, readDuplicates } from '../../../../codemods/gate/other-tools/duplicates.ts';
import { readDead } from '../../../../codemods/gate/other-tools/read-dead.ts';
import { placeOf } from '../../../../codemods/gate/other-tools/read-document.ts';
import { sampleFolder } from '../sample-projects.ts';
import { config } from '../sound-evidence.ts';

const sample = sampleFolder('other-tools');
const refusal = (code: string, says = ''): unknown => expect.objectContaining({ code, message: expect.stringContaining(says) });

const withDead = (report: string): CoverageReportConfig => ({ ...config, dead: { report, most: 0 } });
const withDuplicates = (most: number, percent?: number, report = 'report/jscpd-report.json'): CoverageReportConfig => ({
  ...config,
  duplicates: { report, most, ...(percent !== undefined && { percent }) },
});

/** A folder with one report of this text. */
function folderWith(text: string): string {
  const root = mkdtempSync(join(tmpdir(), 'refit-report-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'report'));
  writeFileSync(join(root, 'report/jscpd-report.json'), text);
  return root;
}

describe('dead code', () => {
  it.each(['report/knip.json', 'report/knip-5.json'])('is read from knip, whose shape differs by version: %s', (report) => {
    expect(readDead(sample, withDead(report))).toEqual([
      { symbol: 'src/left-over.ts', file: 'src/left-over.ts', line: 1, class: 'unused file' },
      { symbol: 'orphan', file: 'src/order.ts', line: 15, class: 'unused export' },
    ]);
  });

  it('is read from refit dead, which names the same', () => {
    const found = readDead(sample, withDead('report/dead.json'));
    expect(found.map(({ symbol, file, line }) => [symbol, file, line])).toEqual([
      ['leftOver', 'src/left-over.ts', 2],
      ['orphan', 'src/order.ts', 15],
    ]);
  });

  it('counts members of enums in either shape of knip, and no dependencies', () => {
    const row = { file: 'src\\a.ts', dependencies: [{ name: 'left-pad' }], types: [{ name: 'T', line: 2 }] };
    const byOwner = { ...row, enumMembers: { Colour: [{ name: 'red', line: 4 }] }, classMembers: [{ name: 'gone' }] };
    const root = folderWith(JSON.stringify({ issues: [byOwner] }));
    expect(readDead(root, withDead('report/jscpd-report.json'))).toEqual([
      { symbol: 'T', file: 'src/a.ts', line: 2, class: 'unused type' },
      { symbol: 'red', file: 'src/a.ts', line: 4, class: 'unused member' },
      { symbol: 'gone', file: 'src/a.ts', line: 1, class: 'unused member' },
    ]);
  });

  it.each([
    ['of jscpd', 'report/jscpd-report.json', 'neither of refit dead'],
    ['of Stryker', 'report/mutation.json', 'neither of refit dead'],
    ['that is a folder', 'report', 'cannot be read'],
  ])('refuses a report %s', (_what, report, says) => {
    expect(() => readDead(sample, withDead(report))).toThrow(refusal('GATE_DEAD_UNREADABLE', says));
  });

  it.each(['[]', '{"issues":[1]}', '{"issues":[{}]}', '{"issues":[],"files":1}', '{"schema":"refit-dead/2","members":[]}', 'x'])(
    'refuses %s',
    (text) => {
      expect(() => readDead(folderWith(text), withDead('report/jscpd-report.json'))).toThrow(refusal('GATE_DEAD_UNREADABLE'));
    },
  );

  it('says how to write a report that is missing', () => {
    expect(() => readDead(sample, withDead('none.json'))).toThrow(
      refusal('GATE_DEAD_MISSING', 'knip --reporter json > none.json'),
    );
    expect(readDead(sample, config)).toEqual([]);
  });
});

describe('duplicates', () => {
  const failures = (asked: CoverageReportConfig) => duplicateRules(readDuplicates(sample, asked), asked);

  it('fail with the places of the longest clone when there are more than allowed', () => {
    expect(failures(withDuplicates(1))).toEqual([]);
    expect(failures(withDuplicates(0, 100, 'report/jscpd-4-report.json'))).toEqual([
      expect.objectContaining({
        code: 'GATE_DUPLICATES',
        file: 'src/order.ts',
        line: 7,
        measured: 1,
        required: 0,
        message: expect.stringContaining('src/order.ts:7 and src/refund.ts:2, 6 lines'),
      }),
    ]);
  });

  it('fail by their share of the lines', () => {
    expect(failures(withDuplicates(1, 25))).toEqual([]);
    expect(failures(withDuplicates(1, 24.9))).toMatchObject([{ code: 'GATE_DUPLICATES', measured: 25, required: 24.9 }]);
    expect(failures(withDuplicates(0, 0))).toHaveLength(2);
  });

  it('are none without a ceiling, and in a report without clones', () => {
    expect(duplicateRules(readDuplicates(sample, config), config)).toEqual([]);
    const total = { statistics: { total: { lines: 9, duplicatedLines: 0 } }, duplicates: [] };
    const root = folderWith(`\uFEFF${JSON.stringify(total)}`);
    expect(duplicateRules(readDuplicates(root, withDuplicates(0, 0)), withDuplicates(0, 0))).toEqual([]);
  });

  const end = { name: 'a.ts', start: 1 };
  const total = (lines: unknown): unknown => ({ total: { lines, duplicatedLines: 0 } });
  it.each([
    ['no object', [], 'none of jscpd'],
    ['a report of knip', { issues: [] }, 'none of jscpd'],
    ['no sums', { duplicates: [] }, 'none of jscpd'],
    ['sums without a total', { statistics: {}, duplicates: [] }, 'none of jscpd'],
    ['sums that are text', { statistics: total('9'), duplicates: [] }, 'none of jscpd'],
    ['a clone without places', { statistics: total(9), duplicates: [{ lines: 3 }] }, 'none of jscpd'],
    ['a clone without lines', { statistics: total(9), duplicates: [{ firstFile: end, secondFile: end }] }, 'none of jscpd'],
    [
      'a place without a name',
      { statistics: total(9), duplicates: [{ lines: 3, firstFile: {}, secondFile: end }] },
      'none of jscpd',
    ],
    ['no lines at all', { statistics: total(0), duplicates: [] }, 'read no file'],
  ])('refuse %s', (_what, document, says) => {
    const root = folderWith(JSON.stringify(document));
    expect(() => readDuplicates(root, withDuplicates(0))).toThrow(refusal('GATE_DUPLICATES_UNREADABLE', says));
  });

  it('refuse a report that is missing', () => {
    expect(() => readDuplicates(sample, withDuplicates(0, 0, 'none.json'))).toThrow(
      refusal('GATE_DUPLICATES_MISSING', 'jscpd --reporters json'),
    );
  });
});

describe('places of reports', () => {
  it('are relative to the project, with forward slashes', () => {
    expect(placeOf('/p', 'src\\a.ts')).toBe('src/a.ts');
    expect(placeOf('/p', '/p/src/a.ts')).toBe('src/a.ts');
    expect(placeOf('/p', 'src/a.ts', '/p/packages/one')).toBe('packages/one/src/a.ts');
  });
});
