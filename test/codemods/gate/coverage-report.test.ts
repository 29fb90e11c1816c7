// Reading Istanbul JSON: what counts as a line, a branch, and what is refused.
import { describe, expect, it } from 'vitest';
import { parseCoverageReport } from '../../../codemods/gate/coverage-report.ts';
import { istanbulFile } from './istanbul-file.ts';

const one = (entry: unknown): string => JSON.stringify({ '/p/src/a.ts': entry });

describe('parseCoverageReport', () => {
  it('counts a line once, covered when any statement that starts there ran', () => {
    const entry = istanbulFile('/p/src/a.ts', { lines: [1, 1, 2, 3], counts: [0, 4, 0, 1] });
    const [file] = parseCoverageReport(one(entry)).files;
    expect(file).toMatchObject({ path: '/p/src/a.ts', coverableLines: 3, openLines: [2], lastLine: 3 });
  });

  it('counts each arm of a branch', () => {
    const entry = istanbulFile('/p/src/a.ts', { lines: [1], counts: [1], arms: [[1, 0], [3]] });
    expect(parseCoverageReport(one(entry)).files[0]).toMatchObject({ branches: 3, coveredBranches: 2 });
  });

  it('takes a negative count for not covered and says so', () => {
    const entry = istanbulFile('/p/src/a.ts', { lines: [1], counts: [1], arms: [[-3, 2]] });
    const report = parseCoverageReport(one(entry));
    expect(report.files[0]).toMatchObject({ branches: 2, coveredBranches: 1 });
    expect(report.notes).toEqual(['/p/src/a.ts.b.0[0] is -3; counted as not covered.']);
  });

  it('reads paths of Windows with forward slashes', () => {
    const entry = istanbulFile('C:\\p\\src\\a.ts', { lines: [1], counts: [1] });
    expect(parseCoverageReport(one(entry)).files[0]?.path).toBe('C:/p/src/a.ts');
  });

  it('accepts a file with nothing to cover', () => {
    const entry = istanbulFile('/p/src/a.ts', { lines: [], counts: [] });
    expect(parseCoverageReport(one(entry)).files[0]).toMatchObject({ coverableLines: 0, branches: 0, lastLine: 0 });
  });

  const sound = istanbulFile('/p/src/a.ts', { lines: [1], counts: [1], arms: [[1]] });
  const refused: readonly (readonly [what: string, text: string, code: string, says: string])[] = [
    ['text that is no JSON', '{"a": ', 'GATE_REPORT_NOT_JSON', 'run the tests again'],
    ['an empty text', '', 'GATE_REPORT_NOT_JSON', 'not JSON'],
    ['a list', '[]', 'GATE_REPORT_SHAPE', 'at its top'],
    ['null', 'null', 'GATE_REPORT_SHAPE', 'at its top'],
    ['no file at all', '{}', 'GATE_REPORT_EMPTY', 'names no file'],
    ['a file that is a number', one(7), 'GATE_REPORT_SHAPE', '/p/src/a.ts'],
    ['a path that is no text', one({ ...sound, path: 1 }), 'GATE_REPORT_SHAPE', '.path'],
    ['a file without statements', one({ ...sound, statementMap: undefined }), 'GATE_REPORT_SHAPE', '.statementMap'],
    ['a file without statement counts', one({ ...sound, s: undefined }), 'GATE_REPORT_SHAPE', '.s'],
    ['a file without branches', one({ ...sound, branchMap: [] }), 'GATE_REPORT_SHAPE', '.branchMap'],
    ['branch counts that are no list', one({ ...sound, b: { 0: 1 } }), 'GATE_REPORT_SHAPE', '.b.0'],
    [
      'a statement without a line',
      one({ ...sound, statementMap: { 0: { start: {}, end: { line: 1 } } } }),
      'GATE_REPORT_SHAPE',
      '.start.line',
    ],
    [
      'a statement on line 0',
      one({ ...sound, statementMap: { 0: { start: { line: 0 }, end: { line: 1 } } } }),
      'GATE_REPORT_SHAPE',
      '.start.line',
    ],
    ['a statement that is null', one({ ...sound, statementMap: { 0: null } }), 'GATE_REPORT_SHAPE', '.start.line'],
    ['a missing statement count', one({ ...sound, s: {} }), 'GATE_REPORT_NUMBER', 'nothing'],
    ['a count that is text', one({ ...sound, s: { 0: '1' } }), 'GATE_REPORT_NUMBER', '"1"'],
    ['a count that is a fraction', one({ ...sound, s: { 0: 1.5 } }), 'GATE_REPORT_NUMBER', '1.5'],
    ['a branch count that is null', one({ ...sound, b: { 0: [null] } }), 'GATE_REPORT_NUMBER', 'null'],
  ];

  it.each(refused)('refuses %s', (_what, text, code, says) => {
    expect(() => parseCoverageReport(text)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(says) }));
  });
});
