// What thrown values mean: retryable or not, when, and in which words.
import { describe, expect, it } from 'vitest';
import { classifyThrown, PermanentError, RetryableError } from '../../src/domain/classify-thrown.ts';
import { TaskerError } from '../../src/domain/errors.ts';

describe('errors', () => {
  it('may be tried again when they say nothing', () => {
    expect(classifyThrown(new Error('broken pipe'))).toMatchObject({
      message: 'broken pipe',
      errorType: 'handler_error',
      retryable: true,
    });
  });

  it('carry a short backtrace', () => {
    const error = new Error('x');
    error.stack = ['Error: x', ...Array.from({ length: 30 }, (_, i) => `    at line${i} ${'y'.repeat(600)}`)].join('\n');
    const backtrace = classifyThrown(error).backtrace ?? [];
    expect(backtrace).toHaveLength(20);
    expect(backtrace[0]).toMatch(/^at line0 y+…$/);
    expect(backtrace[0]).toHaveLength(500);
  });

  it('are permanent when thrown so', () => {
    const cause = new Error('below');
    const error = new PermanentError('card refused', { cause, statusCode: 402 });
    expect(error).toMatchObject({ name: 'PermanentError', cause });
    expect(classifyThrown(error)).toMatchObject({ errorType: 'PermanentError', retryable: false, statusCode: 402 });
    expect(classifyThrown(new PermanentError('x', { errorType: 'card_refused' }))).toMatchObject({ errorType: 'card_refused' });
    expect(Object.hasOwn(new PermanentError('x'), 'cause')).toBe(false);
  });

  it.each([
    [{ retryAfterSeconds: 7 }, '7', 7],
    [{ retryAfterSeconds: 0.2 }, '1', 1],
    [{ retryAfter: 'Sun, 06 Nov 2094 08:49:37 GMT' }, 'Sun, 06 Nov 2094 08:49:37 GMT', undefined],
    [{ retryAfter: '30', errorType: 'busy', statusCode: 400 }, '30', 30],
    [{}, undefined, undefined],
  ])('are retryable when thrown so, with %o', (options, retryAfter, retryAfterSeconds) => {
    const cause = new Error('below');
    const classified = classifyThrown(new RetryableError('busy', { ...options, cause }));
    expect(classified).toMatchObject({ message: 'busy', retryable: true });
    expect(classified.retryAfter).toBe(retryAfter);
    expect(classified.retryAfterSeconds).toBe(retryAfterSeconds);
    expect(new RetryableError('busy')).toMatchObject({ name: 'RetryableError', errorType: 'RetryableError' });
  });

  it('of ours are permanent when they blame the input', () => {
    const input = new TaskerError('JSON_TOO_DEEP', 'x', { kind: 'input' });
    expect(classifyThrown(input)).toMatchObject({ errorType: 'JSON_TOO_DEEP', retryable: false });
    expect(classifyThrown(new TaskerError('STORE_FAILED', 'x', { kind: 'infrastructure' }))).toMatchObject({ retryable: true });
  });
});

describe('errors of other packages', () => {
  const thrown = (fields: Record<string, unknown>) => Object.assign(new Error('x'), fields);

  it.each([
    [{ retryable: false }, { retryable: false, errorType: 'handler_error' }],
    [
      { retryable: false, status: 503 },
      { retryable: false, statusCode: 503, errorType: 'service_unavailable' },
    ],
    [
      { retryable: 'yes', errorType: 'own' },
      { retryable: true, errorType: 'own' },
    ],
    [{ retryAfter: 5 }, { retryAfter: '5', retryAfterSeconds: 5 }],
    [{ retryAfter: '12' }, { retryAfter: '12', retryAfterSeconds: 12 }],
  ])('are read by their fields %o', (fields, expected) => {
    expect(classifyThrown(thrown(fields))).toMatchObject(expected);
  });

  it.each([[{ retryAfter: -1 }], [{ retryAfter: Number.NaN }], [{ retryAfter: '' }], [{ retryAfter: {} }]])(
    'ask for no delay with %o',
    (fields) => {
      expect(classifyThrown(thrown(fields))).not.toHaveProperty('retryAfter');
    },
  );

  it.each([
    [400, 'bad_request', false],
    [401, 'unauthorized', false],
    [403, 'forbidden', false],
    [404, 'not_found', false],
    [405, 'method_not_allowed', false],
    [408, 'request_timeout', true],
    [409, 'conflict', false],
    [422, 'handler_error', false],
    [429, 'rate_limited', true],
    [500, 'internal_server_error', true],
    [501, 'handler_error', true],
    [502, 'bad_gateway', true],
    [503, 'service_unavailable', true],
    [504, 'gateway_timeout', true],
  ])('with HTTP status %i are %s, retryable %s', (statusCode, errorType, retryable) => {
    expect(classifyThrown(thrown({ statusCode }))).toMatchObject({ statusCode, errorType, retryable });
    expect(classifyThrown(thrown({ status: statusCode }))).toMatchObject({ statusCode, errorType, retryable });
  });

  it.each([200, 600, 404.5, '404'])('say nothing by the status %o', (status) => {
    const classified = classifyThrown(thrown({ status }));
    expect(classified).toMatchObject({ errorType: 'handler_error', retryable: true });
    expect(classified).not.toHaveProperty('statusCode');
  });
});

describe('values that are no errors', () => {
  it.each([
    ['boom', 'the handler threw "boom", which is not an Error'],
    [null, 'the handler threw null, which is not an Error'],
    [undefined, 'the handler threw undefined, which is not an Error'],
    [42, 'the handler threw 42, which is not an Error'],
    [{ code: 'E1' }, 'the handler threw {"code":"E1"}, which is not an Error'],
  ])('are named: %o', (value, message) => {
    expect(classifyThrown(value)).toEqual({ message, errorType: 'handler_error', retryable: true });
  });

  it('count by their fields', () => {
    expect(classifyThrown({ status: 404 })).toMatchObject({ errorType: 'not_found', retryable: false });
  });
});

it('keeps messages short enough to be stored', () => {
  const { message } = classifyThrown(new Error('x'.repeat(20_000)));
  expect(message).toHaveLength(9000);
  expect(message.endsWith('x…')).toBe(true);
});

it('keeps texts that PostgreSQL can hold, also where the cut goes through a pair', () => {
  const cut = classifyThrown(new Error(`x${'\u{1f600}'.repeat(6_000)}`));
  expect(cut.message).not.toMatch(/[\ud800-\udfff]/u);
  const odd = classifyThrown(Object.assign(new Error('a\0b\ud800'), { errorType: `t\0${'y'.repeat(600)}`, retryAfter: '1\0' }));
  expect(odd).toMatchObject({ message: 'ab\ufffd', retryAfter: '1' });
  expect(odd.errorType).toMatch(/^ty{497,499}…$/);
});
