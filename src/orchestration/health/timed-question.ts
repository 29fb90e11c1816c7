// Asks something that may never answer: the asker waits for a while only, and one question at a time is on its way.
import { TaskerError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports.ts';

export interface TimedQuestionOptions<T> {
  readonly clock: Pick<Clock, 'schedule'>;
  readonly timeoutMs: number;
  readonly ask: () => Promise<T>;
}

/**
 * The answer, or HEALTH_CHECK_TIMED_OUT after `timeoutMs`. A question that hangs is not asked again but waited for anew: each
 * holds a connection, and one every five seconds would empty the pool within a minute.
 */
export function createTimedQuestion<T>({ clock, timeoutMs, ask }: TimedQuestionOptions<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= ask().finally(() => {
      underWay = undefined;
    });
    return answerWithin(underWay, clock, timeoutMs);
  };
}

function answerWithin<T>(answer: Promise<T>, clock: Pick<Clock, 'schedule'>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(timeoutMs, () => reject(timedOut(timeoutMs)));
    answer.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (thrown: unknown) => {
        cancel();
        reject(thrown);
      },
    );
  });
}

/** The text is that of spec 7.8. */
function timedOut(timeoutMs: number): TaskerError {
  return new TaskerError('HEALTH_CHECK_TIMED_OUT', `Health check timed out after ${timeoutMs}ms`, { kind: 'infrastructure' });
}
