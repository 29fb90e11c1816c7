// What a schedule has in common with the first block of its case.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followReferences, writeReferences } from '../../../codemods/proof/golden-references.ts';

const first = ['a()', 'b()', 'c()', 'b()', 'd()'];

describe('references to the first block', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['the same lines', first, ['& 1-5']],
    ['lines in another order', ['c()', 'a()', 'b()', 'd()'], ['& 3, 1-2, 5']],
    ['equal lines, each for one of them', ['b()', 'b()', 'a()'], ['& 2, 4, 1']],
    ['an equal line more often than it is there', ['a()', 'a()'], ['& 1, 1']],
    ['lines of its own', ['a()', 'x()', 'y()', 'd()'], ['& 1', 'x()', 'y()', '& 5']],
    ['nothing in common', ['x()'], ['x()']],
    ['nothing at all', [], []],
  ])('say %s', (_, lines, written) => {
    expect(writeReferences(lines, first)).toEqual(written);
    expect(followReferences(written, first)).toEqual(lines);
  });

  it('are followed back to the very lines', () => {
    const lines = fc.array(fc.constantFrom('a()', 'b()', 'c()', '& 1()', '[f] a()'), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (some, base) => {
        expect(followReferences(writeReferences(some, base), base)).toEqual(some);
      }),
    );
  });

  it.each(['& 0', '& 6', '& 4-6', '& 3-2', '& 1, 9'])('are refused where the first block has no such line: %s', (line) => {
    expect(() => followReferences([line], first)).toThrow(`expected lines of the case's first block, which has 5`);
  });
});
