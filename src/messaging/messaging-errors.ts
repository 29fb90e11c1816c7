// The errors every provider throws in the same words, whatever its queue system calls them.
import { TaskerError } from '../domain/errors.ts';
import type { MessageHandle, ProviderName } from './envelope.ts';

export function queueNotFound(queueNames: readonly string[], cause?: unknown): TaskerError {
  const names = queueNames.map((name) => `"${name}"`).join(', ');
  return new TaskerError('QUEUE_NOT_FOUND', `Found no queue ${names}; create it with ensureQueues before using it.`, {
    kind: 'input',
    details: { queueNames },
    ...(cause === undefined ? {} : { cause }),
  });
}

export function fetchByIdUnsupported(provider: ProviderName): TaskerError {
  return new TaskerError(
    'MESSAGING_FETCH_BY_ID_UNSUPPORTED',
    `The ${provider} provider cannot fetch a message by its id; receive from the queue instead (capabilities.fetchById is false).`,
    { kind: 'infrastructure' },
  );
}

export function messagingClosed(provider: ProviderName): TaskerError {
  return new TaskerError('MESSAGING_CLOSED', `The ${provider} provider was closed; open a new one.`, { kind: 'infrastructure' });
}

/** A handle of another provider would acknowledge a stranger's message with the same number. */
export function requireOwnHandles(provider: ProviderName, handles: readonly MessageHandle[]): void {
  const stranger = handles.find((handle) => handle.provider !== provider);
  if (stranger === undefined) return;
  throw new TaskerError(
    'MESSAGING_HANDLE_FOREIGN',
    `A handle of provider ${stranger.provider} was given to provider ${provider}; acknowledge a message where it was received.`,
  );
}
