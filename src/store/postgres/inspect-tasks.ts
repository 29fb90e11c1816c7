// Reads tasks, steps, transitions and the doctor's findings for people and their tools; bounded, and never under a lock.
import type pg from 'pg';
import type { Json, JsonObject } from '../../domain/json.ts';
import { parseStepState, parseTaskState } from '../../domain/states.ts';
import type { DoctorFinding, ListTasksParams, StepDetails, TaskDetails, TaskSummary, TransitionRecord } from '../store.ts';
import { run } from './pool.ts';

const summaryColumns = `
  t.task_uuid::text, ns.name as namespace, n.name, n.version, t.state::text, t.priority,
  extract(epoch from t.created_at) * 1000 as created_at, extract(epoch from t.completed_at) * 1000 as completed_at,
  c.total_steps, c.completed_steps, c.failed_steps`;

const summarySources = `
  join tasker.named_tasks n using (named_task_uuid)
  join tasker.task_namespaces ns using (task_namespace_uuid)
  cross join lateral tasker.get_task_execution_context(t.task_uuid) c`;

const listStatement = {
  name: 'listing-tasks',
  text: `
    select ${summaryColumns}
    from (
      select t.* from tasker.tasks t
      join tasker.named_tasks n using (named_task_uuid)
      join tasker.task_namespaces ns using (task_namespace_uuid)
      where ($1::text is null or t.state = $1::tasker.task_state)
        and ($2::text is null or ns.name = $2)
        and ($3::text is null or n.name = $3)
      order by t.task_uuid desc limit $4
    ) t ${summarySources}
    order by t.task_uuid desc`,
};

const taskStatement = {
  name: 'reading-a-task',
  text: `
    select ${summaryColumns}, t.named_task_uuid::text, t.correlation_id::text, t.context,
      c.execution_status, c.recommended_action, c.completion_percentage::float8, c.health_status
    from tasker.tasks t ${summarySources}
    where t.task_uuid = $1`,
};

const stepsStatement = {
  name: 'reading-steps',
  text: `
    select r.workflow_step_uuid::text as step_uuid, r.name, r.current_state::text as state, r.attempts, r.max_attempts, s.retryable,
      r.dependencies_satisfied, r.ready_for_execution, s.results,
      extract(epoch from r.next_retry_at) * 1000 as next_retry_at, extract(epoch from s.lease_expires_at) * 1000 as lease_expires_at,
      extract(epoch from coalesce(s.processed_at, failure.created_at) - first_claim.at) * 1000 as duration_ms,
      coalesce((select array_agg(pn.name::text order by pn.name)
        from tasker.workflow_step_edges e
        join tasker.workflow_steps p on p.workflow_step_uuid = e.from_step_uuid
        join tasker.named_steps pn on pn.named_step_uuid = p.named_step_uuid
        where e.to_step_uuid = r.workflow_step_uuid), '{}') as parents
    from tasker.get_step_readiness_status($1) r
    join tasker.workflow_steps s using (workflow_step_uuid)
    join tasker.calculate_dependency_levels($1) l using (workflow_step_uuid)
    left join lateral (
      select min(x.created_at) as at from tasker.workflow_step_transitions x
      where x.workflow_step_uuid = s.workflow_step_uuid and x.to_state = 'in_progress'
    ) first_claim on true
    -- A step that failed for good is not processed: its dependents do not run.
    left join tasker.workflow_step_transitions failure
      on s.state = 'error' and failure.workflow_step_uuid = s.workflow_step_uuid and failure.sort_key = s.sort_key
    order by l.dependency_level, r.name`,
};

const transitionsStatement = {
  name: 'reading-transitions',
  text: `
    select 'task' as subject, sort_key, from_state::text, to_state::text, extract(epoch from created_at) * 1000 as at,
      processor_uuid::text as actor_uuid, metadata
    from tasker.task_transition_log where task_uuid = $1
    union all
    select n.name, l.sort_key, l.from_state::text, l.to_state::text, extract(epoch from l.created_at) * 1000, l.actor_uuid::text, l.metadata
    from tasker.workflow_step_transition_log l
    join tasker.workflow_steps s using (workflow_step_uuid)
    join tasker.named_steps n using (named_step_uuid)
    where l.task_uuid = $1
    order by at, subject, sort_key`,
};

const doctorStatement = {
  name: 'examining-the-state-tables',
  text: `
    select 'violation' as kind, check_name, task_uuid::text, message, null::float8 as moves_at from tasker.invariant_violations($1)
    union all
    select kind, check_name, task_uuid::text, message, extract(epoch from moves_at)::float8 * 1000 from tasker.explain_waiting($1)`,
};

interface SummaryRow {
  readonly task_uuid: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly state: string;
  readonly priority: number;
  readonly created_at: string;
  readonly completed_at: string | null;
  readonly total_steps: number;
  readonly completed_steps: number;
  readonly failed_steps: number;
}

