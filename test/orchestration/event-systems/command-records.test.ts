// Checks what is written down about a command and its reply: level, and the fields of its act.
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../../src/domain/errors.ts';
import type { LogFields, Logger } from '../../../src/domain/ports.ts';
import {
  recordNotSent,
  recordReply,
  type ActReply,
  type QueuedCommand,
} from '../../../src/orchestration/event-systems/command-records.ts';

const event = { queueName: 'q', namespace: 'orchestration', messageId: '7' };
const handle = { provider: 'pgmq', queueName: 'q', token: '7' } as const;
const message = { message: null, handle, metadata: { receiveCount: 1, enqueuedAt: new Date(0) } };

const signalled: QueuedCommand = { act: 'finalize_task', source: { via: 'event', event } };
const received: QueuedCommand = { act: 'finalize_task', source: { via: 'message', message } };

function recorder() {
  const written: [string, LogFields][] = [];
  const level = (name: string) => (fields: LogFields) => void written.push([name, fields]);
  const logger: Logger = { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') };
  return { written, logger };
}

describe('recordReply', () => {
  const ok = (value: Extract<ActReply, { readonly ok: true }>['value']): ActReply => ({ ok: true, value });
  const refused = (code: string): ActReply => ({ ok: false, error: new TaskerError(code, 'why') });

  it.each<[string, ActReply, string, LogFields]>([
    ['a step result', ok({ kind: 'Success', message: 'through' }), 'debug', { message: 'through' }],
    ['a new task', ok({ kind: 'Success', taskUuid: 't', message: 'there' }), 'debug', { taskUuid: 't', message: 'there' }],
    [
      'an ended task',
      ok({ kind: 'Success', taskUuid: 't', finalStatus: 'Completed', completionTime: new Date(0) }),
      'debug',
      { taskUuidCompleted: 't', finalStatus: 'Completed', completionTime: '"1970-01-01T00:00:00.000Z"' },
    ],
    [
      'an ended task without a time',
      ok({ kind: 'Success', taskUuid: 't', finalStatus: 'NoAction', completionTime: undefined }),
      'debug',
      { taskUuidCompleted: 't', finalStatus: 'NoAction', completionTime: 'null' },
    ],
    ['a failure', ok({ kind: 'Failed', error: 'boom' }), 'warn', { error: 'boom' }],
    ['what is skipped', ok({ kind: 'Skipped', reason: 'late' }), 'debug', { reason: 'late' }],
    [
      'a claim of another',
      ok({ kind: 'NotClaimed', reason: 'taken', alreadyClaimedBy: 'p2' }),
      'debug',
      { reason: 'taken', alreadyClaimedBy: 'p2' },
    ],
    [
      'a claim of nobody known',
      ok({ kind: 'NotClaimed', reason: 'taken', alreadyClaimedBy: undefined }),
      'debug',
      { reason: 'taken', alreadyClaimedBy: '00000000-0000-0000-0000-000000000000' },
    ],
    ['a refused command', refused('X'), 'error', { error: 'why' }],
    ['a command that nobody answered', refused('COMMAND_DROPPED'), 'error', { error: 'why' }],
    ['a message that another orchestrator took', refused('MESSAGE_NOT_FOUND'), 'debug', { error: 'why' }],
  ])('writes %s down', (_, reply, level, fields) => {
    const { written, logger } = recorder();
    recordReply(logger, signalled, reply);
    expect(written).toEqual([[level, { act: 'finalize_task', messageId: '7', ...fields }]]);
  });

  it('names the queue of a message that came whole', () => {
    const { written, logger } = recorder();
    recordReply(logger, received, { ok: true, value: { kind: 'Failed', error: 'boom' } });
    expect(written).toEqual([['warn', { act: 'finalize_task', queueName: 'q', error: 'boom' }]]);
  });
});

describe('recordNotSent', () => {
  it.each<[string, QueuedCommand, LogFields]>([
    ['a signal', signalled, { messageId: '7', namespace: 'orchestration' }],
    ['a message', received, { queueName: 'q' }],
  ])('says of %s where its message is', (_, command, fields) => {
    const { written, logger } = recorder();
    recordNotSent(logger, command, { level: 'warn', cause: new Error('closed') });
    expect(written).toEqual([['warn', { act: 'finalize_task', ...fields, error: 'closed' }]]);
  });
});
