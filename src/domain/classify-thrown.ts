// What a thrown value means for a step: is another attempt worth it, when, and what to tell the operator (spec 10.4, 10.7).
import { messageOf, TaskerError } from './errors.ts';
import { storableText } from './json-limits.ts';

export interface PermanentErrorOptions {
  readonly cause?: unknown;
  /** Stored as error_type; the name of the class when absent. */
  readonly errorType?: string;
  readonly statusCode?: number;
}

export interface RetryableErrorOptions extends PermanentErrorOptions {
  /** Seconds to wait before the next attempt. */
  readonly retryAfterSeconds?: number;
  /** The text of a Retry-After header: seconds, or an HTTP date. */
  readonly retryAfter?: string;
}

/** Throw it from a handler when another attempt cannot help: the step fails for good. */
export class PermanentError extends Error {
  override readonly name: string = 'PermanentError';
  readonly retryable = false;
  readonly errorType: string;
  readonly statusCode: number | undefined;

  constructor(message: string, options: PermanentErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.errorType = options.errorType ?? 'PermanentError';
    this.statusCode = options.statusCode;
  }
}

/** Throw it from a handler when another attempt may help, and to say when. */
export class RetryableError extends Error {
  override readonly name: string = 'RetryableError';
  readonly retryable = true;
  readonly errorType: string;
  readonly statusCode: number | undefined;
  readonly retryAfter: string | undefined;

  constructor(message: string, options: RetryableErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.errorType = options.errorType ?? 'RetryableError';
    this.statusCode = options.statusCode;
    this.retryAfter = options.retryAfterSeconds === undefined ? options.retryAfter : headerOf(options.retryAfterSeconds);
  }
}

export interface ClassifiedFailure {
  /** At most 9,000 characters, so that it can be stored (spec 1.13). */
  readonly message: string;
  readonly errorType: string;
  readonly retryable: boolean;
  /** As in a Retry-After header: whole seconds, or an HTTP date; `parseRetryAfter` reads it. */
  readonly retryAfter?: string;
  /** The same when it is a number of seconds. */
  readonly retryAfterSeconds?: number;
  readonly statusCode?: number;
  readonly backtrace?: readonly string[];
}

/** The statuses of HTTP and their error types (spec 10.7). */
const statuses: ReadonlyMap<number, { readonly errorType: string; readonly retryable: boolean }> = new Map([
  [400, { errorType: 'bad_request', retryable: false }],
  [401, { errorType: 'unauthorized', retryable: false }],
  [403, { errorType: 'forbidden', retryable: false }],
  [404, { errorType: 'not_found', retryable: false }],
  [405, { errorType: 'method_not_allowed', retryable: false }],
  [408, { errorType: 'request_timeout', retryable: true }],
  [409, { errorType: 'conflict', retryable: false }],
  [429, { errorType: 'rate_limited', retryable: true }],
  [500, { errorType: 'internal_server_error', retryable: true }],
  [502, { errorType: 'bad_gateway', retryable: true }],
  [503, { errorType: 'service_unavailable', retryable: true }],
  [504, { errorType: 'gateway_timeout', retryable: true }],
]);

const messageLimit = 9000;
const backtraceLines = 20;
const lineLimit = 500;

/**
 * Reads any thrown value by what it carries, not by its class, so that errors of other packages count: `retryable`, `errorType`,
 * `retryAfter` (seconds or header text), `statusCode` or `status`. What says nothing may be tried again (spec 10.4).
 */
export function classifyThrown(thrown: unknown): ClassifiedFailure {
  // As: any object may be asked for a property; each answer is checked.
  const fields = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Readonly<Record<string, unknown>>;
  const statusCode = [fields['statusCode'], fields['status']].find(isFailureStatus);
  const status = statusCode === undefined ? undefined : statuses.get(statusCode);
  const retryAfter = retryAfterOf(fields['retryAfter']);
  const backtrace = backtraceOf(fields['stack']);
  return {
    message: shorten(messageFor(thrown), messageLimit),
    errorType: shorten([fields['errorType'], status?.errorType, codeOf(thrown)].find(isText) ?? 'handler_error', lineLimit),
    retryable: isFlag(fields['retryable']) ? fields['retryable'] : (status?.retryable ?? mayPass(thrown, statusCode)),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(retryAfter !== undefined && /^\d+$/.test(retryAfter) ? { retryAfterSeconds: Number(retryAfter) } : {}),
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(backtrace === undefined ? {} : { backtrace }),
  };
}

/** A status of 4xx that is not in the table is the caller's fault; so is an error of ours that blames the input. */
function mayPass(thrown: unknown, statusCode: number | undefined): boolean {
  if (statusCode !== undefined) return statusCode >= 500;
  return !(thrown instanceof TaskerError && thrown.kind === 'input');
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof TaskerError ? thrown.code : undefined;
}

function messageFor(thrown: unknown): string {
  if (thrown instanceof Error) return messageOf(thrown);
  const what = typeof thrown === 'string' ? JSON.stringify(thrown) : messageOf(thrown);
  return `the handler threw ${what}, which is not an Error`;
}

function retryAfterOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? headerOf(value) : undefined;
  return isText(value) ? shorten(value, lineLimit) : undefined;
}

/** Whole seconds, rounded up: a header knows no fractions, and early is worse than late. */
function headerOf(seconds: number): string {
  return String(Math.ceil(seconds));
}

function backtraceOf(stack: unknown): readonly string[] | undefined {
  if (!isText(stack)) return undefined;
  const lines = stack.split('\n').filter((line) => line.trimStart().startsWith('at '));
  return lines.slice(0, backtraceLines).map((line) => shorten(line.trim(), lineLimit));
}

/** Cleaned after the cut, which may go through the middle of a pair. */
function shorten(text: string, limit: number): string {
  return storableText(text.length > limit ? `${text.slice(0, limit - 1)}…` : text);
}

function isFailureStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 400 && value <= 599;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
