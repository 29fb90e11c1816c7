// What a worker reports of one execution of a step, as stored in workflow_steps.results (spec 10.2), written and read back.
import type { Json, JsonObject } from './json.ts';
import type { ClassifiedFailure } from './classify-thrown.ts';

export { classifyThrown, PermanentError, RetryableError } from './classify-thrown.ts';
export type { ClassifiedFailure } from './classify-thrown.ts';

export interface StepExecutionError {
  readonly message: string;
  readonly error_type?: string;
  readonly backtrace?: readonly string[];
  readonly retryable: boolean;
  /** Of HTTP. */
  readonly status_code?: number;
  readonly context: JsonObject;
}

export interface StepExecutionMetadata {
  readonly execution_time_ms: number;
  /** What the retry decision goes by (spec 10.2). */
  readonly retryable: boolean;
  /** RFC 3339, UTC. */
  readonly completed_at: string;
  readonly started_at?: string;
  readonly worker_id?: string;
  readonly worker_hostname?: string;
  readonly handler_version?: string;
  readonly error_code?: string;
  readonly error_type?: string;
  readonly custom: JsonObject;
  readonly context: JsonObject;
}

export interface OrchestrationMetadata {
  /** Response headers that matter to the orchestrator; `retry-after` is read in any case. */
  readonly headers: JsonObject;
  readonly error_context?: string;
  /** {backoff_type, delay_seconds, context?}. */
  readonly backoff_hint?: JsonObject;
  readonly custom: JsonObject;
}

export interface StepExecutionResult {
  readonly step_uuid: string;
  readonly success: boolean;
  /** `{}` on failure. */
  readonly result: Json;
  /** `completed`, `failed` or `error`; other producers may write other texts. */
  readonly status: string;
  readonly error?: StepExecutionError;
  readonly metadata: StepExecutionMetadata;
  readonly orchestration_metadata?: OrchestrationMetadata;
}

/** What is known of an execution whatever its outcome. Times are RFC 3339, UTC. */
export interface ExecutionFacts {
  readonly stepUuid: string;
  readonly executionTimeMs: number;
  readonly completedAt: string;
  readonly startedAt?: string;
  readonly workerId?: string;
  readonly workerHostname?: string;
  readonly custom?: JsonObject;
}

const noMetadata: OrchestrationMetadata = { headers: {}, custom: {} };

export function successResult(facts: ExecutionFacts, result: Json): StepExecutionResult {
  return {
    step_uuid: facts.stepUuid,
    success: true,
    result,
    status: 'completed',
    metadata: { ...metadataOf(facts), retryable: false },
    orchestration_metadata: noMetadata,
  };
}

/** The server's Retry-After travels as a header, where the backoff calculation looks for it (spec 9.4). */
export function failureResult(facts: ExecutionFacts, failure: ClassifiedFailure): StepExecutionResult {
  const { message, errorType, retryable, retryAfter, statusCode, backtrace } = failure;
  return {
    step_uuid: facts.stepUuid,
    success: false,
    result: {},
    status: 'failed',
    error: {
      message,
      error_type: errorType,
      ...(backtrace === undefined ? {} : { backtrace }),
      retryable,
      ...(statusCode === undefined ? {} : { status_code: statusCode }),
      context: {},
    },
    metadata: { ...metadataOf(facts), retryable, error_type: errorType },
    orchestration_metadata: retryAfter === undefined ? noMetadata : { headers: { 'retry-after': retryAfter }, custom: {} },
  };
}

function metadataOf(facts: ExecutionFacts): Omit<StepExecutionMetadata, 'retryable'> {
  const { executionTimeMs, completedAt, startedAt, workerId, workerHostname, custom = {} } = facts;
  return {
    execution_time_ms: executionTimeMs,
    completed_at: completedAt,
    ...(startedAt === undefined ? {} : { started_at: startedAt }),
    ...(workerId === undefined ? {} : { worker_id: workerId }),
    ...(workerHostname === undefined ? {} : { worker_hostname: workerHostname }),
    custom,
    context: {},
  };
}

/** What the result asks of the backoff: the Retry-After header as text, and the handler's own delay. */
export function requestedBackoff(result: StepExecutionResult): {
  readonly retryAfter: string | undefined;
  readonly hintSeconds: number | undefined;
} {
  const { headers, backoff_hint: hint } = result.orchestration_metadata ?? noMetadata;
  const header = Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
  const delay = hint?.['delay_seconds'];
  return {
    retryAfter: typeof header === 'string' || typeof header === 'number' ? String(header) : undefined,
    hintSeconds: typeof delay === 'number' ? delay : undefined,
  };
}