interface TaskRow extends SummaryRow {
  readonly named_task_uuid: string;
  readonly correlation_id: string;
  readonly context: JsonObject | null;
  readonly execution_status: string;
  readonly recommended_action: string;
  readonly completion_percentage: number;
  readonly health_status: string;
}

interface StepRow {
  readonly step_uuid: string;
  readonly name: string;
  readonly state: string;
  readonly attempts: number;
  readonly max_attempts: number;
  readonly retryable: boolean;
  readonly dependencies_satisfied: boolean;
  readonly ready_for_execution: boolean;
  readonly results: { readonly result?: Json; readonly error?: { readonly message?: string } | null } | null;
  readonly next_retry_at: string | null;
  readonly lease_expires_at: string | null;
  readonly duration_ms: string | null;
  readonly parents: readonly string[];
}

export async function listTasks(pool: pg.Pool, params: ListTasksParams): Promise<readonly TaskSummary[]> {
  const rows = await run<SummaryRow>(pool, listStatement, [params.state, params.namespace, params.name, params.limit]);
  return rows.map(summaryOf);
}

const statesStatement = {
  name: 'reading-task-states',
  text: 'select task_uuid::text, state::text from tasker.tasks where task_uuid = any ($1::uuid[])',
};

export async function taskStates(pool: pg.Pool, taskUuids: readonly string[]) {
  const rows = await run<{ task_uuid: string; state: string }>(pool, statesStatement, [taskUuids]);
  return rows.map((row) => ({ taskUuid: row.task_uuid, state: parseTaskState(row.state) }));
}

export async function taskDetails(pool: pg.Pool, taskUuid: string): Promise<TaskDetails | undefined> {
  const [tasks, steps] = await Promise.all([
    run<TaskRow>(pool, taskStatement, [taskUuid]),
    run<StepRow>(pool, stepsStatement, [taskUuid]),
  ]);
  const row = tasks[0];
  if (row === undefined) return undefined;
  return {
    ...summaryOf(row),
    namedTaskUuid: row.named_task_uuid,
    correlationId: row.correlation_id,
    context: row.context ?? {},
    executionStatus: row.execution_status,
    recommendedAction: row.recommended_action,
    completionPercentage: row.completion_percentage,
    healthStatus: row.health_status,
    steps: steps.map(stepOf),
  };
}

interface TransitionRow {
  readonly subject: string;
  readonly sort_key: number;
  readonly from_state: string | null;
  readonly to_state: string;
  readonly at: string;
  readonly actor_uuid: string | null;
  readonly metadata: Json;
}

export async function taskTransitions(pool: pg.Pool, taskUuid: string): Promise<readonly TransitionRecord[]> {
  const rows = await run<TransitionRow>(pool, transitionsStatement, [taskUuid]);
  return rows.map((row) => ({
    subject: row.subject,
    sortKey: row.sort_key,
    from: row.from_state ?? undefined,
    to: row.to_state,
    at: Number(row.at),
    actorUuid: row.actor_uuid ?? undefined,
    metadata: row.metadata ?? undefined,
  }));
}

interface FindingRow {
  readonly kind: DoctorFinding['kind'];
  readonly check_name: string;
  readonly task_uuid: string | null;
  readonly message: string;
  readonly moves_at: number | null;
}

export async function doctor(pool: pg.Pool, limit: number): Promise<readonly DoctorFinding[]> {
  const rows = await run<FindingRow>(pool, doctorStatement, [limit]);
  return rows.map((row) => ({
    kind: row.kind,
    check: row.check_name,
    taskUuid: row.task_uuid ?? undefined,
    message: row.message,
    movesAt: row.moves_at ?? undefined,
  }));
}

function summaryOf(row: SummaryRow): TaskSummary {
  return {
    taskUuid: row.task_uuid,
    namespace: row.namespace,
    name: row.name,
    version: row.version,
    state: parseTaskState(row.state),
    priority: row.priority,
    createdAt: Number(row.created_at),
    completedAt: milliseconds(row.completed_at),
    totalSteps: row.total_steps,
    completedSteps: row.completed_steps,
    failedSteps: row.failed_steps,
  };
}

function stepOf(row: StepRow): StepDetails {
  return {
    stepUuid: row.step_uuid,
    name: row.name,
    state: parseStepState(row.state),
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    retryable: row.retryable,
    parents: row.parents,
    dependenciesSatisfied: row.dependencies_satisfied,
    readyForExecution: row.ready_for_execution,
    nextRetryAt: milliseconds(row.next_retry_at),
    leaseExpiresAt: milliseconds(row.lease_expires_at),
    durationMs: milliseconds(row.duration_ms),
    result: row.results?.result,
    errorMessage: row.results?.error?.message,
  };
}

function milliseconds(text: string | null): number | undefined {
  return text === null ? undefined : Number(text);
}
