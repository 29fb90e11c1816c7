// The store port: what orchestrator, worker and operators ask of the database, one transaction a call, set-based.
import type { Json, JsonObject } from '../domain/json.ts';
import type { TaskDecision, TaskView } from '../domain/task-view.ts';
import type { StepState, TaskState } from '../domain/states.ts';
import type { StepExecutionResult } from '../domain/step-result.ts';
import type { TaskTemplate } from '../domain/template/task-template.ts';

/** A template as the database knows it. One row per text: a changed template gets a new uuid. */
export interface RegisteredTemplate {
  readonly namedTaskUuid: string;
  readonly template: TaskTemplate;
}

export interface TemplateName {
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
}

export interface TemplateStore {
  /** Finds or creates namespace, named task and named steps. */
  registerTemplate(template: TaskTemplate): Promise<RegisteredTemplate>;
  /** The row of the text registered last under this name. */
  findTemplateUuid(name: TemplateName): Promise<string | undefined>;
  templateByUuid(namedTaskUuid: string): Promise<RegisteredTemplate | undefined>;
}

/** One task to create, all of a batch from the same template. */
export interface NewTask {
  readonly identityHash: string;
  readonly context: JsonObject;
  readonly correlationId: string;
  readonly parentCorrelationId: string | undefined;
  readonly initiator: string;
  readonly sourceSystem: string;
  readonly reason: string;
  readonly tags: readonly string[];
  readonly priority: number;
  readonly requestedAt: string | undefined;
}

export interface CreatedTask {
  readonly taskUuid: string;
  /** False: a task with this identity exists already; `taskUuid` is that one. */
  readonly created: boolean;
}

/** Messages that were sent inside the transaction: queue name → ids. To be announced after the commit. */
export type SentMessages = Readonly<Record<string, readonly string[]>>;

export interface DecisionResult {
  readonly views: readonly TaskView[];
  readonly decisions: readonly TaskDecision[];
  readonly sent: SentMessages;
}

/** A result message that was taken off its queue together with the decision it led to. */
export interface TakenResult {
  readonly messageId: string;
  readonly taskUuid: string;
  readonly stepUuid: string;
}

export interface OrchestrationStore {
  createTasks(
    template: RegisteredTemplate,
    tasks: readonly NewTask[],
  ): Promise<{ readonly tasks: readonly CreatedTask[]; readonly sent: SentMessages }>;
  /**
   * Locks the tasks, reads them, asks `decide`, saves its answer, commits. Unknown uuids are not among the views.
   * Repeated when another transaction got in between (at most 5 times, then STORE_CONFLICT).
   */
  decideTasks(
    taskUuids: readonly string[],
    decide: (views: readonly TaskView[]) => Promise<readonly TaskDecision[]>,
  ): Promise<DecisionResult>;
  /**
   * Like `decideTasks`, for the tasks of these result messages, which leave their queue in the same transaction. Only with a
   * provider that shares the database. Messages that are not `taken` were gone or hidden.
   */
  decideTakenResults(
    messageIds: readonly string[],
    decide: (views: readonly TaskView[]) => Promise<readonly TaskDecision[]>,
  ): Promise<DecisionResult & { readonly taken: readonly TakenResult[] }>;
  /** Tasks with a step whose retry is due, or that could go on though nobody works on them; most urgent first. */
  findReadyTasks(limit: number): Promise<readonly string[]>;
  /** How long until the next retry is due; those that are due already, such as a blocked task's, do not count. */
  nextRetryInMs(): Promise<number | undefined>;
  /** Sends again the messages that a server crash took with the unlogged queues; empty when there was no crash. */
  resendLostMessages(options?: { readonly evenWithoutCrash?: boolean }): Promise<SentMessages>;
}

/** A step a worker has claimed, with all its handler needs. */
export interface ClaimedStep {
  readonly messageId: string;
  readonly queueName: string;
  readonly taskUuid: string;
  readonly stepUuid: string;
  readonly stepName: string;
  readonly namedTaskUuid: string;
  readonly correlationId: string;
  /** 1 for the first execution; the fencing token of everything the worker writes. */
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly context: JsonObject;
  readonly inputs: JsonObject | undefined;
  /** Name of each direct and transitive parent → its result. */
  readonly dependencies: JsonObject;
}

/** All steps of one name of one template. */
export interface StepKind {
  readonly namedTaskUuid: string;
  readonly stepName: string;
}

export interface ClaimParams {
  readonly queueName: string;
  readonly max: number;
  readonly leaseMs: number;
  readonly workerUuid: string;
  /** Steps to leave where they are: their handlers are in other workers. Default none. */
  readonly except?: readonly StepKind[];
}

/** A received message that claimed nothing, with why and what was done about it. */
export interface UnclaimedMessage {
  readonly messageId: string;
  readonly reason:
    | 'not_a_step_message'
    | 'unknown_step'
    | 'already_done'
    | 'leased_by_another'
    | 'enqueued_again'
    | 'attempts_exhausted';
  readonly stepUuid: string | undefined;
}

