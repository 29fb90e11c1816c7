// Builds the request a worker executes from a claimed step and its template: pure data transformation (plan, file 3, extract 1).
import { TaskerError } from '../../domain/errors.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { StepExecutionRequest, ViableStep } from '../../domain/step-request.ts';
import type { TaskTemplate } from '../../domain/template/task-template.ts';
import { stepTimeoutMs } from '../../domain/timeout-chain.ts';

export interface StepRequestInput {
  readonly step: ViableStep;
  readonly template: TaskTemplate;
  readonly taskContext: JsonObject | undefined;
  readonly previousResults: Readonly<Record<string, Json>>;
  /** Ms since the epoch. */
  readonly now: number;
}

/** Spec 6.6. Throws STEP_TEMPLATE_MISSING when the template does not know the step. */
export function buildStepRequest(input: StepRequestInput): StepExecutionRequest {
  const { step, template } = input;
  const definition = template.steps.find((candidate) => candidate.name === step.name);
  if (definition === undefined) {
    const label = `${template.namespace_name}/${template.name}/${template.version}`;
    throw new TaskerError(
      'STEP_TEMPLATE_MISSING',
      `Step template not found in task configuration: ${step.name} (in task ${label}). Its steps are ${template.steps.map(({ name }) => name).join(', ')}.`,
      { kind: 'infrastructure', details: { entityType: 'step_template', entityId: `${step.name} (in task ${label})` } },
    );
  }
  return {
    stepUuid: step.stepUuid,
    taskUuid: step.taskUuid,
    stepName: step.name,
    handlerClass: definition.handler.callable,
    method: definition.handler.method,
    // A copy: the template stays in the cache, and handlers are other people's code.
    handlerConfig: { ...definition.handler.initialization },
    taskContext: input.taskContext ?? {},
    previousResults: input.previousResults,
    metadata: {
      attempt: step.attempt,
      maxAttempts: step.maxAttempts,
      timeoutMs: stepTimeoutMs(definition),
      createdAt: new Date(input.now),
    },
  };
}
