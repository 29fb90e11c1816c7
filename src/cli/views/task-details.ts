// One task for people: its facts, its steps, its history.
import { messageOf } from '../../domain/errors.ts';
import { satisfiesDependents } from '../../domain/states.ts';
import type { TaskDetails, TransitionRecord } from '../../store/store.ts';
import { formatTime } from './format-time.ts';
import { stepTable } from './task-view.ts';
import { textTable } from './text-table.ts';

export function detailsText(task: TaskDetails): string {
  const facts = textTable([
    ['task', task.taskUuid],
    ['template', `${task.namespace}/${task.name}:${task.version}`],
    ['state', `${task.state} (${task.completionPercentage} %, ${task.executionStatus})`],
    ['created', formatTime(task.createdAt)],
    ['completed', formatTime(task.completedAt)],
    ['context', JSON.stringify(task.context)],
  ]);
  const errors = task.steps.flatMap(({ name, state, errorMessage }) =>
    errorMessage === undefined || satisfiesDependents(state) ? [] : [`${name}: ${errorMessage}`],
  );
  return `${[...facts, '', ...stepTable(task.steps), ...(errors.length === 0 ? [] : ['', ...errors])].join('\n')}\n`;
}

export function historyText(transitions: readonly TransitionRecord[]): string {
  const rows = transitions.map(({ at, subject, from, to, metadata }) => [
    new Date(at).toISOString(),
    subject,
    from ?? '-',
    to,
    metadata === undefined ? '' : messageOf(metadata),
  ]);
  return `\n${textTable([['TIME', 'SUBJECT', 'FROM', 'TO', ''], ...rows]).join('\n')}\n`;
}
