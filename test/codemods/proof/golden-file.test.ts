// Goldens as text: written, read back, and refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goldenHeader, readGolden, writeGolden } from '../../../codemods/proof/golden-file.ts';
import type { Golden } from '../../../codemods/proof/golden-file.ts';
import { durations, timestamps } from '../../../codemods/proof/normalisers.ts';
import type { RenderedTrace } from '../../../codemods/proof/trace.ts';
import { anyTrace, effect, oddName, trace } from './rendered-traces.ts';

const header = goldenHeader('start', [durations(['ms']), timestamps], ['fifo', 'lifo']);

const text = `# refit trace golden, format 2
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

== races [lifo, seeds 1 to 3]
=> waits for ever

== orders [fifo, seed 2]
db.find(1)
db.find(2)
db.find(3)
=> returned 1

== orders [lifo]
& 2-3
db.find(4)
& 1, 4
`;

function found(...args: readonly string[]): RenderedTrace {
  return trace({ effects: args.map((arg) => effect({ args: [arg] })), outcome: 'returned 1' });
}

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
        ['seed 1', trace({ outcome: 'waits for ever' })],
        ['seed 2', trace({ outcome: 'waits for ever' })],
        ['seed 3', trace({ outcome: 'waits for ever' })],
      ]),
    },
    {
      name: 'orders',
      traces: new Map([
        ['fifo', found('1', '2', '3')],
        ['lifo', found('2', '3', '4', '1')],
        ['seed 2', found('1', '2', '3')],
      ]),
    },
  ],
};

/** Effects of few kinds in many orders, so that schedules have some of them in common. */
const likeTraces: fc.Arbitrary<RenderedTrace> = fc
  .array(fc.constantFrom('1', '2', '3', '4'), { maxLength: 6 })
  .map((args) => found(...args));
const anySchedule = fc.oneof(
  oddName,
  fc.nat({ max: 12 }).map((seed) => `seed ${seed}`),
  fc.constantFrom('fifo', 'lifo', 'seeds 1 to 3', 'seed 01', 'a, b', ' fifo'),
);
const anyTraces = fc.uniqueArray(fc.tuple(anySchedule, fc.oneof(anyTrace, likeTraces)), {
  minLength: 1,
  maxLength: 8,
  selector: first,
});

const anyGolden: fc.Arbitrary<Golden> = fc
  .tuple(oddName, oddName, fc.uniqueArray(fc.tuple(oddName, anyTraces), { maxLength: 3, selector: first }))
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
    expect(readGolden('# refit trace golden, format 2\n', 'x').subject).toBe('');
  });

  it('is read from format 1 too, with a block for each schedule', () => {
    const old = `${goldenHeader('start', [], ['fifo']).join('\n').replace('format 2', 'format 1')}

== races [fifo]
db.find(1)
=> returned 1

== races [lifo]
db.find(1)
=> returned 1
`;
    const read = readGolden(old, 'x');
    expect(read).toEqual({
      subject: 'start',
      header: goldenHeader('start', [], ['fifo']),
      cases: [
        {
          name: 'races',
          traces: new Map([
            ['fifo', found('1')],
            ['lifo', found('1')],
          ]),
        },
      ],
    });
    expect(writeGolden(read)).toContain('\n\n== races [fifo, lifo]\ndb.find(1)\n=> returned 1\n');
  });

  it('says what differs when a line of the first block is changed by hand', () => {
    const [, , orders] = readGolden(text.replace('db.find(2)', 'db.find(5)'), 'x').cases;
    expect(orders?.traces).toEqual(
      new Map([
        ['fifo', found('1', '5', '3')],
        ['seed 2', found('1', '5', '3')],
        ['lifo', found('5', '3', '4', '1')],
      ]),
    );
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
    ['another format', text.replace('format 2', 'format 3'), 'format 3'],
    ['other ends of lines', text.replaceAll('\n', '\r\n'), 'format 2\\r'],
    ['a block without a title', text.replace('== works', 'works'), 'begins with "works"'],
    ['a block without an outcome', text.replace('=> returned undefined\n', ''), 'begins with "== works"'],
    ['two outcomes', text.replace('=> returned 1', '=> returned 1\n=> returned 2'), 'begins with "== races [fifo]"'],
    ['an effect after the outcome', text.replace('=> returned 1', '=> returned 1\ndb.find(1)'), 'begins with "== races [fifo]"'],
    ['a line that is no effect', text.replace('db.find(1)', 'db.find(1'), '"db.find(1" is no effect'],
    ['a merge conflict', text.replace('db.find(1)', '<<<<<<< HEAD\ndb.find(1)'), '<<<<<<< HEAD'],
    ['a case twice', text.replace('[lifo, ', '[fifo, '), '"== races [fifo, seeds 1 to 3]" stands there twice'],
    ['a schedule twice in a list', text.replace('[lifo, seeds', '[lifo, seed 2, seeds'), 'stands there twice'],
    ['seeds in the wrong order', text.replace('seeds 1 to 3', 'seeds 3 to 1'), 'no list of schedules'],
    ['seeds without an end', text.replace('seeds 1 to 3', 'seeds 1 to 99999999'), 'no list of schedules'],
    ['a reference beyond the first block', text.replace('& 2-3', '& 2-5'), '"& 2-5" names the lines 2-5'],
    ['a reference in the first block', text.replace('db.find(1)', '& 1'), 'which has 0'],
    ['a reference to a second outcome', text.replace('& 1, 4', '& 1, 4, 4'), 'begins with "== orders [lifo]"'],
    ['a broken reference', text.replace('& 2-3', '& 2-'), '"& 2-" is no effect'],
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
