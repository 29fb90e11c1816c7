// The payload of a notification: always JSON, always below the limit, and read back as it was meant.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeAnnouncement,
  encodeAnnouncement,
  maxPayloadBytes,
} from '../../../../src/messaging/providers/pgmq/announcement.ts';

const from = '0d3c9d0e-6f1c-4f0e-9f5e-3a4c8f6f2f11';

describe('announcement', () => {
  it('has the fields of the specification, on the channel of the namespace', () => {
    const { channel, payload } = encodeAnnouncement(
      { queueName: 'worker_payments_queue', messageIds: ['7', '8'], messageCount: 2, truncated: false },
      from,
    );
    expect(channel).toBe('pgmq_message_ready.payments');
    expect(JSON.parse(payload)).toEqual({
      event_type: 'batch_ready',
      queue_name: 'worker_payments_queue',
      namespace: 'payments',
      msg_ids: [7, 8],
      message_count: 2,
      from,
    });
  });

  it('stays below 7800 bytes, lists the first ids, and says truncated exactly when some are left out', () => {
    const id = fc.oneof(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String), fc.nat().map(String));
    const queueName = fc.constantFrom('orchestration_step_results', `worker_${'n'.repeat(29)}_queue`, 'x'.repeat(47));
    fc.assert(
      fc.property(queueName, fc.array(id, { maxLength: 1_500 }), (queue, messageIds) => {
        const announced = { queueName: queue, messageIds, messageCount: messageIds.length, truncated: false };
        const { payload } = encodeAnnouncement(announced, from);
        expect(Buffer.byteLength(payload)).toBeLessThan(maxPayloadBytes);
        const read = decodeAnnouncement(payload);
        expect(read?.messageIds).toEqual(messageIds.slice(0, read?.messageIds.length));
        expect(read).toMatchObject({ queueName: queue, messageCount: messageIds.length, from });
        expect(read?.truncated).toBe(read !== undefined && read.messageIds.length < messageIds.length);
      }),
      { numRuns: 50 },
    );
  });

  it('uses the room there is', () => {
    const messageIds = Array.from({ length: 5_000 }, (_, index) => String(1_000_000 + index));
    const announced = { queueName: 'worker_a_queue', messageIds, messageCount: 5_000, truncated: false };
    const { payload } = encodeAnnouncement(announced, from);
    expect(Buffer.byteLength(payload)).toBeGreaterThan(maxPayloadBytes - 10);
    expect(decodeAnnouncement(payload)?.truncated).toBe(true);
  });

  it('keeps the word of an announcer that could not list everything', () => {
    const announced = { queueName: 'worker_a_queue', messageIds: ['1'], messageCount: 9, truncated: true };
    expect(decodeAnnouncement(encodeAnnouncement(announced, from).payload)).toEqual({ ...announced, from });
  });

  it.each([
    ['no JSON', '{"event_type":"batch_ready"'],
    ['an empty payload', ''],
    ['no object', '[1]'],
    ['null', 'null'],
    ['another event', JSON.stringify({ event_type: 'queue_created', queue_name: 'a' })],
    ['no queue', JSON.stringify({ event_type: 'batch_ready', msg_ids: [1], message_count: 1, from })],
    ['no sender', JSON.stringify({ event_type: 'batch_ready', queue_name: 'a', msg_ids: [1], message_count: 1 })],
    ['no ids', JSON.stringify({ event_type: 'batch_ready', queue_name: 'a', message_count: 1, from })],
    ['bad ids', JSON.stringify({ event_type: 'batch_ready', queue_name: 'a', msg_ids: [{}], message_count: 1, from })],
  ])('reads nothing from %s', (_name, payload) => {
    expect(decodeAnnouncement(payload)).toBeUndefined();
  });
});
