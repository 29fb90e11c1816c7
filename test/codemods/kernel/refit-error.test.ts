// The error of refit and what is read from anything that was thrown.
import { describe, expect, it } from 'vitest';
import { atPlace } from '../../../codemods/kernel/refusal.ts';
import { isRefitError, reasonOf, RefitError, systemCodeOf } from '../../../codemods/kernel/refit-error.ts';

describe('RefitError', () => {
  it('keeps its code, its kind and its cause', () => {
    const cause = new Error('below');
    expect(new RefitError('A_CODE', 'above', { kind: 'infrastructure', cause })).toMatchObject({
      code: 'A_CODE',
      kind: 'infrastructure',
      cause,
    });
    const bare = new RefitError('A_CODE', 'above');
    expect(bare.kind).toBe('input');
    expect('cause' in bare).toBe(false);
  });

  it.each([
    ['one of this copy', new RefitError('A_CODE', 'a'), true],
    ['one of another copy', Object.assign(new Error('a'), { name: 'RefitError', code: 'A_CODE' }), true],
    ['one that only has the name', Object.assign(new Error('a'), { name: 'RefitError' }), false],
    ['another error with a code', Object.assign(new Error('a'), { code: 'A_CODE' }), false],
    ['no error at all', { name: 'RefitError', code: 'A_CODE' }, false],
  ])('is told from others: %s', (_, thrown, expected) => {
    expect(isRefitError(thrown)).toBe(expected);
  });

  it.each([
    [new Error('text'), 'text'],
    ['text', 'text'],
    [7, '7'],
  ])('reads the reason of %s', (thrown, reason) => {
    expect(reasonOf(thrown)).toBe(reason);
  });

  it.each([
    [Object.assign(new Error('a'), { code: 'ENOENT' }), 'ENOENT'],
    [Object.assign(new Error('a'), { code: 2 }), undefined],
    [new Error('a'), undefined],
    ['ENOENT', undefined],
  ])('reads the system code of %s', (thrown, code) => {
    expect(systemCodeOf(thrown)).toBe(code);
  });
});

describe('the place of a refusal', () => {
  it('stands before its reason, where there is one', () => {
    expect(atPlace({ path: 'a.ts', line: 3 })).toBe('a.ts:3: ');
    expect(atPlace(undefined)).toBe('');
  });
});