export interface StepReport {
  readonly stepUuid: string;
  readonly taskUuid: string;
  readonly attempt: number;
  readonly messageId: string;
  readonly queueName: string;
  readonly success: boolean;
  readonly executionTimeMs: number;
  readonly result: StepExecutionResult;
}

export interface SubmitResult {
  /** Step uuids whose report was refused: the lease was lost or the step was cancelled or resolved meanwhile. */
  readonly refused: readonly string[];
  readonly sent: SentMessages;
}

export interface LeaseRef {
  readonly stepUuid: string;
  readonly attempt: number;
  readonly messageId: string;
  readonly queueName: string;
}

export interface WorkerStore {
  /** Takes up to `max` messages and claims their steps, in one transaction. Rejects only when no step was claimed. */
  claimSteps(params: ClaimParams): Promise<{
    readonly claimed: readonly ClaimedStep[];
    readonly unclaimed: readonly UnclaimedMessage[];
    readonly sent: SentMessages;
  }>;
  /** Saves the results, drops the step messages, tells the orchestrator: one transaction. */
  submitResults(workerUuid: string, reports: readonly StepReport[]): Promise<SubmitResult>;
  /** Extends the leases; answers with the step uuids that are still this worker's. */
  renewLeases(workerUuid: string, leases: readonly LeaseRef[], leaseMs: number): Promise<readonly string[]>;
  /** Gives steps back unfinished: enqueued again and visible at once, the attempt not counted. */
  releaseSteps(workerUuid: string, leases: readonly LeaseRef[]): Promise<readonly string[]>;
}

export interface StepDetails {
  readonly stepUuid: string;
  readonly name: string;
  readonly state: StepState;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly retryable: boolean;
  readonly parents: readonly string[];
  readonly dependenciesSatisfied: boolean;
  readonly readyForExecution: boolean;
  readonly nextRetryAt: number | undefined;
  readonly leaseExpiresAt: number | undefined;
  /** From the first claim to the last change of a finished step, in ms. */
  readonly durationMs: number | undefined;
  readonly result: Json | undefined;
  readonly errorMessage: string | undefined;
}

export interface TaskSummary {
  readonly taskUuid: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly state: TaskState;
  readonly priority: number;
  readonly createdAt: number;
  readonly completedAt: number | undefined;
  readonly totalSteps: number;
  readonly completedSteps: number;
  readonly failedSteps: number;
}

export interface TransitionRecord {
  readonly subject: string;
  readonly sortKey: number;
  readonly from: string | undefined;
  readonly to: string;
  readonly at: number;
  readonly actorUuid: string | undefined;
  readonly metadata: Json | undefined;
}

export interface TaskDetails extends TaskSummary {
  readonly namedTaskUuid: string;
  readonly correlationId: string;
  readonly context: JsonObject;
  readonly executionStatus: string;
  readonly recommendedAction: string;
  readonly completionPercentage: number;
  readonly healthStatus: string;
  /** In dependency order. */
  readonly steps: readonly StepDetails[];
}

export interface ListTasksParams {
  readonly state?: TaskState;
  readonly namespace?: string;
  readonly name?: string;
  readonly limit: number;
}

/** One broken invariant, or one task that does not move, with why and until when. */
export interface DoctorFinding {
  readonly kind: 'violation' | 'waiting' | 'stuck';
  readonly check: string;
  readonly taskUuid: string | undefined;
  readonly message: string;
  /** When it will move by itself, ms since the epoch; undefined = only when somebody acts. */
  readonly movesAt: number | undefined;
}

export interface InspectionStore {
  /** The states of those of the tasks that exist. */
  taskStates(taskUuids: readonly string[]): Promise<readonly { readonly taskUuid: string; readonly state: TaskState }[]>;
  taskDetails(taskUuid: string): Promise<TaskDetails | undefined>;
  listTasks(params: ListTasksParams): Promise<readonly TaskSummary[]>;
  taskTransitions(taskUuid: string): Promise<readonly TransitionRecord[]>;
  /** `clean` checks that every invariant of the state tables holds; `limit` bounds the findings. */
  doctor(limit: number): Promise<readonly DoctorFinding[]>;
}

export interface ProcessHealth {
  readonly processUuid: string;
  readonly kind: 'orchestrator' | 'worker' | 'combined';
  readonly hostname: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly reportedAt: number;
  readonly status: 'healthy' | 'degraded' | 'unhealthy' | 'unknown' | 'stopped';
  readonly snapshot: JsonObject;
}

export interface HealthStore {
  /** One trivial round trip; rejects when the database does not answer. */
  ping(): Promise<void>;
  reportHealth(health: Omit<ProcessHealth, 'reportedAt'>): Promise<void>;
  readHealth(): Promise<readonly ProcessHealth[]>;
}

export type Store = TemplateStore & OrchestrationStore & WorkerStore & InspectionStore & HealthStore;
