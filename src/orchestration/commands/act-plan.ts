// The three acts as data: how each reads its input, what makes two commands the same, and what counts them.
import type { TaskerError } from '../../domain/errors.ts';
import type { Json, Settled } from '../../domain/json.ts';
import type {
  CommandHandlers,
  OrchestrationCommand,
  StepMessage,
  StepProcessResult,
  TaskFinalizationResult,
  TaskInitializeResult,
  TaskRequest,
} from './commands.ts';
import type { BatchHandler } from './execute-batch.ts';
import { checkTaskRequest, hydrateStepMessage, hydrateTaskRequest, hydrateTaskUuid } from './hydrate.ts';
import type { ProcessingCounters } from './processing-stats.ts';

export interface ActPlan<Input, Result extends { readonly kind: string }> {
  readonly act: OrchestrationCommand['act'];
  /** What the messages of this act are called in errors. */
  readonly label: string;
  readonly counter: keyof ProcessingCounters;
  /** `messageId` names the message for good: another delivery of it has the same. */
  hydrate(body: Json, messageId: string): Settled<Input, TaskerError>;
  /** The rules for an input that did not come as a message. */
  check(input: Input): Settled<Input, TaskerError>;
  /** Commands of one batch with the same key are one act with several replies; undefined = each is its own. */
  keyOf(input: Input): string | undefined;
  readonly execute: BatchHandler<Input, Result>;
}

export interface ActPlans {
  readonly initialize: ActPlan<TaskRequest, TaskInitializeResult>;
  readonly stepResult: ActPlan<StepMessage, StepProcessResult>;
  readonly finalize: ActPlan<string, TaskFinalizationResult>;
}

export function actPlans(handlers: CommandHandlers): ActPlans {
  return {
    initialize: {
      act: 'initialize_task',
      label: 'task request',
      counter: 'taskRequestsProcessed',
      hydrate: hydrateTaskRequest,
      check: checkTaskRequest,
      // Two equal requests may both be meant; whether they are one task is the identity hash's decision.
      keyOf: () => undefined,
      execute: (requests) => handlers.initializeTasks(requests),
    },
    stepResult: {
      act: 'process_step_result',
      label: 'step result',
      counter: 'stepResultsProcessed',
      hydrate: hydrateStepMessage,
      check: (input) => hydrateStepMessage({ ...input }),
      keyOf: (input) => `${input.task_uuid} ${input.step_uuid}`,
      execute: (results) => handlers.processStepResults(results),
    },
    finalize: {
      act: 'finalize_task',
      label: 'finalization',
      counter: 'tasksFinalized',
      hydrate: hydrateTaskUuid,
      check: (taskUuid) => hydrateTaskUuid({ task_uuid: taskUuid }),
      keyOf: (taskUuid) => taskUuid,
      execute: (taskUuids) => handlers.finalizeTasks(taskUuids),
    },
  };
}
