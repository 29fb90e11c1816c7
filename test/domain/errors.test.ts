// The error type, and the text of whatever was thrown.
import { describe, expect, it } from 'vitest';
import { messageOf, TaskerError, toTaskerError } from '../../src/domain/errors.ts';

describe('TaskerError', () => {
  it('is a bug without details unless told otherwise', () => {
    const error = new TaskerError('SOME_CODE', 'found x, expected y');
    expect(error).toMatchObject({ name: 'TaskerError', code: 'SOME_CODE', kind: 'bug', details: {} });
    expect(Object.hasOwn(error, 'cause')).toBe(false);
  });

  it('keeps kind, details and cause', () => {
    const cause = new Error('below');
    const error = new TaskerError('SOME_CODE', 'text', { kind: 'input', details: { limit: 3 }, cause });
    expect(error).toMatchObject({ kind: 'input', details: { limit: 3 }, cause });
  });
});

describe('messageOf', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;

  it.each([
    [new Error('broken'), 'broken'],
    [new RangeError(''), 'RangeError'],
    ['text', 'text'],
    [{ code: 7 }, '{"code":7}'],
    [undefined, 'undefined'],
    [circle, '[object Object]'],
  ])('reads %o', (thrown, text) => {
    expect(messageOf(thrown)).toBe(text);
  });
});

describe('toTaskerError', () => {
  it('leaves a TaskerError alone', () => {
    const error = new TaskerError('FIRST', 'text');
    expect(toTaskerError(error, 'SECOND')).toBe(error);
  });

  it('wraps anything else and keeps it as the cause', () => {
    expect(toTaskerError('why', 'CODE')).toMatchObject({ code: 'CODE', kind: 'bug', message: 'why', cause: 'why' });
    expect(toTaskerError('why', 'CODE', 'infrastructure')).toMatchObject({ kind: 'infrastructure' });
  });
});
