-- Tables of the flow (spec 1): templates, tasks, steps, edges, and the two transition logs.
-- Why no foreign key points at tasks or workflow_steps: each check locks the parent row, which costs one WAL record and one
-- trigger call a row on the hottest path; rows are only ever written by the statements of store/postgres, and
-- `tasker doctor` looks for orphans. See docs/decisions/0001-lean-audit-trail.md.

create type tasker.task_state as enum (
  'pending', 'initializing', 'enqueuing_steps', 'steps_in_process', 'evaluating_results',
  'waiting_for_dependencies', 'waiting_for_retry', 'blocked_by_failures',
  'complete', 'error', 'cancelled', 'resolved_manually'
);

create type tasker.step_state as enum (
  'pending', 'enqueued', 'in_progress', 'enqueued_for_orchestration', 'enqueued_as_error_for_orchestration',
  'waiting_for_retry', 'complete', 'error', 'cancelled', 'resolved_manually'
);

create type tasker.identity_strategy as enum ('strict', 'caller_provided', 'always_unique');

-- The clock of every statement; a test pins it with set_config('tasker.fake_now', '2026-01-01T00:00:00Z', …).
-- statement_timestamp() and not clock_timestamp(): as volatile as the function says, so that the planner puts the expression
-- in the caller's place; a call for each row and each default took a third of every statement of the hot path.
create function tasker.now() returns timestamptz language sql stable as $$
  select coalesce(nullif(current_setting('tasker.fake_now', true), '')::timestamptz, statement_timestamp())
$$;

-- UUID v7 (time-ordered, so that inserts fill one index page after the other): native from PostgreSQL 18 on.
do $$
begin
  if to_regprocedure('pg_catalog.uuidv7()') is not null then
    execute 'create function tasker.new_uuid() returns uuid language sql volatile as ''select pg_catalog.uuidv7()''';
  else
    execute $function$
      create function tasker.new_uuid() returns uuid language sql volatile as '
        select encode(
          set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid()) placing
              substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
            52, 1), 53, 1),
          ''hex'')::uuid'
    $function$;
  end if;
end $$;

create table tasker.task_namespaces (
  task_namespace_uuid uuid primary key default tasker.new_uuid(),
  name varchar(64) not null unique,
  description varchar(255),
  created_at timestamptz not null default tasker.now(),
  updated_at timestamptz not null default tasker.now()
);

-- One row per template text: a changed template is a new row, so a running task keeps the one it started with.
create table tasker.named_tasks (
  named_task_uuid uuid primary key default tasker.new_uuid(),
  task_namespace_uuid uuid not null references tasker.task_namespaces,
  name varchar(64) not null,
  version varchar(16) not null default '0.1.0',
  description varchar(255),
  configuration jsonb not null default '{}',
  configuration_hash varchar(64) not null,
  identity_strategy tasker.identity_strategy not null default 'strict',
  registered_at timestamptz not null default tasker.now(),
  created_at timestamptz not null default tasker.now(),
  updated_at timestamptz not null default tasker.now(),
  unique (task_namespace_uuid, name, version, configuration_hash)
);

create table tasker.named_steps (
  named_step_uuid uuid primary key default tasker.new_uuid(),
  name varchar(128) not null unique,
  description varchar(255),
  created_at timestamptz not null default tasker.now(),
  updated_at timestamptz not null default tasker.now()
);

create table tasker.named_tasks_named_steps (
  ntns_uuid uuid primary key default tasker.new_uuid(),
  named_task_uuid uuid not null references tasker.named_tasks,
  named_step_uuid uuid not null references tasker.named_steps,
  default_retryable boolean not null default true,
  default_max_attempts integer not null default 3,
  created_at timestamptz not null default tasker.now(),
  updated_at timestamptz not null default tasker.now(),
  unique (named_task_uuid, named_step_uuid)
);

