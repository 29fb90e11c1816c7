// The schema of a task template: each key, its type, its range, its default (spec 5.1).
import { backoffStrategies } from '../backoff.ts';
import { identityStrategies } from '../identity.ts';
import { fields, flag, integer, json, jsonObject, listOf, mapOf, oneOf, text } from './read-fields.ts';
import type { Reader } from './read-fields.ts';
import { deliveryModes, eventConditions, failureStrategies, stalenessActions, stepTypes } from './task-template.ts';
import type {
  BatchConfiguration,
  DomainEventDefinition,
  EnvironmentOverride,
  EventDeclaration,
  HandlerDefinition,
  InitializationOverride,
  LifecycleConfiguration,
  RetryConfiguration,
  StepDefinition,
  StepOverride,
  SystemDependencies,
  TaskTemplate,
  TemplateMetadata,
} from './task-template.ts';

// Lengths: where the spec's rule is wider than the database column (spec 1.1 to 1.3), the column decides, so that the writer of a
// template hears of it with a line number and not from PostgreSQL.
const description = text(255);
const name = text(255);

// 29 = 47 characters of a queue's name less 18 for the longest suffix (spec 1.1).
const namespace = text(29, {
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
  expected: 'letters, digits and underscores that do not begin with a digit',
});
const version = text(16, { pattern: /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/, expected: 'a version such as 1.0.0' });
const eventName = text(255, {
  pattern: /^[a-z0-9_]+(?:\.[a-z0-9_]+)+$/,
  expected: 'words of a-z, 0-9 and _ joined by dots, such as payment.authorized',
});
const publisher = text(255, {
  pattern: /^[A-Za-z_]\w*(?:(?:::|\.)[A-Za-z_]\w*)*$/,
  expected: 'an identifier, its parts joined by :: or dots',
});

const handler: Reader<HandlerDefinition> = fields((from) => ({
  callable: from.required('callable', text(500)),
  ...from.optional('method', name),
  ...from.optional('resolver', name),
  initialization: from.withDefault('initialization', jsonObject, {}),
}));

const defaultRetry: RetryConfiguration = { retryable: true, max_attempts: 3, backoff: 'exponential' };

/**
 * Decisions. `backoff_base_ms` and `max_backoff_ms` stay unset when the block is absent, as they do when it is present: the spec's
 * 1000 and 30000 for that one case had no effect in the reference, and here they would make a step without a retry block back off
 * differently from one with an empty block. `max_attempts: 0` is allowed: it runs once and is never retried (spec 14 #8).
 */
const retry: Reader<RetryConfiguration> = fields((from) => ({
  retryable: from.withDefault('retryable', flag, defaultRetry.retryable),
  max_attempts: from.withDefault('max_attempts', integer(0, 100), defaultRetry.max_attempts),
  backoff: from.withDefault('backoff', oneOf(backoffStrategies), 'exponential'),
  ...from.optional('backoff_base_ms', integer(100, 3_600_000)),
  ...from.optional('max_backoff_ms', integer(1000, 3_600_000)),
}));

const eventDeclaration: Reader<EventDeclaration> = fields((from) => ({
  name: from.required('name', eventName),
  ...from.optional('description', description),
  condition: from.withDefault('condition', oneOf(eventConditions), 'success'),
  ...from.optional('schema', jsonObject),
  delivery_mode: from.withDefault('delivery_mode', oneOf(deliveryModes), 'durable'),
  ...from.optional('publisher', publisher),
}));

const batchConfiguration: Reader<BatchConfiguration> = fields((from) => ({
  batch_size: from.withDefault('batch_size', integer(1, 100_000), 1000),
  parallelism: from.withDefault('parallelism', integer(1, 1000), 10),
  cursor_field: from.withDefault('cursor_field', name, 'id'),
  worker_template: from.required('worker_template', name),
  failure_strategy: from.withDefault('failure_strategy', oneOf(failureStrategies), 'continue_on_failure'),
}));

const timeoutSeconds = integer(1, 4_294_967_295);

const step: Reader<StepDefinition> = fields((from) => ({
  name: from.required('name', text(128)),
  ...from.optional('description', description),
  handler: from.required('handler', handler),
  type: from.synonym('type', 'step_type', { reader: oneOf(stepTypes), fallback: 'standard' }),
  ...from.optional('system_dependency', name),
  dependencies: from.synonym('dependencies', 'depends_on', { reader: listOf(text(128)), fallback: [] }),
  retry: from.withDefault('retry', retry, defaultRetry),
  ...from.optional('timeout_seconds', timeoutSeconds),
  publishes_events: from.withDefault('publishes_events', listOf(eventDeclaration), []),
  ...from.optional('batch_config', batchConfiguration),
  ...from.optional('result_schema', jsonObject),
  ...from.optional('composition', json),
}));

const initializationOverride: Reader<InitializationOverride> = fields((from) => ({
  initialization: from.withDefault('initialization', jsonObject, {}),
}));

const stepOverride: Reader<StepOverride> = fields((from) => ({
  name: from.required('name', text(128)),
  ...from.optional('handler', initializationOverride),
  ...from.optional('timeout_seconds', timeoutSeconds),
  ...from.optional('retry', retry),
}));

const environment: Reader<EnvironmentOverride> = fields((from) => ({
  ...from.optional('task_handler', initializationOverride),
  steps: from.withDefault('steps', listOf(stepOverride), []),
}));

const metadata: Reader<TemplateMetadata> = fields((from) => ({
  ...from.optional('author', name),
  tags: from.withDefault('tags', listOf(name), []),
  ...from.optional('documentation_url', text(2000)),
  ...from.optional('created_at', name),
  ...from.optional('updated_at', name),
}));

const systemDependencies: Reader<SystemDependencies> = fields((from) => ({
  primary: from.withDefault('primary', name, 'default'),
  secondary: from.withDefault('secondary', listOf(name), []),
}));

const domainEvent: Reader<DomainEventDefinition> = fields((from) => ({
  name: from.required('name', name),
  ...from.optional('description', description),
  ...from.optional('schema', jsonObject),
}));

const lifecycle: Reader<LifecycleConfiguration> = fields((from) => ({
  ...from.optional('max_duration_minutes', integer(1, 43_200)),
  ...from.optional('max_waiting_for_dependencies_minutes', integer(1, 10_080)),
  ...from.optional('max_waiting_for_retry_minutes', integer(1, 10_080)),
  ...from.optional('max_steps_in_process_minutes', integer(1, 10_080)),
  staleness_action: from.withDefault('staleness_action', oneOf(stalenessActions), 'dlq'),
  ...from.optional('auto_fail_on_timeout', flag),
  ...from.optional('auto_dlq_on_timeout', flag),
}));

export const taskTemplate: Reader<TaskTemplate> = fields((from) => ({
  name: from.required('name', text(64)),
  namespace_name: from.required('namespace_name', namespace),
  version: from.required('version', version),
  ...from.optional('description', description),
  identity_strategy: from.withDefault('identity_strategy', oneOf(identityStrategies), 'strict'),
  ...from.optional('metadata', metadata),
  ...from.optional('task_handler', handler),
  system_dependencies: from.withDefault('system_dependencies', systemDependencies, { primary: 'default', secondary: [] }),
  domain_events: from.withDefault('domain_events', listOf(domainEvent), []),
  ...from.optional('input_schema', jsonObject),
  steps: from.withDefault('steps', listOf(step), []),
  environments: from.withDefault('environments', mapOf(environment), {}),
  ...from.optional('lifecycle', lifecycle),
}));
