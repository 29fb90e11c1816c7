// Classes of a subject, constructed.
import { describe, expect, it } from 'vitest';
import { constructSubject } from '../../../codemods/proof/construct-subject.ts';
import { openTexts } from './small-subject.ts';

const subject = openTexts({
  'a.ts': 'export class Sum { constructor(a, b) { this.sum = a.n + b.n; } } export const one = 1;',
  'empty.ts': 'export {};',
});

describe('constructSubject', () => {
  it('gives the constructor its arguments', () => {
    const made = constructSubject<{ readonly sum: number }>(subject, { module: 'a.ts', name: 'Sum' }, [{ n: 1 }, { n: 2 }]);
    expect(made.sum).toBe(3);
  });

  it.each([
    ['a class that is not there', { module: 'a.ts', name: 'Total' }, 'a.ts exports no class Total; it exports Sum, one.'],
    ['what is no class', { module: 'a.ts', name: 'one' }, 'a.ts exports no class one'],
    ['anything of a module without exports', { module: 'empty.ts', name: 'Sum' }, 'it exports nothing.'],
    ['a class whose constructor throws', { module: 'a.ts', name: 'Sum' }, 'Sum of a.ts cannot be constructed: Cannot read'],
  ])('says that it cannot construct %s', (_, place, message) => {
    expect(() => constructSubject(subject, place, [])).toThrow(
      expect.objectContaining({ code: 'PROOF_SUBJECT_NOT_CONSTRUCTED', message: expect.stringContaining(message) }),
    );
  });
});
