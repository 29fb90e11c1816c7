// The steps of a template that this release can read and cannot run: decisions, batches and their convergence.
import type { StepType, TaskTemplate } from './task-template.ts';

/** Their names and types, in the order of the template; empty when all can run. Callers refuse the template with them. */
export function unsupportedStepTypes(
  template: Pick<TaskTemplate, 'steps'>,
): readonly { readonly name: string; readonly type: StepType }[] {
  return template.steps.filter((step) => step.type !== 'standard').map(({ name, type }) => ({ name, type }));
}
