// Commands of the orchestrator: three acts, whatever brought them, each with its own reply (spec 7.1, 7.2).
import type { JsonObject, Settled } from '../../domain/json.ts';
import type { TaskerError } from '../../domain/errors.ts';
import type { MessageEvent, QueuedMessage } from '../../messaging/envelope.ts';

/** A request to create and start one task (spec 6.1); absent fields take the defaults of the spec. */
export interface TaskRequest {
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly context: JsonObject;
  readonly initiator?: string;
  readonly sourceSystem?: string;
  readonly reason?: string;
  readonly tags?: readonly string[];
  readonly priority?: number;
  readonly correlationId?: string;
  readonly parentCorrelationId?: string;
  readonly idempotencyKey?: string;
  readonly requestedAt?: string;
  /** Names this request: sent or delivered again under the same id it is one task, even where the template says always_unique. */
  readonly requestId?: string;
}

/** The three UUIDs of every step message (spec 4.5): a pointer, the database holds the truth. */
export interface StepMessage {
  readonly task_uuid: string;
  readonly step_uuid: string;
  readonly correlation_id: string;
}

export type TaskInitializeResult =
  | { readonly kind: 'Success'; readonly taskUuid: string; readonly message: string }
  | { readonly kind: 'Failed'; readonly error: string }
  | { readonly kind: 'Skipped'; readonly reason: string };

export type StepProcessResult =
  | { readonly kind: 'Success'; readonly message: string }
  | { readonly kind: 'Failed'; readonly error: string }
  | { readonly kind: 'Skipped'; readonly reason: string };

export type TaskFinalizationResult =
  | {
      readonly kind: 'Success';
      readonly taskUuid: string;
      readonly finalStatus: string;
      readonly completionTime: Date | undefined;
    }
  | { readonly kind: 'NotClaimed'; readonly reason: string; readonly alreadyClaimedBy: string | undefined }
  | { readonly kind: 'Failed'; readonly error: string };

/** How an act reaches the processor: as data, as a received message, or as the signal that a message waits. */
export type CommandSource<T> =
  | { readonly via: 'direct'; readonly input: T }
  | { readonly via: 'message'; readonly message: QueuedMessage }
  | { readonly via: 'event'; readonly event: MessageEvent };

export type Reply<T> = (outcome: Settled<T, TaskerError>) => void;

export type OrchestrationCommand =
  | { readonly act: 'initialize_task'; readonly source: CommandSource<TaskRequest>; readonly reply: Reply<TaskInitializeResult> }
  | { readonly act: 'process_step_result'; readonly source: CommandSource<StepMessage>; readonly reply: Reply<StepProcessResult> }
  | { readonly act: 'finalize_task'; readonly source: CommandSource<string>; readonly reply: Reply<TaskFinalizationResult> };

/** What the acts do, set-based: one outcome per input, in order; a thrown error is the outcome of the whole batch. */
export interface CommandHandlers {
  initializeTasks(requests: readonly TaskRequest[]): Promise<readonly Settled<TaskInitializeResult, TaskerError>[]>;
  processStepResults(results: readonly StepMessage[]): Promise<readonly Settled<StepProcessResult, TaskerError>[]>;
  finalizeTasks(taskUuids: readonly string[]): Promise<readonly Settled<TaskFinalizationResult, TaskerError>[]>;
  /**
   * The short way for signalled step results where queue and state share a database: read, process and acknowledge in one
   * transaction. One outcome per message id; a message that another orchestrator took is an error MESSAGE_NOT_FOUND.
   * When it throws, nothing happened and the messages are where they were.
   */
  takeStepResults?(messageIds: readonly string[]): Promise<readonly Settled<StepProcessResult, TaskerError>[]>;
}