/**
 * What is stored of a result: without what a reader of the row knows anyway (its step, when and by whom: the transition
 * says so) and without empty maps. `parseStepResult` reads it back. A result of 450 bytes becomes one of about 60.
 */
export function storedResult({
  success,
  result,
  error,
  metadata,
  orchestration_metadata: orchestration,
}: StepExecutionResult): JsonObject {
  if (success) return { success, result };
  const { retryable, error_type: errorType } = metadata;
  return {
    success,
    // As: StepExecutionError is built from JSON values only.
    ...(error === undefined ? {} : { error: error as unknown as JsonObject }),
    metadata: { retryable, ...(errorType === undefined ? {} : { error_type: errorType }) },
    ...storedOrchestration(orchestration ?? noMetadata),
  };
}

/** What the backoff goes by, and nothing else. */
function storedOrchestration({ headers, backoff_hint: hint }: OrchestrationMetadata): JsonObject {
  const kept = {
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(hint === undefined ? {} : { backoff_hint: hint }),
  };
  return Object.keys(kept).length === 0 ? {} : { orchestration_metadata: kept };
}

/** Reads a stored result and forgives: what is absent or of the wrong type takes its default; what is no object is a failure. */
export function parseStepResult(json: unknown): StepExecutionResult {
  const fields = objectOf(json);
  if (fields === undefined) return invalidResult();
  const success = fields['success'] === true;
  const error = objectOf(fields['error']);
  const orchestration = objectOf(fields['orchestration_metadata']);
  return {
    step_uuid: textOf(fields['step_uuid']) ?? '',
    success,
    result: fields['result'] ?? {},
    status: textOf(fields['status']) ?? (success ? 'completed' : 'failed'),
    ...(error === undefined ? {} : { error: parseError(error) }),
    metadata: parseMetadata(objectOf(fields['metadata']) ?? {}, error?.['retryable'] === true),
    ...(orchestration === undefined ? {} : { orchestration_metadata: parseOrchestration(orchestration) }),
  };
}

function invalidResult(): StepExecutionResult {
  const message = 'the stored result is not a JSON object';
  // The spelling is that of the wire (spec 10.2).
  const errorType = 'INVALD_STEP_EXECUTION_RESULT';
  return {
    step_uuid: '',
    success: false,
    result: {},
    status: 'error',
    error: { message, error_type: errorType, retryable: false, context: {} },
    metadata: { ...parseMetadata({}, false), error_type: errorType },
    orchestration_metadata: noMetadata,
  };
}

function parseError(fields: JsonObject): StepExecutionError {
  const code = fields['status_code'];
  const lines = fields['backtrace'];
  return {
    message: textOf(fields['message']) ?? '',
    ...optionalTexts(fields, ['error_type']),
    ...(Array.isArray(lines) ? { backtrace: lines.filter((line) => typeof line === 'string') } : {}),
    retryable: fields['retryable'] === true,
    ...(typeof code === 'number' ? { status_code: code } : {}),
    context: objectOf(fields['context']) ?? {},
  };
}

function parseMetadata(fields: JsonObject, retryableByError: boolean): StepExecutionMetadata {
  const time = fields['execution_time_ms'];
  const retryable = fields['retryable'];
  return {
    execution_time_ms: typeof time === 'number' ? time : 0,
    retryable: typeof retryable === 'boolean' ? retryable : retryableByError,
    completed_at: textOf(fields['completed_at']) ?? '',
    ...optionalTexts(fields, ['started_at', 'worker_id', 'worker_hostname', 'handler_version', 'error_code', 'error_type']),
    custom: objectOf(fields['custom']) ?? {},
    context: objectOf(fields['context']) ?? {},
  };
}

function parseOrchestration(fields: JsonObject): OrchestrationMetadata {
  const hint = objectOf(fields['backoff_hint']);
  return {
    headers: objectOf(fields['headers']) ?? {},
    ...optionalTexts(fields, ['error_context']),
    ...(hint === undefined ? {} : { backoff_hint: hint }),
    custom: objectOf(fields['custom']) ?? {},
  };
}

function optionalTexts<K extends string>(fields: JsonObject, keys: readonly K[]): { readonly [P in K]?: string } {
  const texts = keys.flatMap((key) => {
    const text = textOf(fields[key]);
    return text === undefined ? [] : [[key, text] as const];
  });
  // As: fromEntries forgets which keys it was given.
  return Object.fromEntries(texts) as { readonly [P in K]?: string };
}

/** Undefined for an empty text too: an empty status is derived from success. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function objectOf(value: unknown): JsonObject | undefined {
  // As: read back from a jsonb column, so whatever is an object holds JSON.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
