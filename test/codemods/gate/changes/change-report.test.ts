// What a change is measured to be, and what its rules say of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeRules } from '../../../../codemods/gate/changes/rules-changes.ts';
import { rendererOf } from '../../../../codemods/gate/formats.ts';
import { judge } from '../../../../codemods/gate/judge.ts';
import { schemaFaults } from '../json-schema.ts';
import { sound } from '../sound-evidence.ts';
import type { ChangeSetting, MarkedFiles } from './changed-code.ts';
import { changeOf } from './changed-code.ts';

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../docs/schemas/gate.schema.json'), 'utf8'),
) as Readonly<Record<string, unknown>>;

const total = [
  'export function total(items: readonly Item[]): number {',
  '  if (items.length === 0) { // +',
  '    return 0; // +',
  '  }',
  '  return items.reduce((sum, item) => sum + item.price, 0); // +',
  '}',
];
const count = ['export function count(items: readonly Item[]): number {', '  return items.length; // -', '}'];
const open = (lines: readonly string[]): readonly string[] => lines.map((line) => line.replace('// +', '// -'));

const asked: ChangeSetting = { config: { changed: { lines: 80, branches: 50 } } };
const failuresOf = (before: MarkedFiles, now: MarkedFiles, setting = asked) => changeRules(changeOf(before, now, setting));

describe('code that was moved', () => {
  const before = { 'src/a.ts': [...total, ...count] };
  const moved = { 'src/a.ts': count, 'src/b.ts': ['// its own place', ...total] };

  it('keeps its status and is not judged as changed', () => {
    const report = changeOf(before, moved, asked);
    expect(report).toMatchObject({
      lines: { covered: 0, coverable: 0 },
      sameCode: { before: { covered: 3, coverable: 4 }, now: { covered: 3, coverable: 4 }, lost: [] },
      sources: { added: 0, edited: 0, moved: 6, removed: 0 },
    });
    expect(changeRules(report)).toEqual([]);
  });

  it('fails when it was covered and is not any more, with both places', () => {
    expect(failuresOf(before, { ...moved, 'src/b.ts': ['// its own place', ...open(total)] })).toEqual([
      {
        code: 'GATE_SAME_CODE',
        file: 'src/b.ts',
        line: 3,
        measured: 0,
        required: 75,
        message:
          '3 lines of src/b.ts (3-4, 6) say what src/a.ts:2-3, 5 said, were covered there and are not now. Look for a test that was lost, or one that still speaks to the old place.',
      },
    ]);
  });

  it('fails in a file that nobody touched, too', () => {
    const [failure] = failuresOf({ 'src/a.ts': total }, { 'src/a.ts': open(total) });
    expect(failure).toMatchObject({ code: 'GATE_SAME_CODE', file: 'src/a.ts', line: 2 });
    const one = { 'src/a.ts': total.with(2, '    return 0; // -') };
    expect(failuresOf({ 'src/a.ts': total }, one)[0]?.message).toMatch(/^1 line of src\/a\.ts \(3\) say/);
  });

  it('is nothing to fail for where the base had it open', () => {
    expect(failuresOf({ 'src/a.ts': [...open(total), ...count] }, { ...moved, 'src/b.ts': open(total) })).toEqual([]);
  });

  it('is compared as one where a statement has other line breaks', () => {
    const broken = ['export const all = items', '  .map((item) => item.price) // -', '  .filter((price) => price > 0); // -'];
    const joined = ['export const all = items.map((item) => item.price).filter((price) => price > 0); // +'];
    const report = changeOf({ 'src/a.ts': [...total, ...joined] }, { 'src/a.ts': [...total, ...broken] });
    expect(report.sameCode).toMatchObject({ before: { covered: 4, coverable: 4 }, now: { covered: 3, coverable: 4 } });
    expect(report.sameCode?.lost).toEqual([{ file: 'src/a.ts', line: 8, from: { file: 'src/a.ts', line: 7 } }]);
  });
});

