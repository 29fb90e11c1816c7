// Choices: drawn by seed, or enumerated.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choose, enumerateChoices, seededChoices } from '../../../codemods/proof/answers.ts';

const asked = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'c/0'), fc.integer({ min: 1, max: 9 })), { maxLength: 20 });

describe('choose', () => {
  it('answers with the value that was picked', () => {
    expect(choose({ pick: () => 1 }, 'fate', ['fails', 'works'])).toBe('works');
  });

  it('may answer with undefined where that is a value', () => {
    expect(choose({ pick: () => 0 }, 'fate', [undefined])).toBeUndefined();
  });

  it('refuses an empty list by the label', () => {
    expect(() => choose(seededChoices(1), 'fate', [])).toThrow(
      expect.objectContaining({ code: 'PROOF_ANSWER_MISSING', message: expect.stringContaining('fate') }),
    );
  });
});

describe('seededChoices', () => {
  it('picks below the count, and the same again for the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), asked, (seed, questions) => {
        const [one, other] = [seededChoices(seed), seededChoices(seed)];
        for (const [label, count] of questions) {
          const picked = one.pick(count, label);
          expect(picked).toBe(other.pick(count, label));
          expect(Number.isInteger(picked) && picked >= 0 && picked < count).toBe(true);
        }
      }),
    );
  });

  it('gives a label its numbers whatever other labels ask', () => {
    fc.assert(
      fc.property(fc.integer(), asked, (seed, questions) => {
        const [mixed, alone] = [seededChoices(seed), seededChoices(seed)];
        const ofA = questions.flatMap(([label, count]) => {
          const picked = mixed.pick(count, label);
          return label === 'a' ? [picked] : [];
        });
        expect(ofA).toEqual(questions.flatMap(([label, count]) => (label === 'a' ? [alone.pick(count, label)] : [])));
      }),
    );
  });

  it.each([2, 3, 7])('spreads over %i values evenly', (count) => {
    const choices = seededChoices(42);
    const seen = Array.from({ length: count }, () => 0);
    for (let nth = 0; nth < 7_000; nth += 1) {
      const picked = choices.pick(count, 'x');
      seen[picked] = (seen[picked] ?? 0) + 1;
    }
    for (const times of seen) expect(Math.abs(times / (7_000 / count) - 1)).toBeLessThan(0.1);
  });
});

describe('enumerateChoices', () => {
  it('makes every combination once, the first choice changing slowest', () => {
    const made = enumerateChoices((choices) => `${choices.pick(2, 'a')}${choices.pick(3, 'b')}`);
    expect(made).toEqual(['00', '01', '02', '10', '11', '12']);
  });

  it('makes as many as the product of the counts, all different', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 }), (counts) => {
        const made = enumerateChoices((choices) => counts.map((count, nr) => choices.pick(count, String(nr))).join());
        expect(made.length).toBe(counts.reduce((product, count) => product * count, 1));
        expect(new Set(made).size).toBe(made.length);
      }),
    );
  });

  it('follows choices that depend on earlier ones', () => {
    const made = enumerateChoices((choices) => {
      const first = choices.pick(3, 'a');
      return first === 1 ? `1${choices.pick(4, 'b')}` : String(first);
    });
    expect(made).toEqual(['0', '10', '11', '12', '13', '2']);
  });

  it('makes one of what asks nothing', () => {
    expect(enumerateChoices(() => 'only')).toEqual(['only']);
  });

  it('refuses more combinations than its limit, and takes exactly the limit', () => {
    const twelve = (limit: number) => enumerateChoices((choices) => choices.pick(3, 'a') * choices.pick(4, 'b'), limit);
    expect(twelve(12)).toHaveLength(12);
    expect(() => twelve(11)).toThrow(expect.objectContaining({ code: 'PROOF_ANSWER_MISSING' }));
  });
});
