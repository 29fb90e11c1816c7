// Submitting with an idempotency key: a new task, or the one that has the key already, as long as it is the same request.
import { TaskerError } from '../domain/errors.ts';
import { normalizeJson, requireIdentity } from '../domain/identity.ts';
import type { JsonObject } from '../domain/json.ts';
import type { TaskTemplate } from '../domain/template/task-template.ts';
import { templateKey } from '../domain/template/template-graph.ts';
import type { TaskHandle, Tasker } from '../runtime/tasker.ts';

export interface JoinRequest {
  readonly template: TaskTemplate;
  /** Undefined: whatever context the task with this key has. */
  readonly context: JsonObject | undefined;
  readonly idempotencyKey: string;
}

/** Before the template is registered, so that a request that cannot be leaves nothing behind. Throws IDEMPOTENCY_KEY_EMPTY or _REQUIRED. */
export function requireRequest(template: TaskTemplate, idempotencyKey: string | undefined): void {
  requireIdentity({ namedTask: templateKey(template), strategy: template.identity_strategy, idempotencyKey });
}

/** Throws IDENTITY_CONFLICT when the key belongs to a task with another context. */
export async function submitOrJoin(tasker: Tasker, { template, context, idempotencyKey }: JoinRequest): Promise<TaskHandle> {
  const task = await tasker.submit(
    { template },
    { context: context ?? {}, idempotencyKey, initiator: 'tasker cli', reason: 'tasker run' },
  );
  if (task.created || context === undefined) return task;
  const existing = await task.details();
  if (normalizeJson(existing.context) === normalizeJson(context)) return task;
  throw new TaskerError(
    'IDENTITY_CONFLICT',
    `the idempotency key ${idempotencyKey} belongs to task ${task.taskUuid} (${existing.state}), which has another context. Use another key, or leave --context away to join that task.`,
    { kind: 'input', details: { taskUuid: task.taskUuid, state: existing.state } },
  );
}
