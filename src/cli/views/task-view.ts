// What became of a task, as a document for programs and as a table for people.
import type { Json } from '../../domain/json.ts';
import { isTerminalTaskState } from '../../domain/states.ts';
import type { StepDetails, TaskDetails, TransitionRecord } from '../../store/store.ts';
import { formatDuration } from './format-time.ts';
import { textTable } from './text-table.ts';

export interface StepDocument {
  readonly name: string;
  readonly status: string;
  readonly attempts: number;
  /** From the first claim to the end, whole ms; null while it has not ended. */
  readonly durationMs: number | null;
}

/** The last word of `run --json` and `task wait --json`. */
export interface OutcomeDocument {
  readonly taskUuid: string;
  readonly status: string;
  readonly steps: readonly StepDocument[];
  readonly durationMs: number;
}

export function outcomeDocument(details: TaskDetails, transitions: readonly TransitionRecord[]): OutcomeDocument {
  return {
    taskUuid: details.taskUuid,
    status: details.state,
    steps: details.steps.map(({ name, state, attempts, durationMs }) => ({
      name,
      status: state,
      attempts,
      durationMs: durationMs === undefined ? null : Math.round(durationMs),
    })),
    durationMs: Math.round(taskDuration(details, transitions)),
  };
}

/** To its end, or to the last thing that happened to it: all by the clock of the database. */
function taskDuration({ completedAt, createdAt, state }: TaskDetails, transitions: readonly TransitionRecord[]): number {
  const last = transitions.reduce((latest, { at }) => Math.max(latest, at), createdAt);
  return (isTerminalTaskState(state) ? (completedAt ?? last) : last) - createdAt;
}

/** One row a step. */
export function stepTable(steps: readonly StepDetails[]): readonly string[] {
  const rows = steps.map(({ name, state, attempts, durationMs }) => [name, state, String(attempts), formatDuration(durationMs)]);
  return textTable([['STEP', 'STATE', 'ATTEMPTS', 'TIME'], ...rows]);
}

/** A path that a step's result names as its report, if any; the last one wins. */
export function reportPathOf(steps: readonly StepDetails[]): string | undefined {
  return steps.map(({ result }) => pathIn(result)).findLast((path) => path !== undefined);
}

function pathIn(result: Json | undefined): string | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(result));
  return [fields.get('reportPath'), fields.get('report')].find((value) => typeof value === 'string');
}
