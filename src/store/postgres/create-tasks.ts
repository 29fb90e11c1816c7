// Creates tasks with their steps, edges, first transitions and messages: one statement, one transaction (spec 6.2).
import type pg from 'pg';
import { TaskerError } from '../../domain/errors.ts';
import type { TaskTemplate } from '../../domain/template/task-template.ts';
import { workerQueue } from '../../messaging/queue-names.ts';
import type { CreatedTask, NewTask, RegisteredTemplate, SentMessages } from '../store.ts';
import { run } from './pool.ts';

const createStatement = {
  name: 'creating-tasks',
  text: 'select tasker.create_tasks($1, $2, $3, $4, $5) as answer',
};

const findStatement = {
  name: 'finding-a-task-by-identity',
  text: 'select task_uuid from tasker.tasks where identity_hash = $1',
};

interface Answer {
  readonly tasks: readonly { readonly task_uuid: string | null; readonly created: boolean }[];
  readonly message_ids: readonly number[];
}

export async function createTasks(
  pool: pg.Pool,
  processorUuid: string,
  template: RegisteredTemplate,
  tasks: readonly NewTask[],
): Promise<{ readonly tasks: readonly CreatedTask[]; readonly sent: SentMessages }> {
  const queue = workerQueue(template.template.namespace_name);
  const rows = await run<{ answer: Answer }>(pool, createStatement, [
    template.namedTaskUuid,
    queue,
    processorUuid,
    JSON.stringify(tasks.map(rowOf)),
    stepPlan(template.template),
  ]);
  const answer = rows[0]?.answer;
  if (answer === undefined) throw new TaskerError('STORE_FAILED', 'creating tasks returned no row.', { kind: 'infrastructure' });
  const created = await Promise.all(answer.tasks.map((row, index) => createdTask(pool, row, tasks[index])));
  const ids = answer.message_ids.map(String);
  return { tasks: created, sent: ids.length === 0 ? {} : { [queue]: ids } };
}

async function createdTask(pool: pg.Pool, row: Answer['tasks'][number], task: NewTask | undefined): Promise<CreatedTask> {
  if (row.task_uuid !== null) return { taskUuid: row.task_uuid, created: row.created };
  // The other transaction committed after our snapshot: its row blocked the insert but could not be read yet.
  const found = await run<{ task_uuid: string }>(pool, findStatement, [task?.identityHash]);
  const taskUuid = found[0]?.task_uuid;
  if (taskUuid === undefined) {
    throw new TaskerError('STORE_CONFLICT', 'a task with this identity was being created and vanished; submit again.', {
      kind: 'infrastructure',
    });
  }
  return { taskUuid, created: false };
}

function rowOf(task: NewTask): object {
  return {
    identity_hash: task.identityHash,
    context: task.context,
    correlation_id: task.correlationId,
    parent_correlation_id: task.parentCorrelationId,
    initiator: task.initiator,
    source_system: task.sourceSystem,
    reason: task.reason,
    tags: task.tags.length === 0 ? undefined : task.tags,
    priority: task.priority,
    requested_at: task.requestedAt,
  };
}

// The plan depends on the template alone; serializing it once keeps a burst of submissions cheap.
const plans = new WeakMap<TaskTemplate, string>();

function stepPlan(template: TaskTemplate): string {
  const known = plans.get(template);
  if (known !== undefined) return known;
  const index = new Map(template.steps.map((step, at) => [step.name, at]));
  const plan = JSON.stringify(
    template.steps.map((step) => ({
      name: step.name,
      retryable: step.retry.retryable,
      max_attempts: step.retry.max_attempts,
      inputs: Object.keys(step.handler.initialization).length === 0 ? null : step.handler.initialization,
      parents: step.dependencies.map((parent) => index.get(parent)),
    })),
  );
  plans.set(template, plan);
  return plan;
}
