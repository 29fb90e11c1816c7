// Completion notifications: a waiting caller hears at once that a task can go no further by itself, without polling.
import { isTerminalTaskState, taskStates } from '../domain/states.ts';
import type { TaskState } from '../domain/states.ts';
import type { MessagingProvider, Subscription } from './provider.ts';

/** Travels on the announcement channel under this name; no messages are ever stored under it. */
export const outcomeTopic = 'task_outcomes';

export interface TaskOutcome {
  readonly taskUuid: string;
  readonly state: TaskState;
}

/** True for the states in which a waiting caller gets its answer: the task ended, or only an operator can move it. */
export function isOutcome(state: TaskState): boolean {
  return isTerminalTaskState(state) || state === 'blocked_by_failures';
}

/** Tells whoever awaits these tasks; call it after the commit. Never throws. */
export function announceOutcomes(provider: MessagingProvider, outcomes: readonly TaskOutcome[]): void {
  if (outcomes.length === 0) return;
  provider.announce(
    outcomeTopic,
    outcomes.map(({ taskUuid, state }) => `${taskUuid}/${state}`),
  );
}

export interface OutcomeListener {
  readonly onOutcomes: (outcomes: readonly TaskOutcome[]) => void;
  /** Announcements may have been lost: whoever waits should look at the rows once. */
  readonly onGap: () => void;
}

export async function subscribeOutcomes(provider: MessagingProvider, listener: OutcomeListener): Promise<Subscription> {
  return provider.subscribe([outcomeTopic], (notification) => {
    if (notification.kind === 'reconnected') listener.onGap();
    if (notification.kind !== 'available') return;
    listener.onOutcomes(notification.messageIds.flatMap(decodeOutcome));
    // About 150 outcomes fit into one notification; the others are in the rows.
    if (notification.truncated === true) listener.onGap();
  });
}

function decodeOutcome(id: string): readonly TaskOutcome[] {
  const [taskUuid, text] = id.split('/');
  const state = taskStates.find((known) => known === text);
  return taskUuid === undefined || state === undefined ? [] : [{ taskUuid, state }];
}
