// Which ends of a decision speak against the database, and that none is refused.
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../src/domain/errors.ts';
import { CircuitBreaker } from '../../src/orchestration/health/circuit-breaker.ts';
import { watchDecisions } from '../../src/runtime/watch-decisions.ts';
import type { WatchedCore } from '../../src/runtime/watch-decisions.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { recordingHandlers, stepMessage, uuid } from '../orchestration/command-fakes.ts';

function harness(decide: () => Promise<never[]>, more: Partial<WatchedCore> = {}) {
  const breaker = new CircuitBreaker({ component: 'database', clock: createFakeClock() });
  const core = {
    ...recordingHandlers({ processStepResults: decide, finalizeTasks: decide }),
    takeStepResults: decide,
    reevaluate: decide,
    announce: () => undefined,
    ...more,
  };
  return { breaker, watched: watchDecisions(core, breaker) };
}

async function decideFiveTimes({ watched }: ReturnType<typeof harness>): Promise<void> {
  const decisions = [
    () => watched.processStepResults([stepMessage(1)]),
    () => watched.finalizeTasks([uuid(1)]),
    () => watched.reevaluate([uuid(1)]),
    () => watched.takeStepResults?.(['1']),
    () => watched.processStepResults([stepMessage(2)]),
  ];
  for (const decide of decisions) await Promise.resolve(decide()).catch(() => undefined);
}

describe('watchDecisions', () => {
  it.each<[string, unknown, string]>([
    ['a database that went away', new TaskerError('STORE_UNREACHABLE', 'gone', { kind: 'infrastructure' }), 'open'],
    ['a statement that failed', new TaskerError('STORE_FAILED', 'disk full', { kind: 'infrastructure' }), 'open'],
    ['a schema that is missing', new TaskerError('SCHEMA_MISSING', 'no table', { kind: 'infrastructure' }), 'open'],
    ['anything that is no error of ours', new Error('?'), 'open'],
    ['values that the database refuses', new TaskerError('STORE_DATA_REFUSED', 'no', { kind: 'infrastructure' }), 'closed'],
    ['a row it cannot read', new TaskerError('UNKNOWN_STATE', 'teleported', { kind: 'infrastructure' }), 'closed'],
    ['a refused transition', new TaskerError('INVALID_TRANSITION', 'no', { kind: 'state' }), 'closed'],
  ])('after five times %s', async (_name, error, state) => {
    const world = harness(() => Promise.reject(error));
    await decideFiveTimes(world);
    expect(world.breaker.state).toBe(state);
  });

  it('refuses nothing while the breaker is open', async () => {
    const world = harness(async () => []);
    world.breaker.forceOpen();
    expect(await world.watched.processStepResults([stepMessage(1)])).toEqual([]);
  });

  it('has the short way of step results only where the core has it', () => {
    const { takeStepResults: _, ...without } = harness(async () => []).watched;
    expect(watchDecisions(without, new CircuitBreaker({ component: 'database', clock: createFakeClock() }))).not.toHaveProperty(
      'takeStepResults',
    );
  });
});
