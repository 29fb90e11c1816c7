// Questions asked of a valid template: its key, its graph, which steps a task begins with, and its form in an environment (spec 5.2, 5.3).
import { dependencyLevels } from '../dependency-graph.ts';
import type { HandlerDefinition, InitializationOverride, StepDefinition, StepOverride, TaskTemplate } from './task-template.ts';

/** The routing key `{namespace}/{name}:{version}`. */
export function templateKey(template: Pick<TaskTemplate, 'namespace_name' | 'name' | 'version'>): string {
  return `${template.namespace_name}/${template.name}:${template.version}`;
}

/** The names of the steps that each step waits for, directly or not; the steps in an order in which they could run. */
export function transitiveDependencies(template: Pick<TaskTemplate, 'steps'>): ReadonlyMap<string, ReadonlySet<string>> {
  const result = new Map<string, ReadonlySet<string>>();
  for (const step of executionOrder(template)) {
    const ancestors = step.dependencies.flatMap((parent) => [parent, ...(result.get(parent) ?? [])]);
    result.set(step.name, new Set(ancestors));
  }
  return result;
}

/** Every step after the steps it depends on; otherwise in the order of the template. */
export function executionOrder(template: Pick<TaskTemplate, 'steps'>): readonly StepDefinition[] {
  const edges = template.steps.flatMap((step) => step.dependencies.map((from) => ({ from, to: step.name })));
  const levels = dependencyLevels(
    edges,
    template.steps.map((step) => step.name),
  );
  return template.steps.toSorted((a, b) => Number(levels.get(a.name)) - Number(levels.get(b.name)));
}

/**
 * The steps that exist when the task is created. Batch workers never do; what lies behind a decision comes into being with the
 * decision; without a decision, deferred convergence steps wait for the batches they gather.
 */
export function initialSteps(template: Pick<TaskTemplate, 'steps'>): readonly StepDefinition[] {
  const { steps } = template;
  const decisions = steps.filter((step) => step.type === 'decision').map((step) => step.name);
  const comesLater = decisions.length === 0 ? isDeferred : followsAny(decisions, transitiveDependencies(template));
  return steps.filter((step) => step.type !== 'batch_worker' && !comesLater(step));
}

function isDeferred(step: StepDefinition): boolean {
  return step.type === 'deferred_convergence';
}

function followsAny(decisions: readonly string[], ancestors: ReadonlyMap<string, ReadonlySet<string>>) {
  return (step: StepDefinition): boolean => decisions.some((name) => ancestors.get(step.name)?.has(name));
}

/** The template as it is in environment `name`; an unknown environment or step changes nothing. A later entry wins. */
export function resolveEnvironment(template: TaskTemplate, name: string): TaskTemplate {
  const environment = Object.hasOwn(template.environments, name) ? template.environments[name] : undefined;
  if (environment === undefined) return template;
  const steps = template.steps.map((step) =>
    environment.steps.filter((change) => change.name === 'ALL' || change.name === step.name).reduce(applied, step),
  );
  const { task_handler: handler } = template;
  if (handler === undefined || environment.task_handler === undefined) return { ...template, steps };
  return { ...template, steps, task_handler: merged(handler, environment.task_handler) };
}

function applied(step: StepDefinition, { handler, timeout_seconds: timeout, retry }: StepOverride): StepDefinition {
  return {
    ...step,
    ...(handler === undefined ? {} : { handler: merged(step.handler, handler) }),
    ...(timeout === undefined ? {} : { timeout_seconds: timeout }),
    ...(retry === undefined ? {} : { retry }),
  };
}

function merged(handler: HandlerDefinition, { initialization }: InitializationOverride): HandlerDefinition {
  return { ...handler, initialization: { ...handler.initialization, ...initialization } };
}
