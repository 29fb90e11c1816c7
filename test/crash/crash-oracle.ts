// What has to hold after the crashes: every effect there, one accepted attempt a step, nothing stuck for too long, doctor clean.
import type pg from 'pg';
import type { DoctorFinding } from '../../src/store/store.ts';
import { leaseMs, recoveryMs, slackMs, sweepIntervalMs } from './timing.ts';

/** One row for each time a handler began; no key, so that the oracle sees whatever happened. */
export async function createLedger(pool: pg.Pool): Promise<void> {
  await pool.query(
    'create table crash_ledger (step_uuid uuid not null, attempt integer not null, at timestamptz not null default clock_timestamp())',
  );
}

/** A process that was killed: its uuid as in the transitions, the time as the database has it. */
export interface Kill {
  readonly role: 'orchestrator' | 'worker' | 'server';
  readonly actorUuid: string;
  /** Of the server: when it answered again, since nothing can recover before that. */
  readonly atMs: number;
}

export async function databaseTimeMs(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ at: number }>('select extract(epoch from clock_timestamp())::float8 * 1000 as at');
  return rows[0]?.at ?? 0;
}

export interface Progress {
  readonly tasks: number;
  readonly completeTasks: number;
  readonly effects: number;
}

export async function readProgress(pool: pg.Pool): Promise<Progress> {
  const { rows } = await pool.query<Progress>(`
    select count(*)::int as tasks, count(*) filter (where state = 'complete')::int as "completeTasks",
      (select count(*)::int from crash_ledger) as effects
    from tasker.tasks`);
  return rows[0] ?? { tasks: 0, completeTasks: 0, effects: 0 };
}

interface Step {
  readonly uuid: string;
  readonly state: string;
  readonly attempts: number;
  readonly resultAttempt: number;
  readonly effects: number;
  readonly acceptedEffects: number;
}

interface Transition {
  readonly uuid: string;
  readonly to: string;
  readonly attempt: number | null;
  readonly actorUuid: string;
  readonly atMs: number;
}

export interface Judgement {
  /** Empty when everything held. */
  readonly problems: readonly string[];
  /** The longest time in ms that a step stayed as it was, by its state; `in_progress` from the kill of its worker on. */
  readonly longestMs: Readonly<Record<string, number>>;
  readonly steps: number;
  /** Attempts that a kill cost. */
  readonly takeovers: number;
}

export interface JudgeOptions {
  readonly pool: pg.Pool;
  readonly doctor: (limit: number) => Promise<readonly DoctorFinding[]>;
  readonly tasks: number;
  readonly kills: readonly Kill[];
  /** How long a step may be stuck after one kill; default lease + sweep. */
  readonly recoverWithinMs?: number;
}

export async function judge({ pool, doctor, tasks, kills, recoverWithinMs = recoveryMs }: JudgeOptions): Promise<Judgement> {
  const progress = await readProgress(pool);
  const steps = await readSteps(pool);
  const histories = historiesOf(await readTransitions(pool));
  const waits = await readRequestWaits(pool);
  const gaps = [...waits, ...histories.values()].flatMap((history) => gapsOf(history, kills, recoverWithinMs));
  const late = await readLateDecisions(pool);
  return {
    problems: [
      ...(progress.tasks === tasks && progress.completeTasks === tasks
        ? []
        : [`${progress.completeTasks} of ${progress.tasks} tasks are complete, expected ${tasks}`]),
      ...steps.flatMap((step) => problemsOf(step, histories.get(step.uuid) ?? [])),
      ...gaps
        .filter(({ ms, allowedMs }) => ms > allowedMs)
        .map(({ uuid, state, ms, allowedMs }) => `step ${uuid} was ${state} for ${Math.round(ms)} ms, allowed are ${allowedMs}`),
      ...late,
      ...(await doctor(100)).map((finding) => `doctor: ${finding.kind} ${finding.check} ${finding.message}`),
    ],
    longestMs: longest(gaps),
    steps: steps.length,
    takeovers: steps.reduce((sum, { attempts }) => sum + attempts - 1, 0),
  };
}

async function readSteps(pool: pg.Pool): Promise<readonly Step[]> {
  const { rows } = await pool.query<Step>(`
    select s.workflow_step_uuid as uuid, s.state::text, s.attempts, (s.results -> 'result' ->> 'attempt')::int as "resultAttempt",
      count(l)::int as effects, (count(l) filter (where l.attempt = s.attempts))::int as "acceptedEffects"
    from tasker.workflow_steps s left join crash_ledger l on l.step_uuid = s.workflow_step_uuid
    group by s.workflow_step_uuid`);
  return rows;
}

async function readTransitions(pool: pg.Pool): Promise<readonly Transition[]> {
  const { rows } = await pool.query<Transition>(`
    select workflow_step_uuid as uuid, to_state::text as "to", attempt, actor_uuid as "actorUuid", extract(epoch from created_at)::float8 * 1000 as "atMs"
    from tasker.workflow_step_transitions order by workflow_step_uuid, sort_key`);
  return rows;
}

