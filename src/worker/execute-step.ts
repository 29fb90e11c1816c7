// Runs one handler: with its timeout, its abort signal, and every way it can end turned into a report (spec 10.2, 10.4).
import { TaskerError } from '../domain/errors.ts';
import { checkJson } from '../domain/json-limits.ts';
import type { Json } from '../domain/json.ts';
import type { Clock } from '../domain/ports.ts';
import type { StepExecutionRequest } from '../domain/step-request.ts';
import { classifyThrown } from '../domain/classify-thrown.ts';
import { failureResult, successResult } from '../domain/step-result.ts';
import type { StepExecutionResult } from '../domain/step-result.ts';
import type { HandlerFunction } from './handler.ts';

export interface ExecuteStepParams {
  readonly request: StepExecutionRequest;
  readonly correlationId: string;
  /** Throws when the template names a handler that does not exist. */
  readonly resolve: () => HandlerFunction;
  readonly clock: Clock;
  readonly workerId: string;
  /** Aborted by the worker: the lease was lost, or the worker stops. */
  readonly abort: AbortController;
}

export interface StepOutcome {
  readonly success: boolean;
  readonly executionTimeMs: number;
  readonly result: StepExecutionResult;
}

/** Never rejects: whatever the handler does is an outcome. */
export async function executeStep(params: ExecuteStepParams): Promise<StepOutcome> {
  const startedAt = params.clock.now();
  const ended = await settle(params);
  const executionTimeMs = params.clock.now() - startedAt;
  const facts = {
    stepUuid: params.request.stepUuid,
    executionTimeMs,
    workerId: params.workerId,
    completedAt: new Date(params.clock.now()).toISOString(),
  };
  if (ended.kind === 'returned') return { success: true, executionTimeMs, result: successResult(facts, ended.value) };
  return { success: false, executionTimeMs, result: failureResult(facts, classifyThrown(ended.thrown)) };
}

type Ended = { readonly kind: 'returned'; readonly value: Json } | { readonly kind: 'threw'; readonly thrown: unknown };

async function settle(params: ExecuteStepParams): Promise<Ended> {
  try {
    const value = await raceAgainstTimeout(params);
    // A handler without a result is a handler whose result is null.
    return {
      kind: 'returned',
      value:
        value === undefined ? null : checkJson(value, { what: `the result of step ${params.request.stepName}`, mustBe: 'any' }),
    };
  } catch (thrown) {
    return { kind: 'threw', thrown };
  }
}

function raceAgainstTimeout(params: ExecuteStepParams): Promise<unknown> {
  const { request, abort, clock } = params;
  const { timeoutMs } = request.metadata;
  return new Promise((resolve, reject) => {
    // Aborted before it began: its effects would be those of an attempt that nobody counts.
    if (abort.signal.aborted) {
      reject(abort.signal.reason);
      return;
    }
    const cancelTimer = clock.schedule(timeoutMs, () => {
      abort.abort(new TaskerError('HANDLER_TIMEOUT', `Handler timed out after ${String(timeoutMs)}ms`, { kind: 'state' }));
    });
    // The handler may ignore the signal and never return; its slot and its step must not wait for it.
    const onAbort = () => reject(abort.signal.reason);
    abort.signal.addEventListener('abort', onAbort, { once: true });
    call(params)
      .then(resolve, reject)
      .finally(() => {
        cancelTimer();
        abort.signal.removeEventListener('abort', onAbort);
      });
  });
}

async function call({ request, resolve, abort, correlationId }: ExecuteStepParams): Promise<unknown> {
  return resolve()({
    context: request.taskContext,
    dependencies: request.previousResults,
    input: request.handlerConfig,
    attempt: request.metadata.attempt,
    signal: abort.signal,
    step: {
      taskUuid: request.taskUuid,
      stepUuid: request.stepUuid,
      name: request.stepName,
      maxAttempts: request.metadata.maxAttempts,
      correlationId,
    },
  });
}
