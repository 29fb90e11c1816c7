// Step results: what workers write, what the orchestrator reads, and how forgiving the reading is.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classifyThrown,
  failureResult,
  parseStepResult,
  requestedBackoff,
  RetryableError,
  storedResult,
  successResult,
} from '../../src/domain/step-result.ts';

const least = { stepUuid: 'step-1', executionTimeMs: 12, completedAt: '2026-01-01T00:00:00Z' };
const all = { ...least, startedAt: '2025-12-31T23:59:59Z', workerId: 'w1', workerHostname: 'h1', custom: { a: 1 } };

describe('successResult', () => {
  it('is completed and not retryable', () => {
    expect(successResult(all, { rows: 3 })).toEqual({
      step_uuid: 'step-1',
      success: true,
      result: { rows: 3 },
      status: 'completed',
      metadata: {
        execution_time_ms: 12,
        completed_at: '2026-01-01T00:00:00Z',
        started_at: '2025-12-31T23:59:59Z',
        worker_id: 'w1',
        worker_hostname: 'h1',
        custom: { a: 1 },
        context: {},
        retryable: false,
      },
      orchestration_metadata: { headers: {}, custom: {} },
    });
  });

  it('leaves out what is not known', () => {
    expect(Object.keys(successResult(least, null).metadata).toSorted()).toEqual([
      'completed_at',
      'context',
      'custom',
      'execution_time_ms',
      'retryable',
    ]);
  });
});

describe('failureResult', () => {
  it('carries the error, whether it may pass, and when', () => {
    const failure = classifyThrown(new RetryableError('busy', { retryAfterSeconds: 9, statusCode: 429 }));
    expect(failureResult(least, failure)).toMatchObject({
      success: false,
      result: {},
      status: 'failed',
      error: { message: 'busy', error_type: 'RetryableError', retryable: true, status_code: 429, context: {} },
      metadata: { retryable: true, error_type: 'RetryableError' },
      orchestration_metadata: { headers: { 'retry-after': '9' } },
    });
  });

  it('always has orchestration metadata, so that a backoff is computed', () => {
    expect(failureResult(least, classifyThrown('text'))).toEqual({
      step_uuid: 'step-1',
      success: false,
      result: {},
      status: 'failed',
      error: {
        message: 'the handler threw "text", which is not an Error',
        error_type: 'handler_error',
        retryable: true,
        context: {},
      },
      metadata: {
        execution_time_ms: 12,
        completed_at: '2026-01-01T00:00:00Z',
        custom: {},
        context: {},
        retryable: true,
        error_type: 'handler_error',
      },
      orchestration_metadata: { headers: {}, custom: {} },
    });
  });
});

