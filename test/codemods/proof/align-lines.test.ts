// The alignment of two lists of lines.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignLines } from '../../../codemods/proof/align-lines.ts';

/** The longest common subsequence, by trying everything. */
function longestCommon(before: readonly string[], after: readonly string[]): number {
  const [one, ...rest] = before;
  if (one === undefined) return 0;
  const at = after.indexOf(one);
  const skipping = longestCommon(rest, after);
  return at === -1 ? skipping : Math.max(skipping, 1 + longestCommon(rest, after.slice(at + 1)));
}

const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 9 });

function without(all: readonly string[], left: readonly number[]): readonly string[] {
  return all.filter((_, at) => !left.includes(at));
}

describe('alignLines', () => {
  it.each<[string, string[], string[], [number[], number[]]]>([
    ['equal lists', ['a', 'b'], ['a', 'b'], [[], []]],
    ['nothing and something', [], ['a'], [[], [0]]],
    ['something and nothing', ['a'], [], [[0], []]],
    ['a line put in', ['a', 'c'], ['a', 'b', 'c'], [[], [1]]],
    ['a line taken out', ['a', 'b', 'c'], ['a', 'c'], [[1], []]],
    ['a line that moved', ['a', 'b', 'c'], ['b', 'c', 'a'], [[0], [2]]],
    ['a changed line', ['a', 'b', 'c'], ['a', 'x', 'c'], [[1], [1]]],
    ['one of several equal lines', ['a', 'a'], ['a', 'a', 'a'], [[], [2]]],
  ])('aligns %s', (_, before, after, alone) => {
    expect(alignLines(before, after)).toEqual({ onlyBefore: alone[0], onlyAfter: alone[1] });
  });

  it('leaves as few lines alone as is possible, and what is left is equal on both sides', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const { onlyBefore, onlyAfter } = alignLines(before, after);
        expect(without(before, onlyBefore)).toEqual(without(after, onlyAfter));
        expect(before.length - onlyBefore.length).toBe(longestCommon(before, after));
      }),
    );
  });
});
