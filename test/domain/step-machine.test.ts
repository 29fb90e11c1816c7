// The step machine against the table of spec 2.8, its guards, and the laws that hold for every state and event.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTerminalStepState, stepStates } from '../../src/domain/states.ts';
import type { StepState } from '../../src/domain/states.ts';
import { stepEventTypes, stepLifecycleEventName, stepTransition } from '../../src/domain/step-machine.ts';
import type { StepEvent, StepEventType } from '../../src/domain/step-machine.ts';

function event(type: StepEventType): StepEvent {
  return type === 'Fail' || type === 'WaitForRetry' ? { type, data: 'text' } : { type };
}

type Edge = readonly [StepState, StepEventType, StepState];

const cancellable: readonly StepState[] = [
  'pending',
  'enqueued',
  'in_progress',
  'enqueued_for_orchestration',
  'enqueued_as_error_for_orchestration',
  'error',
  'waiting_for_retry',
];
const failing: readonly StepState[] = ['pending', 'enqueued', 'in_progress', 'enqueued_as_error_for_orchestration'];

const table: readonly Edge[] = [
  ['pending', 'Enqueue', 'enqueued'],
  ['pending', 'Start', 'in_progress'],
  ['enqueued', 'Start', 'in_progress'],
  ['in_progress', 'EnqueueForOrchestration', 'enqueued_for_orchestration'],
  ['in_progress', 'EnqueueAsErrorForOrchestration', 'enqueued_as_error_for_orchestration'],
  ['in_progress', 'LeaseExpired', 'enqueued'],
  ['in_progress', 'Complete', 'complete'],
  ['enqueued_for_orchestration', 'Complete', 'complete'],
  ['enqueued_for_orchestration', 'Fail', 'error'],
  ['enqueued_as_error_for_orchestration', 'Complete', 'complete'],
  ['error', 'Retry', 'pending'],
  ['waiting_for_retry', 'Retry', 'pending'],
  ['error', 'ResetForRetry', 'pending'],
  ...failing.flatMap((from): readonly Edge[] => [
    [from, 'Fail', 'error'],
    [from, 'WaitForRetry', 'waiting_for_retry'],
  ]),
  ...cancellable.map((from): Edge => [from, 'Cancel', 'cancelled']),
  ...stepStates.flatMap((from): readonly Edge[] => [
    [from, 'CompleteManually', 'complete'],
    [from, 'ResolveManually', 'resolved_manually'],
  ]),
];

const satisfied = { dependenciesSatisfied: true };

describe('stepTransition', () => {
  it.each(table)('leads from %s by %s to %s', (from, type, to) => {
    expect(stepTransition(from, event(type), satisfied)).toEqual({ kind: 'moved', to });
  });

  it('refuses everything else', () => {
    const allowed = new Set(table.map(([from, type]) => `${from} ${type}`));
    const others = stepStates.flatMap((from) =>
      stepEventTypes.filter((type) => !allowed.has(`${from} ${type}`)).map((type) => ({ from, type })),
    );
    expect(others).toHaveLength(10 * 13 - table.length);
    for (const { from, type } of others) {
      const code = isTerminalStepState(from) ? 'TERMINAL_STATE' : 'INVALID_TRANSITION';
      expect(stepTransition(from, event(type), satisfied), `${from} ${type}`).toMatchObject({ kind: 'refused', code });
    }
  });

  it.each([
    ['Enqueue', {}],
    ['Enqueue', { dependenciesSatisfied: false }],
    ['Start', { dependenciesSatisfied: false }],
  ] as const)('keeps a pending step from %s when its parents are not known to be done (%o)', (type, facts) => {
    expect(stepTransition('pending', event(type), facts)).toMatchObject({ kind: 'refused', code: 'DEPENDENCIES_NOT_SATISFIED' });
    expect(refusal('pending', type)).toContain(`the event ${type} needs every step this one depends on`);
  });

  it('asks for no facts where there is no guard', () => {
    expect(stepTransition('enqueued', event('Start'))).toEqual({ kind: 'moved', to: 'in_progress' });
  });

  it('says what was found and what would be taken', () => {
    expect(refusal('waiting_for_retry', 'Start')).toMatch(
      /in waiting_for_retry does not take the event Start; expected one of .*Retry/,
    );
    expect(refusal('complete', 'Retry')).toMatch(
      /^Cannot transition from terminal state: the step is complete, the event was Retry/,
    );
  });

  function refusal(from: StepState, type: StepEventType): string | undefined {
    const transition = stepTransition(from, event(type));
    return transition.kind === 'refused' ? transition.message : undefined;
  }
});

describe('laws of the step machine', () => {
  it("lets no event leave a terminal state except the operator's", () => {
    const anyEvents = fc.array(fc.constantFrom(...stepEventTypes).map(event), { maxLength: 40 });
    fc.assert(
      fc.property(anyEvents, fc.boolean(), (events, dependenciesSatisfied) => {
        let state: StepState = 'pending';
        for (const next of events) {
          const transition = stepTransition(state, next, { dependenciesSatisfied });
          if (transition.kind === 'refused') continue;
          const isOperators = next.type === 'CompleteManually' || next.type === 'ResolveManually';
          expect(isTerminalStepState(state) && !isOperators).toBe(false);
          state = transition.to;
        }
      }),
    );
  });

  it('can end every reachable state by the ordinary events alone', () => {
    const ordinary = stepEventTypes.filter((type) => !['Cancel', 'CompleteManually', 'ResolveManually'].includes(type));
    const reachable = new Set<StepState>(['pending']);
    for (const state of reachable) for (const to of targets(state, stepEventTypes)) reachable.add(to);
    expect([...reachable].toSorted()).toEqual(stepStates.toSorted());

    const ends = new Set<StepState>(stepStates.filter(isTerminalStepState));
    for (let size = 0; size < ends.size;) {
      size = ends.size;
      for (const state of stepStates) if (targets(state, ordinary).some((to) => ends.has(to))) ends.add(state);
    }
    expect([...reachable].filter((state) => !ends.has(state))).toEqual([]);
  });

  function targets(from: StepState, types: readonly StepEventType[]): readonly StepState[] {
    return types.flatMap((type) => {
      const transition = stepTransition(from, event(type), satisfied);
      return transition.kind === 'moved' ? [transition.to] : [];
    });
  }
});

describe('stepLifecycleEventName', () => {
  it.each([
    ['pending', 'enqueued', 'step.enqueue_requested'],
    ['enqueued', 'in_progress', 'step.execution_requested'],
    ['pending', 'in_progress', 'step.handle'],
    ['in_progress', 'enqueued', 'step.lease_expired'],
    ['in_progress', 'enqueued_for_orchestration', 'step.enqueued_for_orchestration'],
    ['in_progress', 'enqueued_as_error_for_orchestration', 'step.enqueued_as_error_for_orchestration'],
    ['enqueued_as_error_for_orchestration', 'waiting_for_retry', 'step.retry_requested'],
    ['error', 'pending', 'step.retry_requested'],
    ['waiting_for_retry', 'pending', 'step.retry_requested'],
    ['enqueued_for_orchestration', 'complete', 'step.completed'],
    ['enqueued_as_error_for_orchestration', 'error', 'step.failed'],
    ['pending', 'cancelled', 'step.cancelled'],
    ['error', 'resolved_manually', 'step.resolved_manually'],
    ['complete', 'pending', undefined],
  ] as const)('calls %s → %s %s', (from, to, name) => {
    expect(stepLifecycleEventName(from, to)).toBe(name);
  });
});
