// One execution of a handler: whether it is called at all, and that its end leaves nothing behind.
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../src/domain/errors.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { executeStep } from '../../src/worker/execute-step.ts';
import type { HandlerFunction } from '../../src/worker/handler.ts';

function execution(handler: HandlerFunction) {
  const clock = createFakeClock();
  const abort = new AbortController();
  const run = () =>
    executeStep({
      request: {
        stepUuid: 'step',
        taskUuid: 'task',
        stepName: 'work',
        handlerClass: 'work',
        method: undefined,
        handlerConfig: {},
        taskContext: {},
        previousResults: {},
        metadata: { attempt: 1, maxAttempts: 3, timeoutMs: 1_000, createdAt: new Date(0) },
      },
      correlationId: 'correlation',
      resolve: () => handler,
      clock,
      workerId: 'worker',
      abort,
    });
  return { clock, abort, run };
}

describe('an execution', () => {
  it('does not call the handler when it was aborted before', async () => {
    let calls = 0;
    const { clock, abort, run } = execution(() => (calls += 1));
    abort.abort(new TaskerError('LEASE_LOST', 'somebody else has it', { kind: 'state' }));
    expect(await run()).toMatchObject({
      success: false,
      result: { error: { message: 'somebody else has it', error_type: 'LEASE_LOST' } },
    });
    expect(calls).toBe(0);
    expect(clock.pendingCount()).toBe(0);
  });

  it('ends when it is aborted, whatever the handler does, and leaves no timer behind', async () => {
    const { clock, abort, run } = execution(() => new Promise(() => undefined));
    const running = run();
    await clock.advanceAsync(10);
    abort.abort(new TaskerError('WORKER_STOPPING', 'the worker stops', { kind: 'state' }));
    expect(await running).toMatchObject({
      success: false,
      executionTimeMs: 10,
      result: { error: { error_type: 'WORKER_STOPPING' } },
    });
  });

  it('fails at its timeout', async () => {
    const { clock, run } = execution(() => new Promise(() => undefined));
    const running = run();
    await clock.advanceAsync(1_000);
    expect(await running).toMatchObject({
      success: false,
      result: { error: { error_type: 'HANDLER_TIMEOUT', retryable: true } },
    });
  });

  it('succeeds with what the handler returns, and cancels its timer', async () => {
    const { clock, run } = execution(({ attempt }) => ({ attempt }));
    expect(await run()).toMatchObject({ success: true, result: { result: { attempt: 1 } } });
    await clock.advanceAsync(0);
    expect(clock.pendingCount()).toBe(0);
  });
});