describe('lines that are new or edited', () => {
  it('are judged together, and the failures are of the files that fall short, most to gain first', () => {
    const now = { 'src/a.ts': [...total, ...count], 'src/b.ts': open(total), 'src/c.ts': total };
    const before = { 'src/a.ts': total };
    const [first, second, ...more] = failuresOf(before, now, { config: { changed: { lines: 80 } } });
    expect(first).toMatchObject({ code: 'GATE_CHANGED_LINES', file: 'src/b.ts', line: 2, measured: 0, required: 80 });
    expect(first?.message).toContain('which has 42.85 % (3 of 7). 3 more reach it; open here: 2-3, 5.');
    expect(second).toMatchObject({ code: 'GATE_CHANGED_LINES', file: 'src/a.ts', line: 8 });
    expect(more).toEqual([]);
  });

  it('are a copy, when the original still stands', () => {
    const copy = { 'src/a.ts': total, 'src/b.ts': open(total) };
    expect(failuresOf({ 'src/a.ts': total }, copy).map(({ code, file }) => [code, file])).toEqual([
      ['GATE_CHANGED_LINES', 'src/b.ts'],
      ['GATE_CHANGED_BRANCHES', 'src/b.ts'],
    ]);
  });

  it('are not judged where an exemption takes the file out', () => {
    const exemptions = [{ files: 'src/b.ts', from: 'coverage', reason: 'made by a tool' }];
    const setting = { config: { changed: { lines: 80 }, exemptions } };
    expect(failuresOf({ 'src/a.ts': total }, { 'src/a.ts': total, 'src/b.ts': open(total) }, setting)).toEqual([]);
  });

  it('are judged without the coverage of the base', () => {
    const report = changeOf({ 'src/a.ts': total }, { 'src/a.ts': [...total, ...count] }, { ...asked, withoutBase: true });
    expect(report).toMatchObject({ sameCode: null, removedCode: null, asIs: { before: null }, lines: { coverable: 1 } });
    expect(changeRules(report).map(({ code }) => code)).toEqual(['GATE_CHANGED_LINES', 'GATE_CHANGED_BRANCHES']);
  });

  it('are shown and not judged where the configuration asks nothing of them', () => {
    expect(failuresOf({ 'src/a.ts': total }, { 'src/a.ts': [...total, ...count] }, {})).toEqual([]);
  });

  it('fail where branches are asked for and the report has none', () => {
    const report = changeOf({ 'src/a.ts': total }, { 'src/a.ts': [...total, ...count] }, asked);
    const silent = { ...report, branches: null, files: report.files.map((file) => ({ ...file, branches: null })) };
    const [, failure] = changeRules(silent);
    expect(failure?.message).toContain('says nothing of branches in src/a.ts');
  });
});

describe('what a change consists of', () => {
  const testsBefore = { 'test/a.test.ts': "it('a', () => {});\nit('b', () => {});\n" };
  const testsNow = { 'test/a.test.ts': "it('a', () => {});\n", 'test/b.test.ts': "it('b', () => {});\nit('c', () => {});\n" };
  const before = { 'src/a.ts': [...total, ...count], 'src/gone.ts': ['export const gone = work(); // -', 'done(gone); // +'] };
  const now = { 'src/a.ts': [...count.with(1, '  return items.length + 1; // +'), 'log(count); // -'], 'src/b.ts': total };
  const report = changeOf(before, now, { ...asked, testsBefore, testsNow });

  it('is split into lines added, edited, moved and removed, dead code, and tests', () => {
    expect(report).toMatchObject({
      sources: { added: 1, edited: 1, moved: 6, removed: 2 },
      removedCode: { coverable: 2, neverCovered: 1 },
      tests: { added: 2, edited: 0, moved: 0, removed: 1, casesBefore: 2, casesNow: 3 },
      asIs: { before: { covered: 4, coverable: 6 }, now: { covered: 4, coverable: 5 } },
    });
  });

  it('is in the table, in Markdown and in JSON', () => {
    const verdict = judge({ ...sound, change: { ...report, notes: ['the base is on trust'] } });
    const whole = { only: [], all: false };
    const table = rendererOf('table')(verdict, whole);
    expect(table).toContain(
      [
        'Change since main (0123456789ab)',
        '  As is             before 66.6% (4 of 6), now 80.0% (4 of 5)',
        '  Same code         before 100.0% (3 of 3), now 100.0% (3 of 3)',
        '  Changed lines     50.0% (1 of 2), required 80%',
        '  Branches on them  50.0% (1 of 2), required 50%',
        '  Source lines      1 added, 1 edited, 6 moved, 2 removed; of 2 coverable ones removed 1 was never covered',
        '  Tests             +1 case (2 to 3); lines: 2 added, 0 edited, 0 moved, 1 removed',
      ].join('\n'),
    );
    expect(table).toContain('note  the base is on trust');
    expect(rendererOf('markdown')(verdict, whole)).toContain('- Changed lines: 50.0% (1 of 2), required 80%');
    const document: unknown = JSON.parse(rendererOf('json')(verdict, whole));
    expect(schemaFaults(schema, document)).toEqual([]);
    expect(document).toMatchObject({ change: { base: 'main', sources: report.sources, files: [{ file: 'src/a.ts' }, {}] } });
  });

  it('says less where less is known', () => {
    const less = changeOf(before, before, { withoutBase: true, testsBefore: testsNow, testsNow: testsBefore });
    const verdict = judge({ ...sound, change: { ...less, branches: null } });
    expect(schemaFaults(schema, JSON.parse(rendererOf('json')(verdict, { only: [], all: false })))).toEqual([]);
    const table = rendererOf('table')(verdict, { only: [], all: false });
    expect(table).toContain('  As is          now 66.6% (4 of 6)\n  Changed lines  — (0 of 0)\n');
    expect(table).toContain('-1 case (3 to 2)');
  });
});
