// From a claimed step to its outcome: template, request, handler, execution.
import { TaskerError } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';
import type { StepExecutionRequest } from '../domain/step-request.ts';
import type { ClaimedStep } from '../store/store.ts';
import type { TemplateCache } from '../store/template-cache.ts';
import { executeStep } from './execute-step.ts';
import type { StepOutcome } from './execute-step.ts';
import type { HandlerRegistry } from './handler-registry.ts';
import type { TaskTemplate } from '../domain/template/task-template.ts';

/** Runs a claimed step to its outcome; never rejects. The controller aborts the handler. */
export type RunStep = (step: ClaimedStep, abort: AbortController) => Promise<StepOutcome>;

export interface RunStepOptions {
  readonly templates: TemplateCache;
  readonly registry: HandlerRegistry;
  readonly clock: Clock;
  readonly workerId: string;
  /** src/orchestration/lifecycle/step-request-builder.ts, handed in by the runtime: the worker knows no orchestration. */
  readonly buildRequest: (step: ClaimedStep, template: TaskTemplate, now: number) => StepExecutionRequest;
}

export function createRunStep(options: RunStepOptions): RunStep {
  return async (step, abort) => {
    const prepared = await prepare(options, step);
    return executeStep({
      request: prepared.request,
      correlationId: step.correlationId,
      resolve: prepared.resolve,
      clock: options.clock,
      workerId: options.workerId,
      abort,
    });
  };
}

async function prepare(options: RunStepOptions, step: ClaimedStep) {
  try {
    const { template } = await options.templates.byUuid(step.namedTaskUuid);
    const request = options.buildRequest(step, template, options.clock.now());
    const definition = template.steps.find(({ name }) => name === step.stepName);
    const resolve = () =>
      options.registry.resolve({
        callable: request.handlerClass,
        method: request.method,
        resolver: definition?.handler.resolver,
      });
    return { request, resolve };
  } catch (error) {
    // The step fails like any other, with the reason in its result: throwing here would leave it to its lease.
    const resolve = () => {
      throw error instanceof TaskerError ? error : new TaskerError('STEP_PREPARATION_FAILED', String(error), { cause: error });
    };
    return { request: requestWithoutTemplate(step, options.clock.now()), resolve };
  }
}

function requestWithoutTemplate(step: ClaimedStep, now: number): StepExecutionRequest {
  return {
    stepUuid: step.stepUuid,
    taskUuid: step.taskUuid,
    stepName: step.stepName,
    handlerClass: '',
    method: undefined,
    handlerConfig: {},
    taskContext: step.context,
    previousResults: step.dependencies,
    metadata: { attempt: step.attempt, maxAttempts: step.maxAttempts, timeoutMs: 30_000, createdAt: new Date(now) },
  };
}
