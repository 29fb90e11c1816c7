// What a caller of the messaging port sees of PostgreSQL's errors.
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../../../src/domain/errors.ts';
import { sqlStateOf, toPgmqError } from '../../../../src/messaging/providers/pgmq/pgmq-errors.ts';

function failure(code: string | undefined, message = 'it failed'): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

describe('toPgmqError', () => {
  it.each([
    ['42P01', 'relation "pgmq.q_a" does not exist', 'QUEUE_NOT_FOUND', 'input'],
    ['42P01', 'relation "pgmq.meta" does not exist', 'PGMQ_NOT_INSTALLED', 'infrastructure'],
    ['3F000', 'schema "pgmq" does not exist', 'PGMQ_NOT_INSTALLED', 'infrastructure'],
    ['42883', 'function pgmq.read does not exist', 'PGMQ_NOT_INSTALLED', 'infrastructure'],
    ['42501', 'permission denied for schema pgmq', 'PGMQ_RIGHTS_MISSING', 'infrastructure'],
    ['22P05', 'unsupported Unicode escape sequence', 'MESSAGE_BODY_INVALID', 'input'],
    ['08006', 'connection failure', 'MESSAGING_UNREACHABLE', 'infrastructure'],
    ['28P01', 'password authentication failed', 'MESSAGING_UNREACHABLE', 'infrastructure'],
    ['57P01', 'terminating connection due to administrator command', 'MESSAGING_UNREACHABLE', 'infrastructure'],
    ['53300', 'too many clients', 'MESSAGING_UNREACHABLE', 'infrastructure'],
    ['ECONNREFUSED', 'connect ECONNREFUSED', 'MESSAGING_UNREACHABLE', 'infrastructure'],
    [undefined, 'timeout exceeded when trying to connect', 'MESSAGING_UNREACHABLE', 'infrastructure'],
    ['40001', 'could not serialize access', 'MESSAGING_FAILED', 'infrastructure'],
  ])('turns %s (%s) into %s', (code, message, expected, kind) => {
    const cause = failure(code, message);
    expect(toPgmqError(cause, ['a'])).toMatchObject({ code: expected, kind, cause });
  });

  it('names the queue that the server names, or all when it names none', () => {
    const named = toPgmqError(failure('42P01', 'relation "pgmq.q_b" does not exist'), ['a', 'B', 'bb']);
    expect(named.details).toEqual({ queueNames: ['B'] });
    expect(toPgmqError(failure('42P01', 'relation "x"'), ['a', 'b']).details).toEqual({ queueNames: ['a', 'b'] });
  });

  it('leaves a TaskerError as it is', () => {
    const error = new TaskerError('QUEUE_NAME_INVALID', 'no', { kind: 'input' });
    expect(toPgmqError(error, [])).toBe(error);
  });

  it('tells SQLSTATEs from the codes of Node and from anything else', () => {
    expect(sqlStateOf(failure('42P01'))).toBe('42P01');
    expect([failure('EPIPE'), failure(undefined), 'text', { code: '42P01' }].map(sqlStateOf)).toEqual(Array(4).fill(undefined));
  });
});
