// Goldens updated, with what that changes.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Golden } from '../../../codemods/proof/golden-file.ts';
import { goldenHeader } from '../../../codemods/proof/golden-file.ts';
import { findGolden, goldenPath } from '../../../codemods/proof/golden-store.ts';
import type { RenderedTrace } from '../../../codemods/proof/trace.ts';
import { differenceLine, updateGolden } from '../../../codemods/proof/write-golden.ts';
import { effect, trace } from './rendered-traces.ts';

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'refit-goldens-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'inner');
}

function goldenOf(cases: Readonly<Record<string, Readonly<Record<string, RenderedTrace>>>>): Golden {
  return {
    subject: 'a',
    header: goldenHeader('a', [], ['fifo']),
    cases: Object.entries(cases).map(([name, traces]) => ({ name, traces: new Map(Object.entries(traces)) })),
  };
}

const done = trace({ outcome: 'returned 1' });
const other = trace({ outcome: 'returned 2' });

describe('updateGolden', () => {
  it('stores a first golden, in a folder that need not be there', () => {
    const folder = emptyFolder();
    const golden = goldenOf({ one: { all: done } });
    expect(updateGolden(folder, golden)).toEqual({ subject: 'a', added: ['one'], removed: [], changed: new Map() });
    expect(findGolden(folder, 'a')).toEqual(golden);
  });

  it('leaves an equal golden alone', () => {
    const folder = emptyFolder();
    updateGolden(folder, goldenOf({ one: { all: done } }));
    const { mtimeMs } = statSync(goldenPath(folder, 'a'));
    expect(updateGolden(folder, goldenOf({ one: { all: done } }))).toBeUndefined();
    expect(statSync(goldenPath(folder, 'a')).mtimeMs).toBe(mtimeMs);
  });

  it('writes a golden of an older format anew, and says that nothing in it changed', () => {
    const folder = emptyFolder();
    const golden = goldenOf({ one: { fifo: done, lifo: done } });
    updateGolden(folder, golden);
    const text = readFileSync(goldenPath(folder, 'a'), 'utf8');
    const old = text.replace('format 2', 'format 1').replace('[fifo, lifo]', '[fifo]');
    writeFileSync(goldenPath(folder, 'a'), `${old}\n== one [lifo]\n=> returned 1\n`);
    expect(findGolden(folder, 'a')).toEqual(golden);
    expect(updateGolden(folder, golden)).toEqual({ subject: 'a', added: [], removed: [], changed: new Map() });
    expect(readFileSync(goldenPath(folder, 'a'), 'utf8')).toBe(text);
  });

  it('says what came, what is gone and what is otherwise', () => {
    const folder = emptyFolder();
    updateGolden(
      folder,
      goldenOf({
        same: { all: done },
        gone: { all: done },
        changed: { all: done },
        split: { all: done },
        fewer: { fifo: done, lifo: other },
      }),
    );
    const after = goldenOf({
      same: { all: done },
      changed: { all: other },
      split: { fifo: done, lifo: other },
      fewer: { fifo: done },
      came: { all: done },
    });
    expect(updateGolden(folder, after)).toEqual({
      subject: 'a',
      added: ['came'],
      removed: ['gone'],
      changed: new Map([
        ['changed', ['outcome at outcome\n    - returned 1\n    + returned 2']],
        ['split', ['outcome at outcome\n    - returned 1\n    + returned 2']],
        ['fewer', ['recorded under fifo, before under fifo, lifo']],
      ]),
    });
    expect(findGolden(folder, 'a')).toEqual(after);
  });

  it('stores a golden whose values are odd, and takes it for equal afterwards', () => {
    const folder = emptyFolder();
    const golden = goldenOf({ 'a\n\n== b [x]': { all: trace({ effects: [effect({ target: 'x(\n' })], alive: ['"'] }) } });
    updateGolden(folder, golden);
    expect(findGolden(folder, 'a')).toEqual(golden);
    expect(updateGolden(folder, golden)).toBeUndefined();
  });
});

describe('differenceLine', () => {
  it.each([
    [{ kind: 'missing effect', place: 'db.find', before: 'db.find()' }, 'missing effect at db.find\n    - db.find()'],
    [{ kind: 'extra effect', place: 'db.find', after: 'db.find()' }, 'extra effect at db.find\n    + db.find()'],
  ] as const)('of %j', (difference, line) => {
    expect(differenceLine(difference)).toBe(line);
  });
});
