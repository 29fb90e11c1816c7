// Reading Istanbul JSON: what counts as a line, a branch, and what is refused.
import { describe, expect, it } from 'vitest';
import { openLinesOf } from '../../../codemods/gate/coverage-model.ts';
import { parseCoverageReport } from '../../../codemods/gate/coverage-report.ts';
import { istanbulFile } from './istanbul-file.ts';

const one = (entry: unknown): string => JSON.stringify({ '/p/src/a.ts': entry });

describe('parseCoverageReport', () => {
  it('counts a line once, covered when any statement that starts there ran', () => {
    const entry = istanbulFile('/p/src/a.ts', { lines: [1, 1, 2, 3], counts: [0, 4, 0, 1] });
    const [file] = parseCoverageReport(one(entry)).files;
    expect(file).toMatchObject({ path: '/p/src/a.ts', lines: { total: 3, covered: 2 }, lastLine: 3 });
    expect(openLinesOf(file)).toEqual([2]);
  });

  it('counts each arm of a branch', () => {
    const entry = istanbulFile('/p/src/a.ts', { lines: [1], counts: [1], arms: [[1, 0], [3]] });
    expect(parseCoverageReport(one(entry)).files[0]).toMatchObject({ branches: { total: 3, covered: 2 } });
  });

  it('takes a negative count for not covered and says so', () => {
    const entry = istanbulFile('/p/src/a.ts', { lines: [1], counts: [1], arms: [[-3, 2]] });
    const report = parseCoverageReport(one(entry));
    expect(report.files[0]).toMatchObject({ branches: { total: 2, covered: 1 } });
    expect(report.notes).toEqual(['/p/src/a.ts.b.0[0] is -3; counted as not covered.']);
  });

  it('takes a missing count for not covered and says so', () => {
    const report = parseCoverageReport(one({ ...istanbulFile('/p/src/a.ts', { lines: [1], counts: [1] }), s: {} }));
    expect(report.files[0]).toMatchObject({ lines: { total: 1, covered: 0 }, statements: { total: 1, covered: 0 } });
    expect(report.notes).toEqual(['/p/src/a.ts.s.0 is missing; counted as not covered.']);
  });

  it('counts functions', () => {
    const at = { start: { line: 2, column: 0 }, end: { line: 3, column: 1 } };
    const fnMap = { 0: { name: 'first', decl: at, loc: at }, 1: { name: 'second', decl: at, loc: at } };
    const entry = { ...istanbulFile('/p/src/a.ts', { lines: [1], counts: [1] }), fnMap, f: { 0: 3, 1: 0 } };
    expect(parseCoverageReport(one(entry)).files[0]?.functions).toMatchObject({ total: 2, covered: 1 });
  });

  it('reads a report that begins with a byte order mark', () => {
    const text = `\uFEFF${one(istanbulFile('/p/src/a.ts', { lines: [1], counts: [1] }))}`;
    expect(parseCoverageReport(text).files).toHaveLength(1);
  });

  it('reads paths of Windows with forward slashes', () => {
    const entry = istanbulFile('C:\\p\\src\\a.ts', { lines: [1], counts: [1] });
    expect(parseCoverageReport(one(entry)).files[0]?.path).toBe('C:/p/src/a.ts');
  });

  it('accepts a file with nothing to cover', () => {
    const entry = istanbulFile('/p/src/a.ts', { lines: [], counts: [] });
    expect(parseCoverageReport(one(entry)).files[0]).toMatchObject({
      lines: { total: 0 },
      branches: { total: 0 },
      lastLine: 0,
    });
  });

  const sums = (lines: number, covered: number): unknown => ({
    lines: { total: lines, covered },
    branches: { total: 2, covered: 1 },
    functions: { total: 1, covered: 1 },
    statements: { total: lines, covered },
  });

  it('reads the sums of a json-summary', () => {
    const report = parseCoverageReport(JSON.stringify({ total: sums(5, 4), '/p/src/a.ts': sums(5, 4) }));
    expect(report.files).toEqual([
      expect.objectContaining({ path: '/p/src/a.ts', lines: { total: 5, covered: 4 }, functions: { total: 1, covered: 1 } }),
    ]);
  });

  it('reads lcov: lines, branches, functions; of statements it knows nothing', () => {
    const records = ['TN:', 'SF:C:\\p\\src\\a.ts', 'FN:1,go', 'FNDA:0,go', 'DA:1,1', 'DA:2,0', 'BRDA:1,0,0,-', 'BRDA:1,0,1,2'];
    const report = parseCoverageReport([...records, 'LF:2', 'LH:1', 'end_of_record', ''].join('\r\n'));
    expect(report.files).toHaveLength(1);
    expect(report.files[0]).toMatchObject({
      path: 'C:/p/src/a.ts',
      lines: { total: 2, covered: 1 },
      branches: { total: 2, covered: 1 },
      functions: { total: 1, covered: 0, hits: [{ line: 1, name: 'go' }] },
      lastLine: 2,
    });
    expect(report.files[0]?.statements).toBeUndefined();
  });

  it.each([
    ['writes neither branches nor functions', ['DA:1,1'], undefined, undefined],
    ['writes sums of them alone', ['DA:1,1', 'FNF:2', 'FNH:2', 'BRF:4', 'BRH:4'], undefined, undefined],
    ['says that there are none', ['DA:1,1', 'FNF:0', 'FNH:0', 'BRF:0', 'BRH:0'], 0, 0],
  ])('takes nothing for covered where the tool that wrote lcov %s', (_what, records, branches, functions) => {
    const [file] = parseCoverageReport(['SF:/p/src/a.ts', ...records, 'end_of_record', ''].join('\n')).files;
    expect([file?.branches?.total, file?.functions?.total]).toEqual([branches, functions]);
  });

  it('counts an arm that the map has and the counts have not as not covered', () => {
    const short = istanbulFile('/p/src/a.ts', { lines: [1], counts: [1], arms: [[1, 1]] });
    const at = { start: { line: 1, column: 0 }, end: { line: 1, column: 1 } };
    const branchMap = { 0: { type: 'if', loc: at, locations: [at, at] } };
    const report = parseCoverageReport(one({ ...short, branchMap, b: { 0: [1] } }));
    expect(report.files[0]?.branches).toMatchObject({ total: 2, covered: 1 });
    expect(report.notes).toEqual([expect.stringContaining('.b.0[1] is missing; counted as not covered')]);
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
    ['functions that are no object', one({ ...sound, fnMap: 1 }), 'GATE_REPORT_SHAPE', '.fnMap'],
    [
      'a total that its files do not add up to',
      JSON.stringify({ total: sums(9, 4), '/p/src/a.ts': sums(5, 4) }),
      'GATE_REPORT_INCONSISTENT',
      'has 9 lines, its files have 5',
    ],
    [
      'a sum that covers more than there is',
      JSON.stringify({ total: sums(5, 6), '/p/src/a.ts': sums(5, 6) }),
      'GATE_REPORT_NUMBER',
      '6 of 5',
    ],
    ['an lcov count that is no number', 'SF:/p/a.ts\nDA:1,x\nend_of_record\n', 'GATE_REPORT_NUMBER', '"x"'],
    [
      'a file twice in lcov',
      'SF:/p/a.ts\nDA:1,1\nend_of_record\nSF:/p/a.ts\nDA:1,1\nend_of_record\n',
      'GATE_REPORT_TWICE',
      '/p/a.ts twice',
    ],
    ['lcov that is cut off in its last file', 'SF:/p/a.ts\nDA:1,1\n', 'GATE_REPORT_SHAPE', 'ends within /p/a.ts'],
    [
      'lcov that is cut off before another file',
      'SF:/p/a.ts\nDA:1,1\nSF:/p/b.ts\nend_of_record\n',
      'GATE_REPORT_SHAPE',
      '/p/a.ts',
    ],
    ['a count that is text', one({ ...sound, s: { 0: '1' } }), 'GATE_REPORT_NUMBER', '"1"'],
    ['a count that is a fraction', one({ ...sound, s: { 0: 1.5 } }), 'GATE_REPORT_NUMBER', '1.5'],
    ['a branch count that is null', one({ ...sound, b: { 0: [null] } }), 'GATE_REPORT_NUMBER', 'null'],
  ];

  it.each(refused)('refuses %s', (_what, text, code, says) => {
    expect(() => parseCoverageReport(text)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(says) }));
  });
});
