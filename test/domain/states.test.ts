// The classes of states, state by state, and the reading of stored states.
import { describe, expect, it } from 'vitest';
import {
  canBeProcessed,
  isActiveTaskState,
  isInPipeline,
  isTerminalStepState,
  isTerminalTaskState,
  isWaitingTaskState,
  parseStepState,
  parseTaskState,
  satisfiesDependents,
  stepStates,
  taskStates,
} from '../../src/domain/states.ts';
import { thrownBy } from './thrown-by.ts';

describe('task states', () => {
  it.each([
    ['pending', ''],
    ['initializing', 'active'],
    ['enqueuing_steps', 'active'],
    ['steps_in_process', 'active'],
    ['evaluating_results', 'active'],
    ['waiting_for_dependencies', 'waiting'],
    ['waiting_for_retry', 'waiting'],
    ['blocked_by_failures', 'waiting'],
    ['complete', 'terminal'],
    ['error', 'terminal'],
    ['cancelled', 'terminal'],
    ['resolved_manually', 'terminal'],
  ] as const)('puts %s in the class "%s"', (state, expected) => {
    const classes = [
      isActiveTaskState(state) ? ['active'] : [],
      isWaitingTaskState(state) ? ['waiting'] : [],
      isTerminalTaskState(state) ? ['terminal'] : [],
    ].flat();
    expect(classes).toEqual(expected === '' ? [] : [expected]);
  });

  it('lets the ready poll pick up pending tasks and those that wait for time or dependencies', () => {
    expect(taskStates.filter(canBeProcessed)).toEqual(['pending', 'waiting_for_dependencies', 'waiting_for_retry']);
  });

  it('reads every state back, and the legacy name', () => {
    expect(taskStates.map(parseTaskState)).toEqual(taskStates);
    expect(taskStates).toHaveLength(12);
    expect(parseTaskState('in_progress')).toBe('steps_in_process');
  });

  it('names an unknown state and the known ones', () => {
    const error = thrownBy(() => parseTaskState('sleeping'));
    expect(error).toMatchObject({ code: 'UNKNOWN_STATE', kind: 'infrastructure' });
    expect(error.message).toContain('task state "sleeping"');
    expect(error.message).toContain('pending, initializing');
  });
});

describe('step states', () => {
  it('has the classes of spec 2.6', () => {
    expect(stepStates).toHaveLength(10);
    expect(stepStates.filter(isTerminalStepState)).toEqual(['complete', 'cancelled', 'resolved_manually']);
    expect(stepStates.filter(satisfiesDependents)).toEqual(['complete', 'resolved_manually']);
    expect(stepStates.filter(isInPipeline)).toEqual([
      'enqueued',
      'in_progress',
      'enqueued_for_orchestration',
      'enqueued_as_error_for_orchestration',
    ]);
  });

  it('reads every state back and keeps in_progress what it is', () => {
    expect(stepStates.map(parseStepState)).toEqual(stepStates);
    expect(parseStepState('in_progress')).toBe('in_progress');
  });

  it('names an unknown state and the known ones', () => {
    const error = thrownBy(() => parseStepState('enqueued_for_processing'));
    expect(error).toMatchObject({ code: 'UNKNOWN_STATE', kind: 'infrastructure' });
    expect(error.message).toMatch(/step state "enqueued_for_processing"; expected one of pending, enqueued/);
  });
});
