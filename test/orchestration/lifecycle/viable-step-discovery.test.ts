// Which steps may run: the readiness rules over a list, and the dependency filter of spec 15.3.
import { describe, expect, it } from 'vitest';
import { StepsInProgress } from '../../../src/orchestration/lifecycle/step-progress.ts';
import {
  discoverViableSteps,
  filterByDependencySatisfaction,
} from '../../../src/orchestration/lifecycle/viable-step-discovery.ts';
import { stepView } from './task-views.ts';

describe('discovery', () => {
  it('keeps the ready steps in the order given', () => {
    const { facts } = {
      facts: new StepsInProgress([
        stepView('late', { state: 'waiting_for_retry', attempts: 1, nextRetryAt: 100 }),
        stepView('done', { state: 'complete' }),
        stepView('child', { parents: ['done'] }),
        stepView('grandchild', { parents: ['child'] }),
        stepView('root'),
        stepView('running', { state: 'in_progress' }),
        stepView('spent', { state: 'waiting_for_retry', attempts: 3 }),
      ]).facts(),
    };
    expect(discoverViableSteps(facts, 99).map(({ id }) => id)).toEqual(['child', 'root']);
    expect(discoverViableSteps(facts, 100).map(({ id }) => id)).toEqual(['late', 'child', 'root']);
  });
});

describe('the dependency filter', () => {
  const step = (name: string, dependenciesSatisfied: boolean) => ({ name, dependenciesSatisfied });

  it.each([
    ['a mixed list keeps only the satisfied', [step('a', true), step('b', false), step('c', true)], ['a', 'c'], 1],
    ['all unsatisfied leave an empty list and no error', [step('a', false), step('b', false)], [], 2],
    ['all satisfied stay', [step('a', true), step('b', true)], ['a', 'b'], 0],
    ['nothing stays nothing', [], [], 0],
  ])('%s', (_, steps, names, removed) => {
    const filtered = filterByDependencySatisfaction(steps);
    expect(filtered.satisfied.map(({ name }) => name)).toEqual(names);
    expect(filtered.removed).toBe(removed);
  });
});
