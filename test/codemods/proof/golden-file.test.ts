// Goldens as text: written, read back, and refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goldenHeader, readGolden, writeGolden } from '../../../codemods/proof/golden-file.ts';
import type { Golden } from '../../../codemods/proof/golden-file.ts';
import { durations, timestamps } from '../../../codemods/proof/normalisers.ts';
import { anyTrace, effect, oddName, trace } from './rendered-traces.ts';

const header = goldenHeader('start', [durations(['ms']), timestamps], ['fifo', 'lifo']);

const text = `# refit trace golden, format 1
# subject: start
# schedules: fifo, lifo
# normalised: durations (numbers in ms)
# normalised: timestamps (dates on 2026-01-01, the day of the clock)

== works
db.find(1)
=> returned undefined
alive: timeout 5 ms

== races [fifo]
=> returned 1

== races [lifo]
=> waits for ever
`;

const golden: Golden = {
  subject: 'start',
  header,
  cases: [
    { name: 'works', traces: new Map([['all', trace({ effects: [effect()], alive: ['timeout 5 ms'] })]]) },
    {
      name: 'races',
      traces: new Map([
        ['fifo', trace({ outcome: 'returned 1' })],
        ['lifo', trace({ outcome: 'waits for ever' })],
      ]),
    },
  ],
};

const anyGolden: fc.Arbitrary<Golden> = fc
  .tuple(
    oddName,
    oddName,
    fc.uniqueArray(
      fc.tuple(oddName, fc.uniqueArray(fc.tuple(oddName, anyTrace), { minLength: 1, maxLength: 2, selector: first })),
      {
        maxLength: 3,
        selector: first,
      },
    ),
  )
  .map(([subject, describe_, cases]) => ({
    subject,
    header: goldenHeader(subject, [{ name: 'odd', describe: describe_, replace: () => undefined }], ['fifo']),
    cases: cases.map(([name, traces]) => ({ name, traces: new Map(traces) })),
  }));

function first([name]: readonly [string, unknown]): string {
  return name;
}

describe('a golden', () => {
  it('is a text that a person can review', () => {
    expect(writeGolden(golden)).toBe(text);
  });

  it('is read back as it was', () => {
    expect(readGolden(text, 'start.golden.txt')).toEqual(golden);
  });

  it('may have no case yet', () => {
    const empty = { subject: 'start', header, cases: [] };
    expect(readGolden(writeGolden(empty), 'x')).toEqual(empty);
  });

  it('names no subject where its header does not', () => {
    expect(readGolden('# refit trace golden, format 1\n', 'x').subject).toBe('');
  });

  it('is equal after writing and reading, whatever stands in names and values', () => {
    fc.assert(
      fc.property(anyGolden, (given) => {
        const written = writeGolden(given);
        expect(readGolden(written, 'x')).toEqual(given);
        expect(writeGolden(readGolden(written, 'x'))).toBe(written);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['an empty file', '', '""'],
    ['another format', text.replace('format 1', 'format 2'), 'format 2'],
    ['other ends of lines', text.replaceAll('\n', '\r\n'), 'format 1\\r'],
    ['a block without a title', text.replace('== works', 'works'), 'begins with "works"'],
    ['a block without an outcome', text.replace('=> returned undefined\n', ''), 'begins with "== works"'],
    ['two outcomes', text.replace('=> returned 1', '=> returned 1\n=> returned 2'), 'begins with "== races [fifo]"'],
    ['an effect after the outcome', text.replace('=> returned 1', '=> returned 1\ndb.find(1)'), 'begins with "== races [fifo]"'],
    ['a line that is no effect', text.replace('db.find(1)', 'db.find(1'), '"db.find(1" is no effect'],
    ['a merge conflict', text.replace('db.find(1)', '<<<<<<< HEAD\ndb.find(1)'), '<<<<<<< HEAD'],
    ['a case twice', text.replace('[lifo]', '[fifo]'), '"== races [fifo]" stands there twice'],
    ['a broken quotation of what is alive', text.replace('timeout 5 ms', '"timeout'), 'no quoted name'],
    ['a broken quotation of a case', text.replace('== works', '== "works'), 'begins with'],
    ['an unknown escape in a case', text.replace('== works', String.raw`== "\x"`), 'no quoted name'],
  ])('is refused with %s', (_, bad, message) => {
    expect(() => readGolden(bad, 'folder/start.golden.txt')).toThrow(
      expect.objectContaining({ code: 'PROOF_GOLDEN_MALFORMED', message: expect.stringContaining(message) }),
    );
    expect(() => readGolden(bad, 'folder/start.golden.txt')).toThrow('folder/start.golden.txt: ');
  });
});
