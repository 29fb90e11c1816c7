// What to tell somebody whose task did not complete: why, and the commands that help.
import { TaskerError } from '../../domain/errors.ts';
import { satisfiesDependents } from '../../domain/states.ts';
import { ignoredKeys } from '../../domain/template/ignored-keys.ts';
import type { TaskTemplate } from '../../domain/template/task-template.ts';
import type { Tasker } from '../../runtime/tasker.ts';
import type { DoctorFinding, TaskDetails } from '../../store/store.ts';
import { commandLine } from '../command-line.ts';
import type { Cli } from '../cli.ts';
import { formatTime } from './format-time.ts';

/** Which step failed why, and the operator's commands to copy; `goOn` is the command that runs the task further. */
export function blockedAdvice(cli: Cli, { taskUuid, steps }: TaskDetails, goOn: string): string {
  const failed = steps.filter(({ state }) => state === 'error');
  const lines = failed.flatMap(({ name, attempts, errorMessage }) => [
    `step ${name} failed for good after ${attempts === 1 ? '1 attempt' : `${attempts} attempts`}: ${errorMessage ?? 'no message'}`,
    `  try it again:          ${commandLine(cli, 'step', 'retry', taskUuid, name)}`,
    `  go on without it:      ${commandLine(cli, 'step', 'resolve', taskUuid, name, '--reason', 'why')}`,
    `  give its result:       ${commandLine(cli, 'step', 'complete', taskUuid, name, '--result', '{"key": "value"}')}`,
  ]);
  return `${[...lines, `then let a worker go on:  ${goOn}`].join('\n')}\n`;
}

/** One line when parts of the template have no effect, else none. */
export function ignoredText(file: string, template: TaskTemplate): readonly string[] {
  const keys = ignoredKeys(template);
  return keys.length === 0 ? [] : [`${file}: ignored in this version: ${keys.join(', ')}`];
}

/** Ctrl-C, or what a handler did to the process (the signal's reason says so): the task is in the database, nothing is lost. */
export function interrupted(taskUuid: string, goOn: string, reason?: unknown): TaskerError {
  if (reason instanceof TaskerError) {
    return new TaskerError(reason.code, `${reason.message} Task ${taskUuid} goes on when a worker is back: ${goOn}`, {
      kind: reason.kind,
      cause: reason,
      details: { ...reason.details, taskUuid },
    });
  }
  return new TaskerError('INTERRUPTED', `stopped before task ${taskUuid} was done. It goes on when a worker is back: ${goOn}`, {
    kind: 'state',
    details: { taskUuid },
  });
}

/** The timeout, with what each open step waits for. */
export async function stillOpen(tasker: Tasker, taskUuid: string, timeout: TaskerError): Promise<TaskerError> {
  const details = await tasker.task(taskUuid).details();
  const waiting = waitingOf(details, await findingsOf(tasker, taskUuid));
  return new TaskerError(timeout.code, [timeout.message, ...waiting.map((reason) => `  ${reason}`)].join('\n'), {
    kind: 'state',
    cause: timeout,
    details: { ...timeout.details, status: details.state, waiting },
  });
}

// More than one task has steps; a full answer of the doctor is cut by its limit.
const findingsLimit = 10_000;

async function findingsOf(tasker: Tasker, taskUuid: string): Promise<readonly DoctorFinding[]> {
  const findings = await tasker.runtime.store.doctor(findingsLimit);
  return findings.filter((finding) => finding.taskUuid === taskUuid);
}

function waitingOf({ steps }: TaskDetails, findings: readonly DoctorFinding[]): readonly string[] {
  const done = new Set(steps.filter(({ state }) => satisfiesDependents(state)).map(({ name }) => name));
  const pending = steps.filter(({ state }) => state === 'pending');
  return [
    ...findings.map(({ message, movesAt }) => (movesAt === undefined ? message : `${message}, until ${formatTime(movesAt)}`)),
    ...pending.map(({ name, parents }) => {
      const open = parents.filter((parent) => !done.has(parent));
      return open.length === 0 ? `step ${name} waits for an orchestrator` : `step ${name} waits for ${open.join(', ')}`;
    }),
  ];
}
