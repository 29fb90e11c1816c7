// The task template as stored (spec 5.1): the names are those of the YAML, so that the configuration column equals this type.
import type { RetryPolicy } from '../backoff.ts';
import type { IdentityStrategy } from '../identity.ts';
import type { Json, JsonObject } from '../json.ts';

export const stepTypes = ['standard', 'decision', 'deferred_convergence', 'batchable', 'batch_worker'] as const;
export type StepType = (typeof stepTypes)[number];

export const eventConditions = ['success', 'failure', 'retryable_failure', 'permanent_failure', 'always'] as const;
export const deliveryModes = ['durable', 'fast', 'broadcast'] as const;
export const stalenessActions = ['dlq', 'error', 'manual'] as const;
export const failureStrategies = ['continue_on_failure', 'fail_fast', 'isolate'] as const;

export interface TaskTemplate {
  readonly name: string;
  readonly namespace_name: string;
  /** x.y.z */
  readonly version: string;
  readonly description?: string;
  /** When two requests are one task (spec 1.14). */
  readonly identity_strategy: IdentityStrategy;
  readonly metadata?: TemplateMetadata;
  /** Read for the sake of older templates, and not used (spec 14 #31). */
  readonly task_handler?: HandlerDefinition;
  readonly system_dependencies: SystemDependencies;
  readonly domain_events: readonly DomainEventDefinition[];
  /** JSON Schema of the task's context. */
  readonly input_schema?: JsonObject;
  readonly steps: readonly StepDefinition[];
  /** By the name of the environment. */
  readonly environments: Readonly<Record<string, EnvironmentOverride>>;
  readonly lifecycle?: LifecycleConfiguration;
}

export interface StepDefinition {
  readonly name: string;
  readonly description?: string;
  readonly handler: HandlerDefinition;
  readonly type: StepType;
  readonly system_dependency?: string;
  /** Names of steps that must be done before this one runs. */
  readonly dependencies: readonly string[];
  readonly retry: RetryConfiguration;
  readonly timeout_seconds?: number;
  readonly publishes_events: readonly EventDeclaration[];
  readonly batch_config?: BatchConfiguration;
  /** JSON Schema of the step's result. */
  readonly result_schema?: JsonObject;
  readonly composition?: Json;
}

export interface HandlerDefinition {
  readonly callable: string;
  readonly method?: string;
  readonly resolver?: string;
  readonly initialization: JsonObject;
}

export interface RetryConfiguration extends RetryPolicy {
  readonly retryable: boolean;
  /** All attempts, the first included. */
  readonly max_attempts: number;
}

export interface TemplateMetadata {
  readonly author?: string;
  readonly tags: readonly string[];
  readonly documentation_url?: string;
  readonly created_at?: string;
  readonly updated_at?: string;
}

export interface SystemDependencies {
  readonly primary: string;
  readonly secondary: readonly string[];
}

export interface DomainEventDefinition {
  readonly name: string;
  readonly description?: string;
  readonly schema?: JsonObject;
}

export interface LifecycleConfiguration {
  readonly max_duration_minutes?: number;
  readonly max_waiting_for_dependencies_minutes?: number;
  readonly max_waiting_for_retry_minutes?: number;
  readonly max_steps_in_process_minutes?: number;
  readonly staleness_action: (typeof stalenessActions)[number];
  readonly auto_fail_on_timeout?: boolean;
  readonly auto_dlq_on_timeout?: boolean;
}

export interface BatchConfiguration {
  readonly batch_size: number;
  readonly parallelism: number;
  readonly cursor_field: string;
  readonly worker_template: string;
  readonly failure_strategy: (typeof failureStrategies)[number];
}

export interface EventDeclaration {
  readonly name: string;
  readonly description?: string;
  readonly condition: (typeof eventConditions)[number];
  readonly schema?: JsonObject;
  readonly delivery_mode: (typeof deliveryModes)[number];
  readonly publisher?: string;
}

/** What an environment changes: `initialization` is merged key by key, the rest replaces the whole value. */
export interface EnvironmentOverride {
  readonly task_handler?: InitializationOverride;
  readonly steps: readonly StepOverride[];
}

export interface StepOverride {
  /** A step's name, or `ALL`. */
  readonly name: string;
  readonly handler?: InitializationOverride;
  readonly timeout_seconds?: number;
  readonly retry?: RetryConfiguration;
}

export interface InitializationOverride {
  readonly initialization: JsonObject;
}