describe('parseStepResult', () => {
  it.each([
    ['success', successResult(all, [1, null])],
    ['failure', failureResult(all, classifyThrown(new RetryableError('x', { retryAfterSeconds: 1, statusCode: 503 })))],
    ['invalid', parseStepResult(null)],
  ])('reads back what was written: %s', (_, result) => {
    expect(parseStepResult(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  it.each([[null], [undefined], ['text'], [[1]]])('takes %o for a failure that cannot pass', (json) => {
    expect(parseStepResult(json)).toMatchObject({
      success: false,
      status: 'error',
      error: { error_type: 'INVALD_STEP_EXECUTION_RESULT', retryable: false },
      metadata: { retryable: false, error_type: 'INVALD_STEP_EXECUTION_RESULT' },
    });
  });

  it('gives absent fields their defaults', () => {
    expect(parseStepResult({})).toEqual({
      step_uuid: '',
      success: false,
      result: {},
      status: 'failed',
      metadata: { execution_time_ms: 0, retryable: false, completed_at: '', custom: {}, context: {} },
    });
    expect(parseStepResult({ success: true, status: '' }).status).toBe('completed');
    expect(parseStepResult({ error: {}, orchestration_metadata: {} })).toMatchObject({
      error: { message: '', retryable: false, context: {} },
      orchestration_metadata: { headers: {}, custom: {} },
    });
  });

  it('takes over what is there and drops what has the wrong type', () => {
    const json = {
      result: 7,
      status: 'error',
      error: { message: 'm', retryable: true, backtrace: ['a', 1], status_code: 'x', context: { k: 1 } },
      metadata: { execution_time_ms: '1', error_code: 'E', handler_version: 2, custom: [], context: { c: 1 } },
      orchestration_metadata: { headers: { a: 1 }, error_context: 'e', backoff_hint: { delay_seconds: 3 }, custom: { d: 1 } },
    };
    expect(parseStepResult(json)).toEqual({
      step_uuid: '',
      success: false,
      result: 7,
      status: 'error',
      error: { message: 'm', retryable: true, backtrace: ['a'], context: { k: 1 } },
      metadata: { execution_time_ms: 0, error_code: 'E', retryable: true, completed_at: '', custom: {}, context: { c: 1 } },
      orchestration_metadata: { headers: { a: 1 }, error_context: 'e', backoff_hint: { delay_seconds: 3 }, custom: { d: 1 } },
    });
  });

  it('never throws, whatever JSON it reads', () => {
    const field = fc.jsonValue({ maxDepth: 2 });
    const shaped = fc.record({ success: field, result: field, error: field, metadata: field, orchestration_metadata: field });
    fc.assert(
      fc.property(fc.oneof(field, shaped), (json) => {
        expect(['completed', 'failed', 'error']).toContain(parseStepResult(json).status);
      }),
    );
  });
});

describe('storedResult', () => {
  it('keeps of a success the result', () => {
    expect(storedResult(successResult(all, { rows: 3 }))).toEqual({ success: true, result: { rows: 3 } });
  });

  it('keeps of a failure what the retry decision and an operator read, so that it reads back the same', () => {
    const failure = failureResult(all, classifyThrown(new RetryableError('busy', { retryAfterSeconds: 9, statusCode: 429 })));
    const stored = storedResult(failure);
    expect(stored).toEqual({
      success: false,
      error: failure.error,
      metadata: { retryable: true, error_type: 'RetryableError' },
      orchestration_metadata: { headers: { 'retry-after': '9' } },
    });
    const read = parseStepResult(stored);
    expect(read).toMatchObject({ success: false, status: 'failed', error: failure.error, metadata: { retryable: true } });
    expect(requestedBackoff(read)).toEqual(requestedBackoff(failure));
  });

  it('keeps the delay that a handler asked for', () => {
    const hinted = parseStepResult({ orchestration_metadata: { backoff_hint: { delay_seconds: 4 } } });
    expect(storedResult(hinted)).toEqual({
      success: false,
      metadata: { retryable: false },
      orchestration_metadata: { backoff_hint: { delay_seconds: 4 } },
    });
  });

  it('keeps no empty maps', () => {
    expect(storedResult(parseStepResult({}))).toEqual({ success: false, metadata: { retryable: false } });
  });
});

describe('requestedBackoff', () => {
  const withMetadata = (metadata: unknown) => requestedBackoff(parseStepResult({ orchestration_metadata: metadata }));

  it.each([
    [{ headers: { 'Retry-After': '120' } }, { retryAfter: '120', hintSeconds: undefined }],
    [{ headers: { 'x-other': '1', 'retry-after': 5 } }, { retryAfter: '5', hintSeconds: undefined }],
    [{ headers: { 'retry-after': ['5'] } }, { retryAfter: undefined, hintSeconds: undefined }],
    [{ backoff_hint: { backoff_type: 'RateLimit', delay_seconds: 4 } }, { retryAfter: undefined, hintSeconds: 4 }],
    [{ backoff_hint: { delay_seconds: '4' } }, { retryAfter: undefined, hintSeconds: undefined }],
    [undefined, { retryAfter: undefined, hintSeconds: undefined }],
  ])('finds in %o %o', (metadata, expected) => {
    expect(withMetadata(metadata)).toEqual(expected);
  });
});
