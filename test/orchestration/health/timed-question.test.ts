// A question that hangs costs its asker the timeout and the other side one call, however often it is asked.
import { describe, expect, it } from 'vitest';
import { createTimedQuestion } from '../../../src/orchestration/health/timed-question.ts';
import { createFakeClock } from '../../../src/testing/fake-clock.ts';
import { signal } from '../../helpers/engine.ts';

describe('a timed question', () => {
  it('is answered, or fails, as the other side says', async () => {
    const clock = createFakeClock();
    const answers = [Promise.resolve(1), Promise.reject(new Error('no')), Promise.resolve(2)].values();
    const ask = createTimedQuestion({ clock, timeoutMs: 10, ask: () => answers.next().value ?? Promise.resolve(0) });
    expect(await ask()).toBe(1);
    await expect(ask()).rejects.toThrow('no');
    expect(await ask()).toBe(2);
    expect(clock.pendingCount()).toBe(0);
  });

  it('is given up after the timeout, and the late answer serves whoever asks meanwhile', async () => {
    const clock = createFakeClock();
    const late = signal<number>();
    let asked = 0;
    const ask = createTimedQuestion({ clock, timeoutMs: 10, ask: () => ((asked += 1), late.promise) });
    const first = ask().catch((error: unknown) => error);
    await clock.advanceAsync(10);
    expect(await first).toMatchObject({ code: 'HEALTH_CHECK_TIMED_OUT', message: 'Health check timed out after 10ms' });
    const second = ask();
    late.resolve(7);
    expect(await second).toBe(7);
    expect([asked, clock.pendingCount()]).toEqual([1, 0]);
  });
});
