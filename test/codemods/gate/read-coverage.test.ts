// Reading a report from the disk: line by line where Istanbul wrote it so, and the same as from its whole text.
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCoverageReport } from '../../../codemods/gate/coverage-report.ts';
import { readCoverage } from '../../../codemods/gate/read-coverage.ts';
import { istanbulFile } from './istanbul-file.ts';
import { emptyProject } from './temporary-project.ts';

const refusal = (code: string): unknown => expect.objectContaining({ code });

/** As Istanbul's json reporter lays a report out. */
function laidOut(entries: readonly (readonly [string, unknown])[]): string {
  const lines = entries.map(([path, entry], at) => `${at === 0 ? '{' : ','}${JSON.stringify(path)}: ${JSON.stringify(entry)}`);
  return `${[...lines, '}'].join('\n')}\n`;
}

const a = istanbulFile('/p/a.ts', { lines: [1, 2], counts: [1, -3], arms: [[1, 0]] });
const b = istanbulFile('/p/b.ts', { lines: [4], counts: [0] });
const two = laidOut([
  ['/p/a.ts', a],
  ['/p/b.ts', b],
]);

function read(text: string): unknown {
  const project = emptyProject();
  project.write('report', text);
  return readCoverage(join(project.root, 'report'));
}

describe('readCoverage', () => {
  it.each([
    ['a file a line', two],
    ['a file a line, with the line ends of Windows', two.replaceAll('\n', '\r\n')],
    ['a file a line, without a line end at the end', two.trimEnd()],
    ['on one line', JSON.stringify({ '/p/a.ts': a, '/p/b.ts': b })],
    ['indented', JSON.stringify({ '/p/a.ts': a, '/p/b.ts': b }, undefined, 2)],
    ['with a byte order mark', `\uFEFF${two}`],
    ['with two files on a line', laidOut([['/p/a.ts', a]]).replace('\n}', `,"/p/b.ts":${JSON.stringify(b)}\n}`)],
    ['on one line that is too long to be one file', `${JSON.stringify({ '/p/a.ts': a })}${' '.repeat(33 * 1024 * 1024)}`],
  ])('reads a report %s as from its whole text', (_what, text) => {
    const report = parseCoverageReport(text);
    expect(report.notes).toHaveLength(1);
    expect(read(text)).toEqual(report);
  });

  it('reads a summary, which has sums in place of files', () => {
    const sum = { total: 5, covered: 4, skipped: 0, pct: 80 };
    const sums = { lines: sum, statements: sum, branches: sum, functions: sum };
    const text = laidOut([
      ['total', sums],
      ['/p/a.ts', sums],
    ]);
    expect(read(text)).toEqual(parseCoverageReport(text));
  });

  it('reads lcov', () => {
    const text = 'TN:\nSF:/p/a.ts\nDA:1,1\nend_of_record\n';
    expect(read(text)).toEqual(parseCoverageReport(text));
  });

  it('reads lines of any length, wherever the disk cuts them', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 9_000 })), {
      minLength: 1,
      maxLength: 5,
      selector: ([name]) => name,
    });
    const property = fc.property(entries, (each) => {
      const text = laidOut(
        each.map(([name, size], nr) => {
          const lines = Array.from({ length: size }, (_, at) => at + 1);
          return [`/p/${nr}-${name}`, istanbulFile(`/p/${nr}-${name}`, { lines, counts: lines.map((line) => line % 3) })];
        }),
      );
      expect(read(text)).toEqual(parseCoverageReport(text));
    });
    fc.assert(property, { numRuns: 4 });
  });

  it.each([
    ['is cut off in a line', two.slice(0, -30), 'GATE_REPORT_NOT_JSON'],
    ['is cut off after a line', two.slice(0, two.lastIndexOf('}\n')), 'GATE_REPORT_NOT_JSON'],
    ['has more after its end', `${two}{`, 'GATE_REPORT_NOT_JSON'],
    ['has an empty line in place of a file', two.replace('\n,', '\n,\n,'), 'GATE_REPORT_NOT_JSON'],
    ['has no file', '{\n}\n', 'GATE_REPORT_EMPTY'],
    ['has a wrong entry before a wrong end', laidOut([['/p/a.ts', 1]]).replace('\n}', '\n'), 'GATE_REPORT_NOT_JSON'],
    ['has a wrong entry', laidOut([['/p/a.ts', 1]]), 'GATE_REPORT_SHAPE'],
    ['has a list in place of an entry', laidOut([['/p/a.ts', []]]), 'GATE_REPORT_SHAPE'],
  ])('refuses one that %s, by the code of the whole text', (_what, text, code) => {
    expect(() => parseCoverageReport(text)).toThrow(refusal(code));
    expect(() => read(text)).toThrow(refusal(code));
  });

  it('refuses a report that has a file twice, which the whole text hides', () => {
    const text = laidOut([
      ['/p/a.ts', a],
      ['/p/a.ts', { ...a, s: { 0: 1, 1: 1 } }],
    ]);
    expect(() => read(text)).toThrow(refusal('GATE_REPORT_TWICE'));
  });

  it('says that there is none, or that it cannot be read', () => {
    const { root } = emptyProject();
    expect(() => readCoverage(join(root, 'none.json'))).toThrow(refusal('GATE_REPORT_MISSING'));
    expect(() => readCoverage(root)).toThrow(refusal('GATE_REPORT_UNREADABLE'));
  });
});
