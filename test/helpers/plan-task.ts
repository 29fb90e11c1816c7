// Templates for tests, a line a step.
import { validateTemplate } from '../../src/domain/template/parse-template.ts';
import type { TaskTemplate } from '../../src/domain/template/task-template.ts';

/** A step of a test's template: the names of its parents, or those and more. */
export type StepPlan =
  | readonly string[]
  | {
      readonly after?: readonly string[];
      readonly retry?: Readonly<Record<string, unknown>>;
      readonly timeoutSeconds?: number;
      readonly handler?: Readonly<Record<string, unknown>>;
    };

// Retried at once, so that no test waits for a backoff it is not about.
const quickRetry = { backoff: 'none' };

/** The callable of a step is its name unless `handler` says otherwise. */
export function planTask(name: string, steps: Readonly<Record<string, StepPlan>>, more: object = {}): TaskTemplate {
  return validateTemplate(
    {
      name,
      namespace_name: 'tests',
      version: '1.0.0',
      steps: Object.entries(steps).map(([step, plan]) => {
        const { after = [], retry = {}, timeoutSeconds, handler = {} } = isParents(plan) ? { after: plan } : plan;
        return {
          name: step,
          dependencies: after,
          handler: { callable: step, ...handler },
          retry: { ...quickRetry, ...retry },
          ...(timeoutSeconds === undefined ? {} : { timeout_seconds: timeoutSeconds }),
        };
      }),
      ...more,
    },
    name,
  );
}

function isParents(plan: StepPlan): plan is readonly string[] {
  return Array.isArray(plan);
}
