// The in-memory provider passes the suite of every provider, and keeps its promises on random histories.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInMemoryProvider } from '../../../src/messaging/providers/in-memory.ts';
import { createFakeClock } from '../../../src/testing/fake-clock.ts';
import { describeProvider } from '../../../src/testing/provider-suite.ts';

describeProvider('in-memory', {
  supports: { push: false, fetchById: false },
  async open() {
    const clock = createFakeClock();
    const provider = createInMemoryProvider({ clock });
    return {
      provider,
      elapse: async (_queueName, ms) => clock.advance(ms),
      archivedBodies: async (queueName) => provider.archived(queueName).map((message) => message.message),
      close: () => provider.close(),
    };
  },
});

type Act =
  | { readonly kind: 'send'; readonly count: number }
  | { readonly kind: 'receive'; readonly max: number }
  | { readonly kind: 'ack' | 'give_back' | 'extend'; readonly pick: number }
  | { readonly kind: 'elapse'; readonly ms: number };

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('send' as const), count: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('receive' as const), max: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constantFrom('ack' as const, 'give_back' as const, 'extend' as const), pick: fc.nat() }),
    fc.record({ kind: fc.constant('elapse' as const), ms: fc.integer({ min: 1, max: 1_500 }) }),
  ),
  { maxLength: 60 },
);

describe('in-memory on random histories', () => {
  const visibilityMs = 1_000;
  const queueName = 'worker_random_queue';

  it('loses no message and delivers none twice within its visibility', async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (history) => {
        const clock = createFakeClock(0);
        const provider = createInMemoryProvider({ clock });
        await provider.ensureQueues([queueName]);
        // The model: for each message not yet acknowledged, the time from which it may be delivered again.
        const visibleAt = new Map<string, number>();
        const apply = async (act: Act) => {
          if (act.kind === 'elapse') return clock.advance(act.ms);
          if (act.kind === 'send') {
            const ids = await provider.send(
              queueName,
              Array.from({ length: act.count }, () => 'x'),
            );
            for (const id of ids) visibleAt.set(id, clock.now());
            return;
          }
          if (act.kind === 'receive') {
            const due = [...visibleAt].filter(([, at]) => at <= clock.now()).map(([id]) => id);
            const messages = await provider.receive({ queueName, max: act.max, visibilityMs });
            expect(messages.map((message) => message.handle.token)).toEqual(due.slice(0, act.max));
            for (const { handle } of messages) visibleAt.set(handle.token, clock.now() + visibilityMs);
            return;
          }
          const token = [...visibleAt.keys()][act.pick % Math.max(1, visibleAt.size)];
          if (token === undefined) return;
          const handles = [{ provider: 'in_memory' as const, queueName, token }];
          if (act.kind === 'ack') {
            await provider.ack(handles);
            visibleAt.delete(token);
          } else if (act.kind === 'extend') {
            await provider.extendVisibility(handles, visibilityMs);
            visibleAt.set(token, clock.now() + visibilityMs);
          } else {
            await provider.nack(handles, { requeue: true });
            visibleAt.set(token, clock.now());
          }
        };
        for (const act of history) await apply(act);
        clock.advance(visibilityMs);
        const rest = await provider.receive({ queueName, max: 1_000, visibilityMs });
        expect(rest.map((message) => message.handle.token)).toEqual([...visibleAt.keys()]);
      }),
    );
  });

  it('polls every five seconds unless told otherwise', () => {
    const clock = createFakeClock();
    expect(createInMemoryProvider({ clock }).capabilities.fallbackPollingMs).toBe(5_000);
    expect(createInMemoryProvider({ clock, fallbackPollingMs: 50 }).capabilities.fallbackPollingMs).toBe(50);
  });
});
