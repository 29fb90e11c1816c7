// In which order the steps of a plan run: dependencies first, else the plan's order or a seeded one.
import { nearestOf } from '../kernel/nearest.ts';
import { RefitError } from '../kernel/refit-error.ts';
import type { Plan, Step } from './plan.ts';
import { requireStepOptions } from './plan-shape.ts';

function unknownStep(id: string, plan: Plan, where: string): RefitError {
  const near = nearestOf(
    id,
    plan.steps.map((step) => step.id),
  );
  const known = plan.steps.map((step) => step.id).join(', ');
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  return new RefitError(
    'REFIT_PLAN_STEP_UNKNOWN',
    `${where} names step ${id}, which the plan ${plan.name} does not have.${hint} Its steps: ${known}.`,
  );
}

/** Ids are unique, phases and dependencies exist, operations have the options they need. Throws `REFIT_PLAN_…`. */
export function requireWellFormed(plan: Plan): void {
  const seen = new Set<string>();
  const phases = new Set(plan.phases.map((phase) => phase.id));
  for (const step of plan.steps) {
    if (seen.has(step.id))
      throw new RefitError('REFIT_PLAN_STEP_TWICE', `Plan ${plan.name} has two steps ${step.id}. Give each an id of its own.`);
    seen.add(step.id);
    if (!phases.has(step.phase)) {
      throw new RefitError(
        'REFIT_PLAN_PHASE_UNKNOWN',
        `Step ${step.id} is of phase ${step.phase}; the phases are ${[...phases].join(', ')}.`,
      );
    }
  }
  for (const step of plan.steps) {
    for (const id of step.after) if (!seen.has(id)) throw unknownStep(id, plan, `Step ${step.id} (after)`);
    requireStepOptions(step);
  }
}

/** The chosen steps and all they depend on. */
export function withDependencies(plan: Plan, only: readonly string[] | undefined): readonly Step[] {
  if (only === undefined) return plan.steps;
  const byId = new Map(plan.steps.map((step) => [step.id.toLowerCase(), step]));
  const chosen = new Set<string>();
  const waiting = [...only];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const step = byId.get(id.toLowerCase());
    if (step === undefined) throw unknownStep(id, plan, '--only');
    if (chosen.has(step.id)) continue;
    chosen.add(step.id);
    waiting.push(...step.after);
  }
  return plan.steps.filter((step) => chosen.has(step.id));
}

/** A small generator of numbers below 1: the same seed, the same order. */
function numbersOf(seed: number): () => number {
  let state = (seed >>> 0) + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Steps in an order their dependencies allow; with a seed, a random one of those orders. */
export function orderOf(plan: Plan, steps: readonly Step[], seed?: number): readonly Step[] {
  const next = seed === undefined ? () => 0 : numbersOf(seed);
  const chosen = new Set(steps.map((step) => step.id));
  const done = new Set<string>();
  const left = [...steps];
  const order: Step[] = [];
  while (left.length > 0) {
    const ready = left.filter((step) => step.after.every((id) => done.has(id) || !chosen.has(id)));
    const step = ready[Math.floor(next() * ready.length)];
    if (step === undefined) {
      const cycle = left.map((each) => `${each.id} after ${each.after.join(', ')}`).join('; ');
      throw new RefitError(
        'REFIT_PLAN_CYCLE',
        `The steps of plan ${plan.name} wait for each other: ${cycle}. Remove one dependency.`,
      );
    }
    order.push(step);
    done.add(step.id);
    left.splice(left.indexOf(step), 1);
  }
  return order;
}