/** From a request to its task, as if it were a step that waited for an orchestrator. */
async function readRequestWaits(pool: pg.Pool): Promise<readonly (readonly Transition[])[]> {
  const { rows } = await pool.query<{ uuid: string; from: number; to: number }>(`
    select task_uuid as uuid, extract(epoch from requested_at)::float8 * 1000 as "from", extract(epoch from created_at)::float8 * 1000 as "to" from tasker.tasks`);
  const at = (uuid: string, to: string, atMs: number): Transition => ({ uuid, to, attempt: null, actorUuid: '', atMs });
  return rows.map(({ uuid, from, to }) => [at(uuid, 'requested_for_orchestration', from), at(uuid, 'pending', to)]);
}

/** What became possible has to be decided in the transaction that made it possible. */
async function readLateDecisions(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ problem: string }>(`
    with at as (
      select workflow_step_uuid, max(created_at) filter (where to_state = 'complete') as complete, min(created_at) filter (where to_state = 'enqueued') as enqueued
      from tasker.workflow_step_transitions group by workflow_step_uuid
    ), child as (
      select e.to_step_uuid, max(p.complete) as ready from tasker.workflow_step_edges e join at p on p.workflow_step_uuid = e.from_step_uuid group by e.to_step_uuid
    )
    select format('step %s was enqueued %s after its last parent was complete', c.to_step_uuid, a.enqueued - c.ready) as problem
    from child c join at a on a.workflow_step_uuid = c.to_step_uuid
    where a.enqueued - c.ready not between interval '-100 milliseconds' and interval '500 milliseconds'
    union all
    select format('task %s was complete %s after its last step', t.task_uuid, t.completed_at - max(a.complete))
    from tasker.tasks t join tasker.workflow_steps s using (task_uuid) join at a using (workflow_step_uuid)
    group by t.task_uuid having t.completed_at - max(a.complete) not between interval '-100 milliseconds' and interval '500 milliseconds'`);
  return rows.map(({ problem }) => problem);
}

function historiesOf(transitions: readonly Transition[]): ReadonlyMap<string, readonly Transition[]> {
  const histories = new Map<string, Transition[]>();
  for (const transition of transitions) {
    const history = histories.get(transition.uuid);
    if (history === undefined) histories.set(transition.uuid, [transition]);
    else history.push(transition);
  }
  return histories;
}

function problemsOf(step: Step, history: readonly Transition[]): readonly string[] {
  const begun = history.filter(({ to }) => to === 'in_progress');
  const accepted = history.filter(({ to }) => to === 'enqueued_for_orchestration');
  const checks: readonly [boolean, string][] = [
    [step.state === 'complete', `is ${step.state}`],
    [step.effects >= 1, 'is complete without an effect'],
    [step.acceptedEffects === 1, `has ${step.acceptedEffects} effects of its accepted attempt ${step.attempts}`],
    [step.resultAttempt === step.attempts, `has the result of attempt ${step.resultAttempt}, its attempts are ${step.attempts}`],
    [begun.length === step.attempts, `began ${begun.length} times in the log, its attempts are ${step.attempts}`],
    [accepted.length === 1 && accepted[0]?.attempt === step.attempts, `has ${accepted.length} accepted results`],
  ];
  return checks.filter(([holds]) => !holds).map(([, what]) => `step ${step.uuid} ${what}`);
}

interface Gap {
  readonly uuid: string;
  readonly state: string;
  readonly ms: number;
  readonly allowedMs: number;
}

/**
 * From each transition to the next. A step in progress is stuck from the kill of its own worker on. A result waits for an
 * orchestrator: each one that is killed with the message in its hands costs one lease, so the bound is lease x kills in
 * the gap (at least one) + sweep. A step in its queue waits for any worker: lease + sweep. After a crash of the server all
 * of it counts from when the server answers again. The slack comes on top.
 */
function gapsOf(history: readonly Transition[], kills: readonly Kill[], recoverWithinMs: number): readonly Gap[] {
  return history.slice(1).flatMap((next, index): readonly Gap[] => {
    const from = history[index];
    if (from === undefined || from.to === 'waiting_for_retry') return [];
    const within = kills.filter(({ atMs }) => atMs > from.atMs && atMs < next.atMs);
    const server = within.find(({ role }) => role === 'server');
    const own = server ?? within.find(({ actorUuid }) => actorUuid === from.actorUuid);
    const isInProgress = from.to === 'in_progress';
    // A worker that lives takes as long as its handler does; that is not being stuck.
    if (isInProgress && own === undefined) return [];
    const since = (isInProgress ? own : server)?.atMs ?? from.atMs;
    const lost = from.to.endsWith('for_orchestration') ? within.filter(({ role }) => role === 'orchestrator').length : 1;
    const allowedMs = recoverWithinMs + (Math.max(1, lost) - 1) * leaseMs + slackMs;
    return [{ uuid: from.uuid, state: from.to, ms: next.atMs - since, allowedMs }];
  });
}

function longest(gaps: readonly Gap[]): Record<string, number> {
  const longestMs: Record<string, number> = {};
  for (const { state, ms } of gaps) longestMs[state] = Math.max(longestMs[state] ?? 0, Math.round(ms));
  return longestMs;
}

/** One line for the log of the run. */
export function describeJudgement({ steps, takeovers, longestMs }: Judgement): string {
  const waits = Object.entries(longestMs).map(([state, ms]) => `${state} ${ms} ms`);
  return `${steps} steps, ${takeovers} attempts lost; longest ${waits.join(', ')} (allowed: lease ${leaseMs} + sweep ${sweepIntervalMs} + slack ${slackMs} ms)`;
}
