// Whatever workers report and whenever, deciding again and again brings every task to an end and breaks no rule on the way.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportedResult, StepView, TaskView } from '../../src/domain/task-view.ts';
import { satisfiesDependents } from '../../src/domain/states.ts';
import { decideTask } from '../../src/orchestration/lifecycle/decide-task.ts';
import { applyDecision, failure, stepView, success, taskView, withStep } from '../orchestration/lifecycle/task-views.ts';

interface Drawn {
  readonly links: number;
  readonly maxAttempts: number;
  readonly retryable: boolean;
  /** Outcome of each attempt; the last one again when they run out. */
  readonly outcomes: readonly ReportedResult[];
}

const outcome = fc.constantFrom(
  success,
  success,
  failure,
  { ...failure, retryable: false },
  { ...failure, retryAfter: '7' },
  { ...success, success: undefined },
);
const step: fc.Arbitrary<Drawn> = fc.record({
  links: fc.integer({ min: 0, max: 2 ** 10 - 1 }),
  maxAttempts: fc.integer({ min: 0, max: 4 }),
  retryable: fc.boolean(),
  outcomes: fc.array(outcome, { minLength: 1, maxLength: 5 }),
});

const idOf = (at: number) => `s${String(at)}`;
const started: ReadonlySet<StepView['state']> = new Set<StepView['state']>([
  'enqueued',
  'in_progress',
  'enqueued_for_orchestration',
  'enqueued_as_error_for_orchestration',
]);

function newTask(drawn: readonly Drawn[]): TaskView {
  const steps = drawn.map(({ links, maxAttempts, retryable }, at) =>
    stepView(idOf(at), {
      maxAttempts,
      retryable,
      parents: drawn.flatMap((_, parent) => (parent < at && ((links >> parent) & 1) === 1 ? [idOf(parent)] : [])),
    }),
  );
  return taskView('pending', steps);
}

/** What workers do next, picked by `choice`; undefined when no step is with them. */
function work(view: TaskView, drawn: readonly Drawn[], choice: number): TaskView | undefined {
  const busy = view.steps.filter(({ state }) => state === 'enqueued' || state === 'in_progress');
  const next = busy[choice % Math.max(busy.length, 1)];
  if (next === undefined) return undefined;
  if (next.state === 'enqueued') return withStep(view, next.id, { state: 'in_progress', attempts: next.attempts + 1 });
  const { outcomes } = drawn[Number(next.id.slice(1))] ?? { outcomes: [success] };
  const result = outcomes[Math.min(next.attempts, outcomes.length) - 1] ?? success;
  return withStep(view, next.id, {
    state: result.success === false ? 'enqueued_as_error_for_orchestration' : 'enqueued_for_orchestration',
    result,
  });
}

function checkRules(view: TaskView): void {
  const states = new Map(view.steps.map(({ id, state }) => [id, state]));
  for (const each of view.steps) {
    expect(each.attempts).toBeLessThanOrEqual(Math.max(each.maxAttempts, 1));
    if (!each.retryable) expect(each.attempts).toBeLessThanOrEqual(1);
    if (started.has(each.state))
      expect(each.parents.every((parent) => satisfiesDependents(states.get(parent) ?? 'pending'))).toBe(true);
  }
}

/** Runs the task until nothing moves; `decides` says after which of the workers' acts the orchestrator looks. */
function run(drawn: readonly Drawn[], choices: readonly number[], decides: readonly boolean[]): TaskView {
  let [view, now] = [newTask(drawn), 0];
  const decide = () => {
    view = applyDecision(view, decideTask(view, { now, random: () => 0.5, retryPolicyOf: () => undefined }));
    checkRules(view);
  };
  decide();
  for (let act = 0; act < 1_000; act += 1) {
    const worked = work(view, drawn, choices[act % choices.length] ?? 0);
    view = worked ?? view;
    if (worked === undefined) {
      const before = view;
      now += 3_600_000;
      decide();
      if (JSON.stringify(before) === JSON.stringify(view)) return view;
    } else if (decides[act % decides.length] === true) decide();
  }
  throw new Error(`the task still moves after 1000 acts: ${JSON.stringify(view)}`);
}

describe('a task of any shape', () => {
  it('ends complete or blocked, with no step before its parents and none executed too often', () => {
    const ends = { complete: 0, blocked_by_failures: 0 };
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 10 }),
        fc.array(fc.nat(20), { minLength: 1, maxLength: 30 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }),
        (drawn, choices, decides) => {
          const end = run(drawn, choices, decides);
          const failed = end.steps.some(({ state }) => state === 'error');
          expect(end.state).toBe(failed ? 'blocked_by_failures' : 'complete');
          if (!failed) expect(new Set(end.steps.map(({ state }) => state))).toEqual(new Set(['complete']));
          // Nothing is left half way: what waits, waits for the failed step.
          expect(end.steps.filter(({ state }) => started.has(state))).toEqual([]);
          ends[failed ? 'blocked_by_failures' : 'complete'] += 1;
        },
      ),
      { numRuns: 400 },
    );
    expect(Math.min(ends.complete, ends.blocked_by_failures)).toBeGreaterThan(20);
  });

  it('ends the same when every decision is made twice', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(20), { minLength: 1, maxLength: 30 }),
        (drawn, choices) => {
          let view = newTask(drawn);
          for (let act = 0; act < 40; act += 1) {
            const decision = decideTask(view, { now: act, random: () => 0.5, retryPolicyOf: () => undefined });
            view = applyDecision(view, decision);
            const again = decideTask(view, { now: act, random: () => 0.5, retryPolicyOf: () => undefined });
            expect(again).toMatchObject({ steps: [], task: undefined, enqueued: [] });
            view = work(view, drawn, choices[act % choices.length] ?? 0) ?? view;
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
