// What `tasker migrate` does about queues: pgmq itself, and the three queues of the orchestrator.
import type { ClientBase } from 'pg';
import { holdsPointers, orchestrationQueues } from '../../queue-names.ts';
import { installPgmq } from '../pgmq-install.ts';
import type { PgmqInstallation } from '../pgmq-install.ts';
import { QueueStatements } from './queue-statements.ts';

/**
 * Idempotent. Task requests are logged: the message is the only copy. The others point at rows, so their queues are
 * UNLOGGED, and the sweep sends the messages again when a crash of the server has emptied them.
 */
export async function installQueues(client: ClientBase): Promise<PgmqInstallation> {
  const installation = await installPgmq(client);
  await new QueueStatements(client).ensure(Object.values(orchestrationQueues), holdsPointers);
  return installation;
}
