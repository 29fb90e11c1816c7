// The payloads of the scenarios in the wire forms of src: its messages are pointers, and its ids are UUIDs.
import type { Json, JsonObject } from '../../../src/domain/json.ts';
import type { OrchestrationCommand, TaskRequest } from '../../../src/orchestration/commands/commands.ts';

export type Act = OrchestrationCommand['act'];

const UUID_HEX_DIGITS = 32;

/** A UUID that spells out the id of a scenario: up to 16 characters. */
export function uuidOf(id: string): string {
  const hex = Buffer.from(id).toString('hex').padEnd(UUID_HEX_DIGITS, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The id that `uuidOf` made the UUID of. */
export function idOf(uuid: string): string {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString().replaceAll('\0', '');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const namesOnTheWire: Readonly<Record<string, string>> = {
  correlationId: 'correlation_id',
  taskUuid: 'task_uuid',
  stepUuid: 'step_uuid',
};

/** The body of a message; what is no record travels as it is. */
export function wireForm(act: Act, payload: unknown): Json {
  // Whatever else a scenario sends is JSON.
  if (!isRecord(payload)) return payload as Json;
  const fields = Object.fromEntries(Object.entries(payload).flatMap(([name, value]) => wireField(name, value)));
  if (act === 'initialize_task') return { request_id: 'request-1', task_request: fields };
  return act === 'process_step_result' ? { ...fields, correlation_id: uuidOf('corr-1') } : fields;
}

function wireField(name: string, value: unknown): readonly (readonly [string, Json])[] {
  if (value === undefined) return [];
  const onTheWire = namesOnTheWire[name];
  // A field of a payload that is JSON.
  if (onTheWire === undefined || typeof value !== 'string') return [[name, value as Json]];
  return [[onTheWire, value === '' ? '' : uuidOf(value)]];
}

/** The request of a direct command. */
export function requestOf(given: Readonly<Record<string, unknown>>): TaskRequest {
  const correlationId = String(given['correlationId']);
  return {
    namespace: String(given['namespace']),
    name: String(given['name']),
    version: String(given['version']),
    // The scenarios give a record, or leave it out.
    context: (given['context'] ?? {}) as JsonObject,
    correlationId: uuidOf(correlationId),
    ...(typeof given['priority'] === 'number' ? { priority: given['priority'] } : {}),
  };
}
