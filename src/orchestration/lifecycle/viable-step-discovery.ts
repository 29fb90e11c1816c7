// Which steps of a task may run now, and a summary of how ready the task is (plan, file 3; spec 6.4, 6.6).
import type { StepFacts } from '../../domain/readiness.ts';
import { stepReadiness } from '../../domain/readiness.ts';
import type { ViableStep } from '../../domain/step-request.ts';

export interface DiscoverableStep extends StepFacts {
  readonly id: string;
}

/** The steps that are ready for execution, in the order given. */
export function discoverViableSteps<Step extends DiscoverableStep>(steps: readonly Step[], now: number): readonly Step[] {
  return steps.filter((step) => stepReadiness(step, now).readyForExecution);
}

/** Keeps the steps whose dependencies are satisfied, and says how many were left out (plan, file 3, extract 2). */
export function filterByDependencySatisfaction<Step extends Pick<ViableStep, 'dependenciesSatisfied'>>(
  steps: readonly Step[],
): { readonly satisfied: readonly Step[]; readonly removed: number } {
  const satisfied = steps.filter((step) => step.dependenciesSatisfied);
  return { satisfied, removed: steps.length - satisfied.length };
}
