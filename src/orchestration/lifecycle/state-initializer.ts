// The first states of a new task: what is written when it is created, as one row of the task table and one per step (spec 6.2).
import { identityKey } from '../../domain/identity.ts';
import type { NewId } from '../../domain/ports.ts';
import type { TaskTemplate } from '../../domain/template/task-template.ts';
import type { NewTask } from '../../store/store.ts';
import type { TaskRequest } from '../commands/commands.ts';

export interface InitializerPorts {
  readonly newId: NewId;
  /** A stable hash as text of at most 128 characters. */
  readonly hash: (text: string) => string;
}

/** The row of a requested task with the defaults of spec 6.1. Throws IDEMPOTENCY_KEY_REQUIRED. */
export function initializeTask(request: TaskRequest, template: TaskTemplate, ports: InitializerPorts): NewTask {
  return {
    identityHash: identityKey({
      // The name, not the row: an edited template must not make a duplicate of the same request.
      namedTask: `${template.namespace_name}/${template.name}:${template.version}`,
      context: request.context,
      strategy: template.identity_strategy,
      idempotencyKey: request.idempotencyKey,
      requestId: request.requestId,
      newId: ports.newId,
      hash: ports.hash,
    }),
    context: request.context,
    correlationId: request.correlationId ?? ports.newId(),
    parentCorrelationId: request.parentCorrelationId,
    initiator: request.initiator ?? 'system',
    sourceSystem: request.sourceSystem ?? 'tasker-core',
    reason: request.reason ?? 'Task requested',
    tags: request.tags ?? [],
    priority: request.priority ?? 0,
    requestedAt: request.requestedAt,
  };
}
