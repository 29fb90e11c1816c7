// The parts of a template that this release reads, checks and stores, and that have no effect in it.
import { pathText } from './template-problem.ts';
import type { StepDefinition, TaskTemplate } from './task-template.ts';

/** Their paths, such as `steps[2].result_schema`, in the order of the schema; empty for a template all of which counts. */
export function ignoredKeys(
  template: Pick<TaskTemplate, 'domain_events' | 'input_schema' | 'steps' | 'environments' | 'lifecycle'>,
): readonly string[] {
  const { domain_events: events, input_schema: schema, steps, environments, lifecycle } = template;
  return [
    ...(events.length === 0 ? [] : ['domain_events']),
    ...(schema === undefined ? [] : ['input_schema']),
    ...steps.flatMap((step, index) => ignoredOfStep(step).map((key) => pathText(['steps', index, key]))),
    ...(Object.keys(environments).length === 0 ? [] : ['environments']),
    ...(lifecycle === undefined ? [] : ['lifecycle']),
  ];
}

function ignoredOfStep({ publishes_events: events, result_schema: schema }: StepDefinition): readonly string[] {
  return [...(events.length === 0 ? [] : ['publishes_events']), ...(schema === undefined ? [] : ['result_schema'])];
}
