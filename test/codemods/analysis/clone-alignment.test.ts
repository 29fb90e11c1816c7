// Laying texts and statements side by side: nothing is lost, nothing changes its order, and likeness is a number from 0 to 1.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignLists, leastSimilarity, similarityOf, treeTokens } from '../../../codemods/analysis/clone-alignment.ts';
import { splitWords } from '../../../codemods/analysis/split-words.ts';

const words = fc
  .array(fc.constantFrom('step', 'result', 'command', 'done', ' ', ' ', 'not', '-', 'claimed'), { maxLength: 9 })
  .map((each) => each.join(''));

function joined(parts: ReturnType<typeof splitWords>, text: number): string {
  return parts.map((part) => (typeof part === 'string' ? part : part[text])).join('');
}

describe('splitWords', () => {
  it('gives each text again when its parts are joined', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 2, maxLength: 4 }), (texts) => {
        const parts = splitWords(texts);
        expect(texts.map((_, at) => joined(parts, at))).toEqual(texts);
      }),
    );
  });

  it('finds no hole in texts that are alike', () => {
    expect(splitWords(['step result', 'step result'])).toEqual(['step result']);
  });

  it('keeps words that stand together in one hole', () => {
    expect(splitWords(['step result command done', 'task finalization command done'])).toEqual([
      ['step result', 'task finalization'],
      ' command done',
    ]);
  });

  it('finds several holes, an empty one among them', () => {
    expect(splitWords(['a slow command was skipped', 'command was not claimed'])).toEqual([
      ['a slow ', ''],
      'command was ',
      ['skipped', 'not claimed'],
    ]);
  });

  it('does not tear a hole apart for a short word in its middle', () => {
    expect(splitWords(['read a file again', 'wrote a log twice'])).toEqual([['read a file again', 'wrote a log twice']]);
  });
});

describe('alignLists', () => {
  const items = fc.array(
    fc.record({
      kind: fc.constantFrom('call', 'let'),
      tokens: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }),
    }),
    { maxLength: 6 },
  );

  it('puts every element into one column and keeps the order of each list', () => {
    fc.assert(
      fc.property(fc.array(items, { minLength: 1, maxLength: 4 }), (lists) => {
        const columns = alignLists(lists);
        for (const [at, list] of lists.entries()) expect(columns.flatMap((column) => column[at] ?? [])).toEqual(list);
        for (const column of columns) {
          expect(column).toHaveLength(lists.length);
          expect(new Set(column.flatMap((cell) => cell?.kind ?? [])).size).toBe(1);
        }
      }),
    );
  });

  it('leaves a gap where a list has nothing like it', () => {
    const item = (text: string): { kind: string; tokens: string[] } => ({ kind: 'call', tokens: text.split(' ') });
    const columns = alignLists([
      [item('open it'), item('close it')],
      [item('open it'), item('log a b'), item('close it')],
    ]);
    expect(columns.map((column) => column.map((cell) => cell?.tokens.join(' ')))).toEqual([
      ['open it', 'open it'],
      [undefined, 'log a b'],
      ['close it', 'close it'],
    ]);
  });
});

describe('similarity', () => {
  it('is symmetric, 1 for equal code and never outside of 0 to 1', () => {
    const tokens = fc.array(fc.constantFrom('a', 'b', '(', ')'), { maxLength: 12 });
    fc.assert(
      fc.property(tokens, tokens, (a, b) => {
        const shared = similarityOf(a, b);
        expect(shared).toBe(similarityOf(b, a));
        expect(shared).toBeGreaterThanOrEqual(0);
        expect(shared).toBeLessThanOrEqual(1);
        expect(similarityOf(a, a)).toBe(1);
      }),
    );
  });

  it('is that of the two that differ most', () => {
    expect(leastSimilarity(['f(a);', 'f(a);', 'f(b);'])).toBe(0.8);
  });

  it('does not see layout, quotes, comments and trailing commas', () => {
    expect(treeTokens('f({\n  a: "x", // why\n});')).toEqual(treeTokens("f({ a: 'x' });"));
  });

  it('takes the text of a template as one token, not as code', () => {
    expect(treeTokens('f(`it is ${x} now`, y);')).toContain('} now`');
  });
});