create table tasker.tasks (
  task_uuid uuid primary key default tasker.new_uuid(),
  named_task_uuid uuid not null,
  correlation_id uuid not null,
  parent_correlation_id uuid,
  requested_at timestamptz not null,
  created_at timestamptz not null default tasker.now(),
  priority integer not null default 0 check (priority between -100 and 100),
  -- What changes stands together: an update's WAL record holds only the bytes between the first and the last difference.
  complete boolean not null default false,
  state tasker.task_state not null default 'pending',
  sort_key integer not null default 0,
  updated_at timestamptz not null default tasker.now(),
  completed_at timestamptz,
  initiator varchar(128),
  source_system varchar(128),
  reason varchar(128),
  tags jsonb,
  context jsonb,
  identity_hash varchar(128) not null
) with (fillfactor = 70);

comment on column tasker.tasks.sort_key is 'how many state changes the task has had; the sort_key of its newest transition';
create unique index idx_tasks_identity_hash on tasker.tasks (identity_hash);
-- Only tasks that are not done: the recovery sweep and the ready poll read nothing else.
create index idx_tasks_open on tasker.tasks (priority desc, requested_at) where not complete;

-- No index may name a column that claim, submit or completion change (state, attempts, results …): each of those
-- updates would then write every index again instead of staying on its page (HOT). The free half of each page is for the
-- row's next versions: with full pages a 4-step task wrote 14.6 kB of WAL where it now writes half of that.
create table tasker.workflow_steps (
  workflow_step_uuid uuid primary key default tasker.new_uuid(),
  task_uuid uuid not null,
  named_step_uuid uuid not null,
  created_at timestamptz not null default tasker.now(),
  max_attempts integer not null default 3,
  retryable boolean not null default true,
  state tasker.step_state not null default 'pending',
  attempts integer not null default 0,
  sort_key integer not null default 0,
  last_attempted_at timestamptz,
  lease_expires_at timestamptz,
  processed_at timestamptz,
  next_retry_at timestamptz,
  backoff_request_ms bigint,
  worker_uuid uuid,
  inputs jsonb,
  results jsonb,
  constraint uq_workflow_step_task_named_step unique (task_uuid, named_step_uuid)
) with (fillfactor = 50);

comment on column tasker.workflow_steps.lease_expires_at is 'until when the worker of an in_progress step may be presumed alive';
create index idx_workflow_steps_next_retry on tasker.workflow_steps (next_retry_at) where next_retry_at is not null;

create type tasker.edge_name as enum ('provides', 'batch_dependency', 'worker_to_convergence');

-- Read from the child's side only; whoever needs the children of a step reads the edges of its whole task.
create table tasker.workflow_step_edges (
  to_step_uuid uuid not null,
  from_step_uuid uuid not null,
  name tasker.edge_name not null default 'provides',
  primary key (to_step_uuid, from_step_uuid)
);

-- One row per committed change. `via` lists the states passed through inside the same transaction, in order: nobody could
-- ever have observed them. The views *_transition_log give one row per state change (spec 1.8, 1.9).
create table tasker.task_transitions (
  task_uuid uuid not null,
  sort_key integer not null,
  from_state tasker.task_state,
  to_state tasker.task_state not null,
  created_at timestamptz not null default tasker.now(),
  processor_uuid uuid,
  via tasker.task_state[],
  metadata jsonb,
  primary key (task_uuid, sort_key)
);

create table tasker.workflow_step_transitions (
  workflow_step_uuid uuid not null,
  sort_key integer not null,
  from_state tasker.step_state,
  to_state tasker.step_state not null,
  attempt integer,
  execution_time_ms integer,
  created_at timestamptz not null default tasker.now(),
  actor_uuid uuid,
  via tasker.step_state[],
  metadata jsonb,
  primary key (workflow_step_uuid, sort_key)
);

comment on column tasker.workflow_step_transitions.actor_uuid is 'the worker or orchestrator process that made the change';

-- The newest health snapshot of each process; `tasker health` reads these rows, never the processes.
create table tasker.process_health (
  process_uuid uuid primary key,
  kind varchar(32) not null,
  hostname varchar(255) not null,
  pid integer not null,
  started_at timestamptz not null,
  reported_at timestamptz not null,
  status varchar(32) not null,
  snapshot jsonb not null
);

-- Emptied by PostgreSQL itself when it recovers from a crash, like the unlogged message queues: an empty table tells the
-- sweep that messages were lost and have to be sent again from the step rows.
create unlogged table tasker.queue_epoch (
  only_row boolean primary key default true check (only_row),
  started_at timestamptz not null default tasker.now()
);
