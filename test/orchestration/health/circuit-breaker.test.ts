// Checks the state table of spec 9.3 and the wrapper's metrics.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CircuitBreaker,
  admitCall,
  afterFailure,
  afterSuccess,
  circuitStateCodes,
  closedCircuit,
  type Circuit,
} from '../../../src/orchestration/health/circuit-breaker.ts';
import { createFakeClock } from '../../../src/testing/fake-clock.ts';

const policy = { failureThreshold: 3, timeoutMs: 1000, successThreshold: 2 };
const at = (nowMs: number) => ({ policy, nowMs });
const open: Circuit = { kind: 'open', openedAtMs: 0, consecutiveFailures: 3 };
const halfOpen = (calls: number, successes: number): Circuit => ({ kind: 'half_open', calls, successes, consecutiveFailures: 3 });

describe('circuit', () => {
  it.each([
    { name: 'closed', circuit: closedCircuit, nowMs: 0, isAllowed: true, after: closedCircuit },
    { name: 'open before its time', circuit: open, nowMs: 999, isAllowed: false, after: open },
    { name: 'open when its time has come', circuit: open, nowMs: 1000, isAllowed: true, after: halfOpen(1, 0) },
    { name: 'half open, one out', circuit: halfOpen(1, 0), nowMs: 2000, isAllowed: true, after: halfOpen(2, 0) },
    { name: 'half open, two out', circuit: halfOpen(2, 0), nowMs: 2000, isAllowed: false, after: halfOpen(2, 0) },
    { name: 'half open, one out and one well', circuit: halfOpen(1, 1), nowMs: 2000, isAllowed: false, after: halfOpen(1, 1) },
  ])('asked when $name: allowed $isAllowed', ({ circuit, nowMs, isAllowed, after }) => {
    expect(admitCall(circuit, at(nowMs))).toEqual({ isAllowed, circuit: after });
  });

  it.each<[string, Circuit, Circuit]>([
    ['closed clears its failures', { kind: 'closed', consecutiveFailures: 2 }, closedCircuit],
    ['open stays open', open, open],
    ['half open counts', halfOpen(1, 0), halfOpen(0, 1)],
    ['half open closes at the threshold', halfOpen(1, 1), closedCircuit],
  ])('success: %s', (_name, circuit, after) => {
    expect(afterSuccess(circuit, at(5))).toEqual(after);
  });

  it.each<[string, Circuit, Circuit]>([
    ['closed counts', { kind: 'closed', consecutiveFailures: 1 }, { kind: 'closed', consecutiveFailures: 2 }],
    ['closed opens at the threshold', { kind: 'closed', consecutiveFailures: 2 }, { ...open, openedAtMs: 5 }],
    ['open counts', open, { ...open, consecutiveFailures: 4 }],
    ['half open opens again', halfOpen(1, 1), { kind: 'open', openedAtMs: 5, consecutiveFailures: 4 }],
  ])('failure: %s', (_name, circuit, after) => {
    expect(afterFailure(circuit, at(5))).toEqual(after);
  });

  it('never refuses for ever: after the timeout a call is let through', () => {
    const step = fc.constantFrom('success', 'failure', 'ask');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        let circuit: Circuit = closedCircuit;
        for (const [nowMs, act] of steps.entries()) {
          const admitted = admitCall(circuit, at(nowMs));
          circuit = admitted.circuit;
          if (act === 'ask' || !admitted.isAllowed) continue;
          circuit = act === 'success' ? afterSuccess(circuit, at(nowMs)) : afterFailure(circuit, at(nowMs));
        }
        return circuit.kind !== 'open' || admitCall(circuit, at(100_000)).isAllowed;
      }),
    );
  });

  it('numbers its states for metrics', () => {
    expect(circuitStateCodes).toEqual({ closed: 0, open: 1, half_open: 2 });
  });
});

describe('CircuitBreaker', () => {
  const fails = (): Promise<never> => Promise.reject(new Error('down'));

  it('opens after the failures of its policy, refuses, tries again, and closes', async () => {
    const clock = createFakeClock();
    const breaker = new CircuitBreaker({ component: 'database', clock, policy });
    for (let call = 0; call < 3; call++) await expect(breaker.run(fails)).rejects.toThrow('down');
    expect(breaker.state).toBe('open');
    expect(breaker.isHealthy).toBe(false);
    await expect(breaker.run(async () => 1)).rejects.toMatchObject({
      code: 'CIRCUIT_OPEN',
      message: expect.stringContaining('Circuit breaker is open for database'),
    });
    clock.advance(1000);
    expect(await breaker.run(async () => 1)).toBe(1);
    expect(breaker.state).toBe('half_open');
    expect(await breaker.run(async () => 2)).toBe(2);
    expect(breaker.state).toBe('closed');
    expect(breaker.metrics()).toEqual({
      totalCalls: 5,
      successCount: 2,
      failureCount: 3,
      consecutiveFailures: 0,
      halfOpenCalls: 0,
      failureRate: 0.6,
      successRate: 0.4,
      averageDurationMs: 0,
    });
  });

  it('measures calls, and judges its health from ten calls on', async () => {
    const clock = createFakeClock();
    const breaker = new CircuitBreaker({ component: 'cache', clock });
    expect(breaker.metrics()).toMatchObject({ failureRate: 0, successRate: 0, averageDurationMs: 0 });
    await expect(breaker.run(fails)).rejects.toThrow('down');
    for (let call = 0; call < 8; call++) await breaker.run(async () => clock.advance(20));
    expect(breaker.isHealthy).toBe(true);
    expect(breaker.metrics().averageDurationMs).toBe(20);
    await breaker.run(async () => undefined);
    expect(breaker.isHealthy).toBe(false);
    await breaker.run(async () => undefined);
    expect(breaker.isHealthy).toBe(true);
  });

  it('lets a call through that it only watches, and counts how it ends', async () => {
    const clock = createFakeClock();
    const breaker = new CircuitBreaker({ component: 'database', clock, policy });
    for (let call = 0; call < 3; call++) await expect(breaker.observe(fails)).rejects.toThrow('down');
    expect(breaker.state).toBe('open');
    expect(await breaker.observe(async () => 1)).toBe(1);
    expect(breaker.metrics()).toMatchObject({ totalCalls: 4, failureCount: 3, successCount: 1 });
  });

  it('counts a watched call that fails for a reason of its own as an answer', async () => {
    const breaker = new CircuitBreaker({ component: 'database', clock: createFakeClock(), policy });
    for (let call = 0; call < 5; call++) await expect(breaker.observe(fails, () => false)).rejects.toThrow('down');
    expect(breaker.state).toBe('closed');
  });

  it('can be forced', async () => {
    const breaker = new CircuitBreaker({ component: 'cache', clock: createFakeClock() });
    breaker.forceOpen();
    await expect(breaker.run(async () => 1)).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' });
    breaker.forceClosed();
    expect(await breaker.run(async () => 1)).toBe(1);
  });
});
