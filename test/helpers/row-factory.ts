// Writes tasks and steps in any state straight into the tables, in one statement, with what each state implies filled in.
import { randomUUID } from 'node:crypto';
import type { StepState, TaskState } from '../../src/domain/states.ts';
import type { Queries } from './queries.ts';

export interface StepRow {
  readonly name?: string;
  readonly state?: StepState;
  readonly attempts?: number;
  readonly maxAttempts?: number;
  readonly retryable?: boolean;
  /** Indexes of the parents among the task's steps. */
  readonly parents?: readonly number[];
  /** Ms since the epoch, as all times here. */
  readonly nextRetryAt?: number | undefined;
  readonly lastAttemptedAt?: number | undefined;
  /** When the step went to `error` in the past. */
  readonly failedAt?: readonly number[];
  readonly results?: unknown;
}

export interface TaskRow {
  readonly state?: TaskState;
  readonly priority?: number;
  readonly createdAt?: number;
  readonly steps: readonly StepRow[];
}

export interface WrittenTask {
  readonly taskUuid: string;
  readonly stepUuids: readonly string[];
}

const terminal: ReadonlySet<TaskState> = new Set<TaskState>(['complete', 'error', 'cancelled', 'resolved_manually']);

const insertTemplate = `
  with ns as (
    insert into tasker.task_namespaces (name) values ('rows') on conflict (name) do update set updated_at = tasker.now() returning 1, task_namespace_uuid
  ), task as (
    insert into tasker.named_tasks (task_namespace_uuid, name, configuration_hash) select task_namespace_uuid, 'rows', 'rows' from ns
    on conflict (task_namespace_uuid, name, version, configuration_hash) do update set registered_at = tasker.now() returning named_task_uuid
  ), step as (
    insert into tasker.named_steps (name) select distinct unnest($1::text[]) on conflict (name) do nothing
  )
  select named_task_uuid::text from task`;

const insertTasks = `
  insert into tasker.tasks (task_uuid, named_task_uuid, correlation_id, requested_at, created_at, updated_at, priority, complete, completed_at, state, sort_key, identity_hash)
  select r.id, $2, r.id, r.at, r.at, r.at, r.priority, r.complete, case when r.complete then r.at end, r.state, 1, r.id::text
  from jsonb_to_recordset($1) as r (id uuid, at timestamptz, priority int, complete boolean, state tasker.task_state)`;

const insertSteps = `
  insert into tasker.workflow_steps (workflow_step_uuid, task_uuid, named_step_uuid, created_at, max_attempts, retryable, state, attempts, sort_key,
    last_attempted_at, lease_expires_at, processed_at, next_retry_at, results)
  select r.id, r.task, n.named_step_uuid, tasker.now(), r.max, r.retryable, r.state, r.attempts, r.sort_key, r.tried, r.lease, r.processed, r.retry, r.results
  from jsonb_to_recordset($1) as r (id uuid, task uuid, name text, max int, retryable boolean, state tasker.step_state, attempts int, sort_key int,
    tried timestamptz, lease timestamptz, processed timestamptz, retry timestamptz, results jsonb)
  join tasker.named_steps n on n.name = r.name`;

const insertEdges = `
  insert into tasker.workflow_step_edges (to_step_uuid, from_step_uuid)
  select r.child, r.parent from jsonb_to_recordset($1) as r (child uuid, parent uuid)`;

const insertStepTransitions = `
  insert into tasker.workflow_step_transitions (workflow_step_uuid, sort_key, to_state, created_at)
  select r.step, r.nr, r.state, r.at from jsonb_to_recordset($1) as r (step uuid, nr int, state tasker.step_state, at timestamptz)`;

const insertTaskTransitions = `
  insert into tasker.task_transitions (task_uuid, sort_key, to_state) select r.id, 1, r.state
  from jsonb_to_recordset($1) as r (id uuid, state tasker.task_state)`;

/** Their newest transitions say what the rows say, so that a doctor finds nothing wrong unless a test breaks it. */
export async function writeTasks(queries: Queries, tasks: readonly TaskRow[]): Promise<readonly WrittenTask[]> {
  const written = tasks.map((task) => ({ taskUuid: randomUUID(), stepUuids: task.steps.map(() => randomUUID()) }));
  const each = (make: (task: TaskRow, ids: WrittenTask) => readonly object[]): string =>
    JSON.stringify(tasks.flatMap((task, at) => make(task, written[at] ?? { taskUuid: '', stepUuids: [] })));
  const names = [...new Set(tasks.flatMap(({ steps }) => steps.map(nameOf)))];
  const { named_task_uuid: template } = await queries.row(insertTemplate, [names]);
  await queries.rows(insertTasks, [each((task, { taskUuid }) => [taskFields(task, taskUuid)]), template]);
  await queries.rows(insertTaskTransitions, [
    each((task, { taskUuid }) => [{ id: taskUuid, state: task.state ?? 'steps_in_process' }]),
  ]);
  await queries.rows(insertSteps, [each((task, ids) => task.steps.map((step, at) => stepFields(step, at, ids)))]);
  await queries.rows(insertEdges, [
    each((task, { stepUuids }) =>
      task.steps.flatMap(({ parents = [] }, at) =>
        parents.map((parent) => ({ child: stepUuids[at], parent: stepUuids[parent] })),
      ),
    ),
  ]);
  await queries.rows(insertStepTransitions, [
    each((task, ids) => task.steps.flatMap((step, at) => transitions(step, ids.stepUuids[at]))),
  ]);
  return written;
}

function nameOf(step: StepRow, at: number): string {
  return step.name ?? `step_${String(at)}`;
}

function taskFields(task: TaskRow, id: string): object {
  const state = task.state ?? 'steps_in_process';
  return { id, at: text(task.createdAt ?? Date.now()), priority: task.priority ?? 0, complete: terminal.has(state), state };
}

function stepFields(step: StepRow, at: number, { taskUuid, stepUuids }: WrittenTask): object {
  const { state = 'pending', attempts = 0, maxAttempts = 3, retryable = true, failedAt = [] } = step;
  const processed = state === 'complete' || state === 'cancelled' || state === 'resolved_manually';
  return {
    id: stepUuids[at],
    task: taskUuid,
    name: nameOf(step, at),
    max: maxAttempts,
    retryable,
    state,
    attempts,
    sort_key: failedAt.length + 1,
    tried: text(step.lastAttemptedAt),
    lease: state === 'in_progress' ? text(Date.now() + 60_000) : null,
    processed: processed ? text(Date.now()) : null,
    retry: text(step.nextRetryAt),
    results: step.results ?? (state === 'complete' ? { success: true, result: nameOf(step, at) } : null),
  };
}

function transitions({ state = 'pending', failedAt = [] }: StepRow, step: string | undefined): readonly object[] {
  const past = failedAt.map((at, nr) => ({ step, nr: nr + 1, state: 'error', at: text(at) }));
  // Its own time is none of the failures': long ago, so that `error` as a state does not hide the history under test.
  return [...past, { step, nr: past.length + 1, state, at: text(0) }];
}

function text(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
