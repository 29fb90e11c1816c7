// Checks the ack rules of spec 7.3 and that a failed ack is only logged.
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../../src/domain/errors.ts';
import { silentLogger } from '../../../src/domain/ports.ts';
import type { OrchestrationCommand } from '../../../src/orchestration/commands/commands.ts';
import { ackMessages, shouldAck } from '../../../src/orchestration/commands/message-with-ack.ts';

const error = new TaskerError('X', 'x');

describe('shouldAck', () => {
  it.each<[OrchestrationCommand['act'], string | undefined, boolean]>([
    ['initialize_task', 'Success', true],
    ['initialize_task', 'Failed', true],
    ['initialize_task', 'Skipped', true],
    ['initialize_task', undefined, false],
    ['process_step_result', 'Success', true],
    ['process_step_result', 'Failed', true],
    ['process_step_result', 'Skipped', true],
    ['process_step_result', undefined, false],
    ['finalize_task', 'Success', true],
    ['finalize_task', 'NotClaimed', false],
    ['finalize_task', 'Failed', false],
    ['finalize_task', undefined, false],
  ])('%s answering %s: %s', (act, kind, acked) => {
    expect(shouldAck(act, kind === undefined ? { ok: false, error } : { ok: true, value: { kind } })).toBe(acked);
  });
});

describe('ackMessages', () => {
  it('acknowledges each queue once, and a queue that fails does not stop the others', async () => {
    const acked: string[][] = [];
    const warned: unknown[] = [];
    const handles = ['a:1', 'b:2', 'a:3'].map((text) => {
      const [queueName = '', token = ''] = text.split(':');
      return { provider: 'pgmq', queueName, token } as const;
    });
    const ack = async (group: readonly { queueName: string; token: string }[]): Promise<void> => {
      acked.push(group.map(({ queueName, token }) => `${queueName}:${token}`));
      if (group[0]?.queueName === 'a') throw new Error('lost');
    };
    await ackMessages({ ack }, handles, { ...silentLogger, warn: (fields) => warned.push(fields) });
    expect(acked).toEqual([['a:1', 'a:3'], ['b:2']]);
    expect(warned).toEqual([{ queueName: 'a', messages: 2, error: 'lost' }]);
  });
});
