// The names of queues and notification channels (spec 4.3, 4.4): built, checked, compared and read back in one place.
import { TaskerError } from '../domain/errors.ts';

/** The three queues of the orchestrator; a configuration may rename them. */
export interface OrchestrationQueues {
  readonly stepResults: string;
  readonly taskRequests: string;
  readonly taskFinalizations: string;
}

export const orchestrationQueues: OrchestrationQueues = {
  stepResults: 'orchestration_step_results',
  taskRequests: 'orchestration_task_requests',
  taskFinalizations: 'orchestration_task_finalizations',
};

/** pgmq prefixes a queue with up to 16 characters and PostgreSQL identifiers end at 63. */
export const maxQueueNameLength = 47;

export const defaultWorkerPrefix = 'worker';

/** The namespace of a queue whose name does not tell one. */
export const defaultNamespace = 'default';

const queueNamePattern = /^[a-zA-Z0-9_]+$/;
const queueSuffix = '_queue';

export type QueueClass =
  | { readonly kind: 'step_results' }
  | { readonly kind: 'task_requests' }
  | { readonly kind: 'task_finalizations' }
  | { readonly kind: 'worker'; readonly namespace: string }
  | { readonly kind: 'unknown' };

/** `worker_payments_queue`: where the steps of a namespace wait. Throws QUEUE_NAME_INVALID when the result is no queue name. */
export function workerQueue(namespace: string, prefix = defaultWorkerPrefix): string {
  if (namespace === '') throw invalidName('', 'an empty namespace', 'give the namespace a name of 1 to 29 characters');
  return requireQueueName(`${prefix}_${namespace}${queueSuffix}`);
}

/** `payments_domain_events`: where the domain events of a namespace go. Throws QUEUE_NAME_INVALID. */
export function domainEventsQueue(namespace: string): string {
  return requireQueueName(`${namespace}_domain_events`);
}

/** The name itself when it is one, else a thrown QUEUE_NAME_INVALID (kind `input`). */
export function requireQueueName(name: string): string {
  if (name.length > maxQueueNameLength) {
    throw invalidName(name, `${name.length} characters`, `shorten it to ${maxQueueNameLength}: pgmq prefixes the table names`);
  }
  if (!queueNamePattern.test(name)) {
    throw invalidName(name, 'a character outside [a-zA-Z0-9_], or none at all', 'use ASCII letters, digits and underscores only');
  }
  return name;
}

/** The form in which queue names are compared: pgmq folds its table names to lower case, so `A` and `a` are one queue. */
export function canonicalQueueName(name: string): string {
  return requireQueueName(name).toLowerCase();
}

export function isSameQueue(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** Whose queue a name is (spec 4.3): the orchestrator's by exact name first, then a worker's by its form. */
export function classifyQueue(name: string, queues: OrchestrationQueues = orchestrationQueues): QueueClass {
  if (isSameQueue(name, queues.stepResults)) return { kind: 'step_results' };
  if (isSameQueue(name, queues.taskRequests)) return { kind: 'task_requests' };
  if (isSameQueue(name, queues.taskFinalizations)) return { kind: 'task_finalizations' };
  const namespace = workerNamespace(name);
  return namespace === undefined ? { kind: 'unknown' } : { kind: 'worker', namespace };
}

/**
 * Whether the messages of a queue can be rebuilt from the state in the database. A task request cannot: the message is all
 * there is of it.
 */
export function holdsPointers(name: string, queues: OrchestrationQueues = orchestrationQueues): boolean {
  return !isSameQueue(name, queues.taskRequests);
}

/** The namespace whose channel announces this queue (spec 4.4), in lower case so that announcer and subscriber agree. */
export function namespaceOfQueue(name: string): string {
  const lower = name.toLowerCase();
  return lower.startsWith('orchestration') ? 'orchestration' : (workerNamespace(lower) ?? defaultNamespace);
}

/** `pgmq_message_ready.payments`; at most 61 bytes for a valid queue name, below PostgreSQL's 63. */
export function channelOfQueue(name: string): string {
  return `pgmq_message_ready.${namespaceOfQueue(name)}`;
}

function workerNamespace(name: string): string | undefined {
  if (!name.toLowerCase().endsWith(queueSuffix)) return undefined;
  const stem = name.slice(0, -queueSuffix.length);
  const prefix = `${defaultWorkerPrefix}_`;
  const namespace = stem.toLowerCase().startsWith(prefix) ? stem.slice(prefix.length) : stem;
  return namespace === '' ? undefined : namespace;
}

function invalidName(name: string, found: string, advice: string): TaskerError {
  return new TaskerError('QUEUE_NAME_INVALID', `The queue name "${name}" has ${found}; ${advice}.`, {
    kind: 'input',
    details: { queueName: name },
  });
}
