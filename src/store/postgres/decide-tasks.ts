// Load under lock, decide, save, commit: the one transaction in which the orchestrator changes tasks.
import type pg from 'pg';
import { TaskerError } from '../../domain/errors.ts';
import type { Json } from '../../domain/json.ts';
import { parseStepResult, requestedBackoff } from '../../domain/step-result.ts';
import { parseStepState, parseTaskState } from '../../domain/states.ts';
import type { ReportedResult, StepView, TaskDecision, TaskView } from '../../domain/task-view.ts';
import { workerQueue } from '../../messaging/queue-names.ts';
import type { DecisionResult, SentMessages, TakenResult } from '../store.ts';
import { isConflict, storeError } from './connection-error.ts';

const loadStatement = {
  name: 'load-tasks',
  text: "select coalesce(json_agg(row_to_json(l)), '[]') as tasks from tasker.lock_and_load_tasks($1) l",
};
const takeStatement = {
  name: 'take-results',
  text: "select a.answer -> 'taken' as taken, a.answer -> 'tasks' as tasks from tasker.take_results_and_load($1) as a (answer)",
};
const saveStatement = { name: 'save-decisions', text: 'select tasker.save_decisions($1, $2, $3, $4) as sent' };

// Conflicts come from a worker or operator who changed a step between load and save; five in a row mean something is wrong.
const maxTries = 5;

type Decide = (views: readonly TaskView[]) => Promise<readonly TaskDecision[]>;

interface Loaded {
  readonly tasks: readonly LoadedTask[];
  readonly taken?: readonly { readonly m: string; readonly t: string; readonly s: string }[];
}

interface Load {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

interface Decided extends DecisionResult {
  readonly taken: readonly TakenResult[];
}

export async function decideTasks(
  pool: pg.Pool,
  processorUuid: string,
  taskUuids: readonly string[],
  decide: Decide,
): Promise<DecisionResult> {
  return decideAgain(pool, processorUuid, { ...loadStatement, values: [taskUuids] }, decide);
}

export async function decideTakenResults(
  pool: pg.Pool,
  processorUuid: string,
  messageIds: readonly string[],
  decide: Decide,
): Promise<Decided> {
  return decideAgain(pool, processorUuid, { ...takeStatement, values: [messageIds] }, decide);
}

async function decideAgain(pool: pg.Pool, processorUuid: string, load: Load, decide: Decide): Promise<Decided> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await decideOnce(pool, processorUuid, load, decide);
    } catch (error) {
      if (!isConflict(error)) throw storeError(error, 'deciding on tasks');
      if (tries >= maxTries) {
        throw new TaskerError(
          'STORE_CONFLICT',
          `tasks changed ${String(maxTries)} times while they were being decided on; the same call may succeed later.`,
          {
            kind: 'infrastructure',
            cause: error,
          },
        );
      }
    }
  }
}

async function decideOnce(pool: pg.Pool, processorUuid: string, load: Load, decide: Decide): Promise<Decided> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    // Not awaited one by one: the pool's connections pipeline, so begin and load are one round trip.
    const begun = client.query('begin');
    const answered = client.query<Loaded>({ ...load, values: [...load.values] });
    const [, answer] = await Promise.all([begun, answered]);
    const { tasks = [], taken = [] } = answer.rows[0] ?? {};
    const views = tasks.map(viewOf);
    const decisions = await decide(views);
    const sent = await saveAndCommit(client, processorUuid, views, decisions);
    return { views, decisions, sent, taken: taken.map(({ m, t, s }) => ({ messageId: m, taskUuid: t, stepUuid: s })) };
  } catch (error) {
    await client.query('rollback').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error(String(failure));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function saveAndCommit(
  client: pg.PoolClient,
  processorUuid: string,
  views: readonly TaskView[],
  decisions: readonly TaskDecision[],
): Promise<SentMessages> {
  const changed = decisions.filter((decision) => decision.steps.length > 0 || decision.task !== undefined);
  if (changed.length === 0) {
    await client.query('commit');
    return {};
  }
  const saved = client.query<{ sent: Record<string, readonly number[]> }>({
    ...saveStatement,
    values: [
      processorUuid,
      JSON.stringify(changed.flatMap((decision) => decision.steps.map(stepRow))),
      JSON.stringify(changed.flatMap(taskRow)),
      JSON.stringify(messagesOf(views, changed)),
    ],
  });
  // A commit after a failed save is a rollback; `saved` tells which it was.
  const committed = client.query('commit');
  const [result] = await Promise.all([saved, committed]);
  const sent = result.rows[0]?.sent ?? {};
  return Object.fromEntries(Object.entries(sent).map(([queue, ids]) => [queue, ids.map(String)]));
}

function stepRow(step: TaskDecision['steps'][number]): object {
  return {
    id: step.id,
    f: step.from,
    t: step.to,
    v: step.via.length === 0 ? undefined : step.via,
    w: step.nextRetryAt,
    b: step.backoffMs,
    a: step.attempts,
    r: step.result,
    m: step.metadata,
  };
}

function taskRow(decision: TaskDecision): readonly object[] {
  if (decision.task === undefined) return [];
  const { from, to, via, metadata } = decision.task;
  return [{ id: decision.taskUuid, f: from, t: to, v: via.length === 0 ? undefined : via, m: metadata }];
}

function messagesOf(views: readonly TaskView[], decisions: readonly TaskDecision[]): Record<string, object[]> {
  const byTask = new Map(views.map((view) => [view.taskUuid, view]));
  const messages: Record<string, object[]> = {};
  for (const decision of decisions) {
    const view = byTask.get(decision.taskUuid);
    if (view === undefined || decision.enqueued.length === 0) continue;
    const queue = (messages[workerQueue(view.namespace)] ??= []);
    for (const step of decision.enqueued) {
      queue.push({ task_uuid: view.taskUuid, step_uuid: step, correlation_id: view.correlationId });
    }
  }
  return messages;
}

interface LoadedTask {
  readonly task_uuid: string;
  readonly state: string;
  readonly named_task_uuid: string;
  readonly correlation_id: string;
  readonly namespace: string;
  readonly steps: readonly LoadedStep[] | null;
}

interface LoadedStep {
  readonly id: string;
  readonly n: string;
  readonly s: string;
  readonly a: number;
  readonly m: number;
  readonly r: boolean;
  readonly p: readonly string[];
  readonly w: number | null;
  /** The stored StepExecutionResult without its `result`. */
  readonly x: Json | null;
}

function viewOf(row: LoadedTask): TaskView {
  return {
    taskUuid: row.task_uuid,
    state: parseTaskState(row.state),
    namedTaskUuid: row.named_task_uuid,
    correlationId: row.correlation_id,
    namespace: row.namespace,
    steps: (row.steps ?? []).map(stepViewOf),
  };
}

function stepViewOf(step: LoadedStep): StepView {
  return {
    id: step.id,
    name: step.n,
    state: parseStepState(step.s),
    attempts: step.a,
    maxAttempts: step.m,
    retryable: step.r,
    parents: step.p,
    nextRetryAt: step.w ?? undefined,
    result: step.x === null ? undefined : reportOf(step.x),
  };
}

function reportOf(report: Json): ReportedResult {
  const result = parseStepResult(report);
  return {
    success: result.success,
    retryable: result.metadata.retryable,
    message: result.error?.message,
    ...requestedBackoff(result),
  };
}
