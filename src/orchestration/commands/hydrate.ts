// Reads message bodies into the inputs of the acts: the one place where wire JSON becomes typed (spec 4.5, 6.1).
import { TaskerError, toTaskerError } from '../../domain/errors.ts';
import { checkJson } from '../../domain/json-limits.ts';
import type { Json, JsonObject, Settled } from '../../domain/json.ts';
import type { StepMessage, TaskRequest } from './commands.ts';

export type Hydrated<T> = Settled<T, TaskerError>;

type Fields = Readonly<Record<string, Json | undefined>>;
type Draft = { -readonly [Field in keyof TaskRequest]: TaskRequest[Field] };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Longest text of each field; 128 where the column of `tasks` is narrower than the 255 of the request. */
const optionalTexts = [
  ['initiator', 128],
  ['sourceSystem', 128],
  ['reason', 128],
  ['idempotencyKey', 10_000],
  ['requestId', 255],
] as const;

/** Three UUIDs, lower-cased; STEP_MESSAGE_INVALID names every field that is not one. */
export function hydrateStepMessage(body: Json): Hydrated<StepMessage> {
  const expected = 'expected an object with the UUIDs task_uuid, step_uuid and correlation_id';
  if (!isJsonObject(body))
    return invalid('STEP_MESSAGE_INVALID', `Invalid StepMessage format: the body is ${found(body)}; ${expected}.`);
  const reader = new FieldReader(body);
  const message = {
    task_uuid: reader.required('task_uuid', reader.uuid('task_uuid')),
    step_uuid: reader.required('step_uuid', reader.uuid('step_uuid')),
    correlation_id: reader.required('correlation_id', reader.uuid('correlation_id')),
  };
  if (reader.problems.length === 0) return { ok: true, value: message };
  return invalid('STEP_MESSAGE_INVALID', `Invalid StepMessage format: ${reader.problems.join('; ')}; ${expected}.`);
}

/** The task of a finalization message, lower-cased; the message may carry anything else besides. */
export function hydrateTaskUuid(body: Json): Hydrated<string> {
  const uuid = isJsonObject(body) ? body['task_uuid'] : undefined;
  if (typeof uuid === 'string' && UUID.test(uuid)) return { ok: true, value: uuid.toLowerCase() };
  const what = isJsonObject(body) ? `task_uuid is ${found(uuid)}` : `the body is ${found(body)}`;
  return invalid(
    'TASK_UUID_INVALID',
    `Missing or invalid task_uuid in a finalization message: ${what}; expected an object with a UUID.`,
  );
}

/**
 * The request inside a TaskRequestMessage; TASK_REQUEST_INVALID names every wrong field with its limit, JSON_… the limit of 1.13.
 * `messageId` tells the message from every other and is the same at each delivery: it stands in for a missing request_id.
 */
export function hydrateTaskRequest(body: Json, messageId?: string): Hydrated<TaskRequest> {
  const wire = isJsonObject(body) ? body['task_request'] : undefined;
  if (!isJsonObject(body) || wire === undefined || !isJsonObject(wire)) {
    const what = isJsonObject(body) ? `task_request is ${found(wire)}` : `the body is ${found(body)}`;
    return invalid('TASK_REQUEST_INVALID', `Invalid task request: ${what}; expected an object with the object task_request.`);
  }
  return readTaskRequest({
    ...wire,
    sourceSystem: wire['source_system'],
    correlationId: wire['correlation_id'],
    parentCorrelationId: wire['parent_correlation_id'],
    idempotencyKey: wire['idempotency_key'],
    requestedAt: wire['requested_at'],
    requestId: body['request_id'] ?? messageId,
  });
}

/** The wire form that `hydrateTaskRequest` reads back. */
export function taskRequestMessage(requestId: string, request: TaskRequest): JsonObject {
  const { sourceSystem, correlationId, parentCorrelationId, idempotencyKey, requestedAt, requestId: _other, ...same } = request;
  const renamed = {
    source_system: sourceSystem,
    correlation_id: correlationId,
    parent_correlation_id: parentCorrelationId,
    idempotency_key: idempotencyKey,
    requested_at: requestedAt,
  };
  return { request_id: requestId, task_request: withoutUndefined({ ...same, ...renamed }) };
}

/** The same rules for a request that came by a call and not by a message. */
export function checkTaskRequest(request: TaskRequest): Hydrated<TaskRequest> {
  return readTaskRequest({ ...request });
}

