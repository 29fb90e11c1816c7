// Poison: which messages are set aside, how loudly, and what counts as a body.
import { describe, expect, it } from 'vitest';
import type { LogFields } from '../../src/domain/ports.ts';
import { silentLogger } from '../../src/domain/ports.ts';
import { defaultMaxReceives, parseBody, partitionPoison, setAside } from '../../src/messaging/poison.ts';
import { createInMemoryProvider } from '../../src/messaging/providers/in-memory.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';

const queueName = 'worker_poison_queue';

function message(token: string, receiveCount: number) {
  return {
    message: null,
    handle: { provider: 'in_memory' as const, queueName, token },
    metadata: { receiveCount, enqueuedAt: new Date(0) },
  };
}

describe('poison messages', () => {
  it('are those received more often than allowed; the tenth receive is still an attempt', () => {
    const { healthy, poison } = partitionPoison([message('a', 1), message('b', 11), message('c', 10), message('d', 12)]);
    expect(healthy.map((one) => one.handle.token)).toEqual(['a', 'c']);
    expect(poison.map((one) => one.handle.token)).toEqual(['b', 'd']);
    expect(partitionPoison([message('a', 2)], 1).poison).toHaveLength(1);
  });

  it('leave the queue after N failed receives and are found in the archive, each with a warning', async () => {
    const clock = createFakeClock();
    const provider = createInMemoryProvider({ clock });
    await provider.ensureQueues([queueName]);
    await provider.send(queueName, ['bad']);
    const warnings: LogFields[] = [];
    const logger = { ...silentLogger, warn: (fields: LogFields) => void warnings.push(fields) };
    let attempts = 0;
    for (let round = 0; round < 20; round += 1) {
      const { healthy, poison } = partitionPoison(await provider.receive({ queueName, max: 5, visibilityMs: 1_000 }));
      attempts += healthy.length;
      await setAside(provider, poison, logger);
      clock.advance(1_000);
    }
    expect(attempts).toBe(defaultMaxReceives);
    expect(warnings).toEqual([{ message: `in_memory:${queueName}:1`, queueName, receiveCount: defaultMaxReceives + 1 }]);
    expect(provider.archived(queueName).map((one) => one.message)).toEqual(['bad']);
  });

  it('cost nothing when there are none', async () => {
    const provider = { nack: () => Promise.reject(new Error('not expected')) };
    await expect(setAside(provider, [], silentLogger)).resolves.toBeUndefined();
  });
});

describe('parseBody', () => {
  it('reads JSON in UTF-8', () => {
    expect(parseBody(new TextEncoder().encode('{"a":["ü",null]}'))).toEqual({ ok: true, value: { a: ['ü', null] } });
  });

  it.each([
    ['no JSON', new TextEncoder().encode('{"a":')],
    ['nothing', new Uint8Array()],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('answers %s with an error as a value', (_name, bytes) => {
    const settled = parseBody(bytes);
    expect(settled).toMatchObject({ ok: false, error: { code: 'MESSAGE_NOT_JSON', kind: 'input' } });
  });
});
