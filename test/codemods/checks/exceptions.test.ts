// Exceptions from house rules: they cover what they name, and fail when idle or without a reason.
import { describe, expect, it } from 'vitest';
import { applyExceptions } from '../../../codemods/checks/exceptions.ts';

const finding = { rule: 'ceilings', path: 'src/a.ts', line: 401, message: 'The file has 420 lines.' };
const exception = { rule: 'ceilings', path: 'src/a.ts', reason: 'a table of states' };

describe('applyExceptions', () => {
  it('takes out what an exception covers', () => {
    expect(applyExceptions([finding], [exception])).toEqual([]);
  });

  it.each([
    { ...exception, rule: 'layers' },
    { ...exception, path: 'src/b.ts' },
    { ...exception, about: 'parameters' },
  ])('leaves in what it does not cover, and complains of the idle exception: %j', (other) => {
    const left = applyExceptions([finding], [other]);
    expect(left).toEqual([
      finding,
      expect.objectContaining({ rule: 'exceptions', message: expect.stringContaining('Remove it.') }),
    ]);
  });

  it('complains of an exception without a reason', () => {
    expect(applyExceptions([finding], [{ ...exception, reason: ' ' }])).toEqual([
      expect.objectContaining({ message: expect.stringContaining('no reason') }),
    ]);
  });
});
