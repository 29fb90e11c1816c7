// Shows a task while it runs: a terminal gets a table that is drawn anew, anything else a line for each change of state.
import { messageOf } from '../../domain/errors.ts';
import type { Clock, Logger } from '../../domain/ports.ts';
import type { InspectionStore, StepDetails, TransitionRecord } from '../../store/store.ts';
import type { Output } from '../io.ts';
import { stepTable } from './task-view.ts';

export interface LiveViewOptions {
  readonly store: Pick<InspectionStore, 'taskDetails' | 'taskTransitions'>;
  readonly taskUuid: string;
  /** What happened before is not told: somebody else has seen it. */
  readonly joined: boolean;
  readonly output: Output;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default 120 ms: quick to the eye, a fraction of a percent of a core for the database. */
  readonly intervalMs?: number;
}

export interface LiveView {
  /** Draws the last state and ends; safe twice. */
  stop(): Promise<void>;
}

/** Reads and writes the next change; called again and again. */
type Draw = () => Promise<void>;

/** Has looked once when it resolves: what happens from then on is told, also to somebody who joined. */
export async function startLiveView(options: LiveViewOptions): Promise<LiveView> {
  const { clock, logger, intervalMs = 120 } = options;
  const draw = options.output.isTTY === true ? tableOf(options) : linesOf(options);
  const look = () =>
    draw().catch((error: unknown) => logger.debug({ error: messageOf(error) }, 'reading the task for its live view failed'));
  let running = look();
  let stopped = false;
  let cancel = (): void => undefined;
  const again = (): void => {
    cancel = clock.schedule(intervalMs, () => {
      running = look().then(() => {
        if (!stopped) again();
      });
    });
  };
  await running;
  again();
  return {
    async stop() {
      if (stopped) return;
      stopped = true;
      cancel();
      await running;
      await look();
    },
  };
}

// Names of states between two of these say nothing to somebody who watches.
const shownStates: ReadonlySet<string> = new Set([
  'in_progress',
  'waiting_for_retry',
  'complete',
  'error',
  'cancelled',
  'resolved_manually',
]);

function linesOf({ store, taskUuid, joined, output }: LiveViewOptions): Draw {
  const seen = new Set<string>();
  let startedAt: number | undefined;
  let silent = joined;
  return async () => {
    const transitions = await store.taskTransitions(taskUuid);
    startedAt ??= transitions[0]?.at;
    for (const transition of transitions) {
      const key = `${transition.subject} ${transition.sortKey}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (silent || transition.subject === 'task') continue;
      if (shownStates.has(transition.to)) output.write(line(transition, startedAt ?? transition.at));
    }
    silent = false;
  };
}

function line({ subject, to, at }: TransitionRecord, startedAt: number): string {
  return `${((at - startedAt) / 1000).toFixed(2).padStart(8)} s  ${subject}: ${to}\n`;
}

function tableOf({ store, taskUuid, output }: LiveViewOptions): Draw {
  let drawnLines = 0;
  return async () => {
    const details = await store.taskDetails(taskUuid);
    if (details === undefined) return;
    // One line stays free, or the terminal would scroll and the redraw start in the wrong place.
    const room = Math.max(5, (output.rows ?? 24) - 1);
    const lines = fitted(details.steps, room).map((text) => text.slice(0, (output.columns ?? 80) - 1));
    // Up to the first line drawn, then clear to the end of the screen.
    const erase = drawnLines === 0 ? '' : `\u001b[${drawnLines}A\u001b[J`;
    drawnLines = lines.length;
    output.write(`${erase}${lines.join('\n')}\n`);
  };
}

const urgency: Readonly<Record<string, number>> = { error: 0, in_progress: 1, waiting_for_retry: 2 };

/** The table, or, where the terminal is too small for it, the steps that matter most and the count of each state. */
function fitted(steps: readonly StepDetails[], room: number): readonly string[] {
  if (steps.length + 1 <= room) return stepTable(steps);
  const urgent = steps.toSorted((a, b) => (urgency[a.state] ?? 9) - (urgency[b.state] ?? 9)).slice(0, room - 2);
  const counts = new Map<string, number>();
  for (const { state } of steps) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...stepTable(urgent), `${steps.length} steps: ${[...counts].map(([state, count]) => `${count} ${state}`).join(', ')}`];
}