function readTaskRequest(fields: Fields): Hydrated<TaskRequest> {
  const reader = new FieldReader(fields);
  const draft: Draft = {
    namespace: reader.text('namespace', 255) ?? 'default',
    name: reader.required('name', reader.text('name', 255)),
    version: reader.text('version', 50) ?? '0.1.0',
    context: reader.object('context') ?? {},
  };
  for (const [field, longest] of optionalTexts) {
    const value = reader.text(field, longest);
    if (value !== undefined) draft[field] = value;
  }
  for (const field of ['correlationId', 'parentCorrelationId'] as const) {
    const value = reader.uuid(field);
    if (value !== undefined) draft[field] = value;
  }
  const tags = reader.texts('tags');
  if (tags !== undefined) draft.tags = tags;
  const priority = reader.integer('priority', { lowest: -100, highest: 100 });
  if (priority !== undefined) draft.priority = priority;
  const requestedAt = reader.time('requestedAt');
  if (requestedAt !== undefined) draft.requestedAt = requestedAt;
  if (reader.brokenLimit !== undefined) return { ok: false, error: reader.brokenLimit };
  if (reader.problems.length === 0) return { ok: true, value: draft };
  return invalid('TASK_REQUEST_INVALID', `Invalid task request: ${reader.problems.join('; ')}. Correct the request.`);
}

/** Reads typed values out of loose fields and gathers what is wrong with them; null counts as absent. */
class FieldReader {
  readonly problems: string[] = [];
  /** The first value that breaks a limit of spec 1.13, as `checkJson` tells it. */
  brokenLimit: TaskerError | undefined = undefined;
  readonly #fields: Fields;

  constructor(fields: Fields) {
    this.#fields = fields;
  }

  required(name: string, value: string | undefined): string {
    if (value === undefined && isAbsent(this.#fields[name])) this.problems.push(`${name} is missing`);
    return value ?? '';
  }

  text(name: string, longest: number): string | undefined {
    const rule = `text of 1 to ${longest} characters`;
    return this.#read(name, rule, (value) => {
      const clean = isText(value, longest) ? this.#storable(name, value) : undefined;
      return clean !== undefined && isText(clean, longest) ? clean : undefined;
    });
  }

  uuid(name: string): string | undefined {
    return this.#read(name, 'a UUID', (value) =>
      typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : undefined,
    );
  }

  time(name: string): string | undefined {
    return this.#read(name, 'a time such as 2026-01-31T08:00:00Z', (value) =>
      typeof value === 'string' ? toIsoTime(value) : undefined,
    );
  }

  integer(name: string, range: { readonly lowest: number; readonly highest: number }): number | undefined {
    const fits = (value: Json): value is number =>
      typeof value === 'number' && Number.isInteger(value) && value >= range.lowest && value <= range.highest;
    const rule = `a whole number from ${range.lowest} to ${range.highest}`;
    return this.#read(name, rule, (value) => (fits(value) ? value : undefined));
  }

  texts(name: string): readonly string[] | undefined {
    return this.#read(name, 'an array of texts', (value) => {
      const clean = this.#storable(name, value);
      return isJsonArray(clean) && clean.every(isTag) ? clean : undefined;
    });
  }

  object(name: string): JsonObject | undefined {
    return this.#read(name, 'an object', (value) => {
      const clean = this.#storable(name, value);
      return isJsonObject(clean) ? clean : undefined;
    });
  }

  /** The value without what PostgreSQL cannot hold; null once a limit is broken. */
  #storable(name: string, value: Json): Json {
    try {
      return checkJson(value, { what: name, mustBe: 'any' });
    } catch (thrown) {
      this.brokenLimit ??= toTaskerError(thrown, 'TASK_REQUEST_INVALID', 'input');
      return null;
    }
  }

  #read<T>(name: string, rule: string, accept: (value: Json) => T | undefined): T | undefined {
    const value = this.#fields[name];
    if (isAbsent(value)) return undefined;
    const accepted = accept(value);
    if (accepted === undefined) this.problems.push(`${name} is ${found(value)}, expected ${rule}`);
    return accepted;
  }
}

/** As ISO 8601: JavaScript reads much that PostgreSQL refuses, "1 (comment)" or a year of six digits. */
function toIsoTime(text: string): string | undefined {
  const ms = Date.parse(text);
  const iso = Number.isNaN(ms) ? '' : new Date(ms).toISOString();
  return /^(?!0000)\d{4}-/.test(iso) ? iso : undefined;
}

function isAbsent(value: Json | undefined): value is null | undefined {
  return value === undefined || value === null;
}

function isText(value: Json, longest: number): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= longest;
}

function isTag(value: Json): value is string {
  return typeof value === 'string';
}

function isJsonArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isJsonObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A short, safe picture of a value for a message: long texts are cut, containers only named. */
function found(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return value.length > 60 ? `a text of ${value.length} characters` : JSON.stringify(value);
  if (isJsonArray(value)) return 'an array';
  if (isJsonObject(value)) return 'an object';
  return String(value);
}

function withoutUndefined(fields: Fields): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) kept[name] = value;
  return kept;
}

function invalid(code: string, message: string): { readonly ok: false; readonly error: TaskerError } {
  return { ok: false, error: new TaskerError(code, message, { kind: 'input' }) };
}
