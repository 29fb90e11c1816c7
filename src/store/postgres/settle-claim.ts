// A claim with what has to follow it: unreadable inputs fail their step, messages that claimed nothing are dealt with.
import type pg from 'pg';
import { messageOf, TaskerError } from '../../domain/errors.ts';
import type { Logger } from '../../domain/ports.ts';
import { failureResult } from '../../domain/step-result.ts';
import type { ClaimParams, SentMessages, StepReport, WorkerStore } from '../store.ts';
import { claimSteps } from './claim-steps.ts';
import type { UnreadableStep } from './claim-steps.ts';
import { disposeMessages, submitResults } from './submit-results.ts';

type Claim = Awaited<ReturnType<WorkerStore['claimSteps']>>;

/** Whatever fails once steps are claimed, those steps are answered: nobody but the caller can run them before their lease ends. */
export async function claimAndSettle(pool: pg.Pool, logger: Logger, params: ClaimParams): Promise<Claim> {
  const { queueName, workerUuid } = params;
  const { claimed, unclaimed, unreadable } = await claimSteps(pool, logger, params);
  const sent: SentMessages[] = [];
  const attempt = async (act: () => Promise<SentMessages>, consequence: string): Promise<boolean> => {
    try {
      sent.push(await act());
      return true;
    } catch (error) {
      if (claimed.length === 0) throw error;
      logger.warn({ queueName, error: messageOf(error) }, consequence);
      return false;
    }
  };
  if (unreadable.length > 0) {
    await attempt(
      () => failUnreadable(pool, logger, { workerUuid, unreadable }),
      'steps without readable inputs could not be failed; they are taken over when their leases end',
    );
  }
  const isSettled =
    unclaimed.length === 0 ||
    (await attempt(
      () => disposeMessages(pool, workerUuid, queueName, unclaimed),
      'messages that claimed nothing could not be put away; they show again within a second',
    ));
  return { claimed, unclaimed: isSettled ? unclaimed : [], sent: merge(sent) };
}

interface Unreadable {
  readonly workerUuid: string;
  readonly unreadable: readonly UnreadableStep[];
}

/** Too much for one value of PostgreSQL today is too much tomorrow. What may pass is left to the lease, and so to the attempts. */
async function failUnreadable(pool: pg.Pool, logger: Logger, { workerUuid, unreadable }: Unreadable): Promise<SentMessages> {
  const reports: StepReport[] = [];
  for (const { step, error } of unreadable) {
    const isTooLarge = isAboveLimit(error);
    logger.error(
      { taskUuid: step.taskUuid, stepUuid: step.stepUuid, error: messageOf(error) },
      isTooLarge ? 'a step fails: its inputs are too large' : 'the inputs of a step could not be read; its lease will run out',
    );
    if (!isTooLarge) continue;
    const message = `the inputs of step ${step.stepName} are too large to be read: ${messageOf(error)} The results of all its ancestors must fit into one JSON value (256 MiB); let them return references to their data instead`;
    const facts = { stepUuid: step.stepUuid, executionTimeMs: 0, completedAt: new Date().toISOString() };
    const result = failureResult(facts, { message, errorType: 'inputs_too_large', retryable: false });
    reports.push({ ...step, success: false, executionTimeMs: 0, result });
  }
  return reports.length === 0 ? {} : (await submitResults(pool, workerUuid, reports)).sent;
}

/** SQLSTATE class 54: a limit of the server itself, whatever its memory. */
function isAboveLimit(error: unknown): boolean {
  return error instanceof TaskerError && String(error.details['sqlState']).startsWith('54');
}

function merge(parts: readonly SentMessages[]): SentMessages {
  const merged: Record<string, readonly string[]> = {};
  for (const [queue, ids] of parts.flatMap((part) => Object.entries(part))) merged[queue] = [...(merged[queue] ?? []), ...ids];
  return merged;
}
