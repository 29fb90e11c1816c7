// What PostgreSQL's errors mean to a caller of the messaging port.
import { messageOf, TaskerError } from '../../../domain/errors.ts';
import { queueNotFound } from '../../messaging-errors.ts';

/** SQLSTATE by its name in the PostgreSQL manual, appendix A. */
const sqlState = {
  undefinedTable: '42P01',
  undefinedFunction: '42883',
  invalidSchemaName: '3F000',
  insufficientPrivilege: '42501',
  untranslatableCharacter: '22P05',
  invalidTextRepresentation: '22P02',
} as const;

/** 08 connection, 28 authorization, 3D no such database, 53 resources, 57P server shutting down or starting. */
const unreachableStates = /^(08|28|3D|53|57P)/;

/** The SQLSTATE of a server error; undefined for errors of the network, the driver or the pool. */
export function sqlStateOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string') return undefined;
  // SQLSTATEs have five characters; the codes of Node (ECONNREFUSED, EPIPE) start with E and have no digit.
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(thrown.code) ? thrown.code : undefined;
}

/** The TaskerError for whatever a pgmq statement over `queueNames` threw; the cause is kept. */
export function toPgmqError(thrown: unknown, queueNames: readonly string[]): TaskerError {
  if (thrown instanceof TaskerError) return thrown;
  const state = sqlStateOf(thrown);
  if (state === undefined || unreachableStates.test(state)) return messagingUnreachable(thrown);
  if (state === sqlState.invalidSchemaName || state === sqlState.undefinedFunction) return notInstalled(thrown);
  if (state === sqlState.undefinedTable) {
    return messageOf(thrown).includes('pgmq.meta') ? notInstalled(thrown) : queueNotFound(namedIn(thrown, queueNames), thrown);
  }
  if (state === sqlState.insufficientPrivilege) return rightsMissing(thrown, 'usage on schema pgmq and on the tables in it');
  if (state === sqlState.untranslatableCharacter || state === sqlState.invalidTextRepresentation) {
    const text = `PostgreSQL cannot keep a message body (${messageOf(thrown)}); send JSON without the character \\u0000.`;
    return new TaskerError('MESSAGE_BODY_INVALID', text, { kind: 'input', cause: thrown });
  }
  const text = `PostgreSQL refused a messaging statement (${state}: ${messageOf(thrown)}); see the cause.`;
  return new TaskerError('MESSAGING_FAILED', text, { kind: 'infrastructure', cause: thrown, details: { state, queueNames } });
}

export function messagingUnreachable(cause: unknown): TaskerError {
  const text = `PostgreSQL did not answer (${messageOf(cause)}); check that the server runs and that the connection string is right.`;
  return new TaskerError('MESSAGING_UNREACHABLE', text, { kind: 'infrastructure', cause });
}

/** `grant` is what has to be granted to the role, in words that end the sentence "this role needs …". */
export function rightsMissing(cause: unknown, grant: string): TaskerError {
  const text = `PostgreSQL denied the role a right (${messageOf(cause)}); this role needs ${grant}.`;
  return new TaskerError('PGMQ_RIGHTS_MISSING', text, { kind: 'infrastructure', cause, details: { grant } });
}

export function isRightsError(thrown: unknown): boolean {
  return sqlStateOf(thrown) === sqlState.insufficientPrivilege;
}

function notInstalled(cause: unknown): TaskerError {
  const text = 'Found no pgmq in this database; run `tasker migrate`, which installs it.';
  return new TaskerError('PGMQ_NOT_INSTALLED', text, { kind: 'infrastructure', cause });
}

/** A statement over several queues fails at one of them: name that one when the server does. */
function namedIn(thrown: unknown, queueNames: readonly string[]): readonly string[] {
  const text = messageOf(thrown);
  const named = queueNames.filter((name) => new RegExp(`\\b[qa]_${name.toLowerCase()}\\b`).test(text));
  return named.length === 0 ? queueNames : named;
}
