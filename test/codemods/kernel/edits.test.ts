// Edits of one text: applied in one pass, refused when they overlap or reach outside.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editedText } from '../../../codemods/kernel/edits.ts';
import type { Edit } from '../../../codemods/kernel/proposal.ts';

function edit(start: number, end: number, text: string): Edit {
  return { path: '/a.ts', start, end, text, comments: 'carried' };
}

/** Applies edits from the end, one splice each. */
function spliced(text: string, edits: readonly Edit[]): string {
  return edits.reduceRight((before, { start, end, text: put }) => before.slice(0, start) + put + before.slice(end), text);
}

/** A text with disjoint edits in order, replaced ranges and insertions mixed. */
const textWithEdits = fc
  .tuple(
    fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }),
    fc.array(fc.tuple(fc.nat(5), fc.nat(4), fc.string({ maxLength: 5 })), { maxLength: 12 }),
  )
  .map(([text, steps]) => {
    const edits: Edit[] = [];
    let at = 0;
    for (const [skip, length, put] of steps) {
      const start = at + skip;
      const end = start + length;
      if (end > text.length) break;
      edits.push(edit(start, end, put));
      at = end + 1; // two edits that touch are a case of their own
    }
    return { text, edits };
  });

describe('editedText', () => {
  it('gives what splicing one by one gives, in whatever order the edits are proposed', () => {
    fc.assert(
      fc.property(textWithEdits, fc.infiniteStream(fc.nat()), ({ text, edits }, ranks) => {
        const order = edits
          .map((each) => ({ each, rank: ranks.next().value }))
          .toSorted((a, b) => Number(a.rank) - Number(b.rank));
        expect(
          editedText(
            text,
            order.map(({ each }) => each),
          ),
        ).toBe(spliced(text, edits));
      }),
    );
  });

  it('leaves the text outside of the edits as it is, byte for byte', () => {
    fc.assert(
      fc.property(textWithEdits, ({ text, edits }) => {
        const kept = edits.reduceRight((before, { start, end }) => before.slice(0, start) + before.slice(end), text);
        const result = editedText(
          text,
          edits.map((each) => ({ ...each, text: '' })),
        );
        expect(result).toBe(kept);
      }),
    );
  });

  it('keeps insertions at one place in the order they were proposed, before a replacement that starts there', () => {
    expect(editedText('abc', [edit(1, 2, 'X'), edit(1, 1, '1'), edit(1, 1, '2')])).toBe('a12Xc');
  });

  it('lets edits touch', () => {
    expect(editedText('abcd', [edit(0, 2, 'X'), edit(2, 4, 'Y'), edit(2, 2, '|')])).toBe('X|Y');
  });

  it.each([
    ['one starts inside another', edit(0, 3, ''), edit(2, 4, '')],
    ['one holds another', edit(0, 4, ''), edit(1, 2, '')],
    ['both replace the same', edit(1, 3, 'x'), edit(1, 3, 'x')],
    ['an insertion falls inside a replacement', edit(0, 4, ''), edit(2, 2, 'x')],
  ])('refuses when %s, and names both lines', (_, first, second) => {
    const refused = { code: 'REFIT_EDITS_OVERLAP', message: expect.stringMatching(/lines 1 and [12]\).*Nothing was applied/) };
    expect(() => editedText('a\nbc\n', [first, second])).toThrow(expect.objectContaining(refused));
    expect(() => editedText('a\nbc\n', [second, first])).toThrow(expect.objectContaining(refused));
  });

  it.each([
    ['before the text', edit(-1, 0, '')],
    ['past the end', edit(0, 4, '')],
    ['from its end to its start', edit(2, 1, '')],
  ])('refuses a range that reaches %s', (_, outside) => {
    expect(() => editedText('abc', [outside])).toThrow(expect.objectContaining({ code: 'REFIT_EDIT_RANGE' }));
  });
});
