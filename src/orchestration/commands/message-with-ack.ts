// Which messages are done with after their command, and telling the provider so, once per queue (spec 7.3).
import { messageOf, type TaskerError } from '../../domain/errors.ts';
import type { Settled } from '../../domain/json.ts';
import type { Logger } from '../../domain/ports.ts';
import type { MessageHandle } from '../../messaging/envelope.ts';
import type { MessagingProvider } from '../../messaging/provider.ts';
import type { OrchestrationCommand } from './commands.ts';
import { groupBy } from './group-by.ts';

/** A message that is not acknowledged reappears after its visibility timeout. */
export function shouldAck(act: OrchestrationCommand['act'], outcome: Settled<{ readonly kind: string }, TaskerError>): boolean {
  if (!outcome.ok) return false;
  return act !== 'finalize_task' || outcome.value.kind === 'Success';
}

/** One call per queue. A failed ack is logged and the result stands: the message comes again and its act is idempotent. */
export async function ackMessages(
  provider: Pick<MessagingProvider, 'ack'>,
  handles: readonly MessageHandle[],
  logger: Logger,
): Promise<void> {
  const groups = groupBy(handles, (handle) => handle.queueName);
  const ackQueue = async ([queueName, group]: readonly [string, readonly MessageHandle[]]): Promise<void> => {
    try {
      await provider.ack(group);
    } catch (thrown) {
      logger.warn(
        { queueName, messages: group.length, error: messageOf(thrown) },
        'acknowledging failed, the messages come again',
      );
    }
  };
  await Promise.all([...groups].map(ackQueue));
}
