// What makes two task requests the same request (spec 1.14; the strategies are honored, spec 14 #1).
import { TaskerError } from './errors.ts';
import type { Json } from './json.ts';
import type { NewId } from './ports.ts';

export const identityStrategies = ['strict', 'caller_provided', 'always_unique'] as const;
export type IdentityStrategy = (typeof identityStrategies)[number];

export interface IdentityFacts {
  /** The UUID of the named task. */
  readonly namedTask: string;
  readonly context: Json;
  readonly strategy: IdentityStrategy;
  readonly idempotencyKey: string | undefined;
  /** Names the request itself where it can arrive twice, as a message can; undefined = it arrives once. */
  readonly requestId?: string | undefined;
  readonly newId: NewId;
  /** Any stable hash of at most 128 characters; in production SHA-256 in hex. */
  readonly hash: (text: string) => string;
}

/** Throws IDEMPOTENCY_KEY_REQUIRED when the strategy wants a key and there is none, IDEMPOTENCY_KEY_EMPTY for an empty one. */
export function requireIdentity({
  namedTask,
  strategy,
  idempotencyKey,
}: Pick<IdentityFacts, 'namedTask' | 'strategy' | 'idempotencyKey'>): void {
  if (idempotencyKey === '') {
    const message =
      'found an empty idempotency_key; expected some text that names this request. Leave the key out to go without one.';
    throw new TaskerError('IDEMPOTENCY_KEY_EMPTY', message, { kind: 'input' });
  }
  if (idempotencyKey !== undefined || strategy !== 'caller_provided') return;
  throw new TaskerError(
    'IDEMPOTENCY_KEY_REQUIRED',
    'idempotency_key is required when named task uses CallerProvided identity strategy',
    { kind: 'input', details: { named_task_uuid: namedTask } },
  );
}

/** The task's `identity_hash`. An idempotency key wins over every strategy. Throws what `requireIdentity` does. */
export function identityKey(facts: IdentityFacts): string {
  const { namedTask, context, strategy, idempotencyKey, requestId, newId, hash } = facts;
  requireIdentity(facts);
  // The words 'key', 'context' and 'request' keep a key that looks like a context from meeting that context.
  if (idempotencyKey !== undefined) return hash(normalizeJson(['key', namedTask, idempotencyKey]));
  if (strategy !== 'always_unique') return hash(normalizeJson(['context', namedTask, context]));
  // Unique a request, not a delivery: a message that is delivered again must find the task it made.
  return requestId === undefined ? newId() : hash(normalizeJson(['request', namedTask, requestId]));
}

/** JSON text in which the order of keys and white space no longer matter; the order of arrays still does. */
export function normalizeJson(json: Json): string {
  if (isArray(json)) return `[${json.map(normalizeJson).join(',')}]`;
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  const entries = Object.entries(json).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${normalizeJson(value)}`).join(',')}}`;
}

/** Array.isArray does not narrow a union with a readonly array. */
function isArray(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
