// The error of refit and what is read from anything that was thrown.
import { describe, expect, it } from 'vitest';
import { reasonOf, RefitError, systemCodeOf } from '../../../codemods/kernel/refit-error.ts';

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
