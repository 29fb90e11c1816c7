-- Readiness and execution context in SQL (spec 3); the same rules stand in src/domain, and property tests compare the two.

create function tasker.calculate_dependency_levels(p_task_uuid uuid)
returns table (workflow_step_uuid uuid, dependency_level integer) language sql stable as $$
  with recursive edge as materialized (
    select e.from_step_uuid, e.to_step_uuid
    from tasker.workflow_steps s join tasker.workflow_step_edges e on e.to_step_uuid = s.workflow_step_uuid
    where s.task_uuid = p_task_uuid
  ), level as (
    select s.workflow_step_uuid, 0 as depth
    from tasker.workflow_steps s
    where s.task_uuid = p_task_uuid and not exists (select from edge e where e.to_step_uuid = s.workflow_step_uuid)
    union
    select e.to_step_uuid, l.depth + 1
    from level l join edge e on e.from_step_uuid = l.workflow_step_uuid
  )
  select l.workflow_step_uuid, max(l.depth) from level l group by 1 order by 2, 1
$$;

create function tasker.calculate_step_next_retry_time(
  p_backoff_request_seconds numeric, p_last_attempted_at timestamptz, p_failure_time timestamptz, p_attempts integer,
  p_max_backoff_seconds numeric default 60, p_multiplier numeric default 2.0
) returns timestamptz language sql immutable as $$
  select case
    when p_backoff_request_seconds is not null and p_last_attempted_at is not null
      then p_last_attempted_at + p_backoff_request_seconds * interval '1 second'
    when p_failure_time is not null
      -- 40: 2^40 seconds are past every cap, and power() of more would overflow numeric's patience.
      then p_failure_time + least(power(p_multiplier, least(coalesce(p_attempts, 1), 40)), p_max_backoff_seconds) * interval '1 second'
  end
$$;

create function tasker.evaluate_step_state_readiness(
  p_state tasker.step_state, p_dependencies_satisfied boolean, p_retry_eligible boolean, p_next_retry_at timestamptz, p_now timestamptz
) returns boolean language sql immutable as $$
  select coalesce(p_state, 'pending') in ('pending', 'waiting_for_retry')
    and p_dependencies_satisfied and p_retry_eligible
    and (p_next_retry_at is null or p_next_retry_at <= p_now)
$$;

-- The filter p_step_uuids cuts the answer only: parents are looked up whether they pass it or not (spec 14 #26).
create function tasker.get_step_readiness_status_batch(p_task_uuids uuid[], p_step_uuids uuid[] default null)
returns table (
  workflow_step_uuid uuid, task_uuid uuid, named_step_uuid uuid, name varchar, current_state tasker.step_state,
  dependencies_satisfied boolean, retry_eligible boolean, ready_for_execution boolean,
  last_failure_at timestamptz, next_retry_at timestamptz, total_parents integer, completed_parents integer,
  attempts integer, max_attempts integer, backoff_request_ms bigint, last_attempted_at timestamptz
) language sql stable as $$
  select
    s.workflow_step_uuid, s.task_uuid, s.named_step_uuid, n.name, s.state,
    parent.total = parent.done,
    eligible.yes,
    tasker.evaluate_step_state_readiness(s.state, parent.total = parent.done, eligible.yes, s.next_retry_at, tasker.now()),
    (select max(t.created_at) from tasker.workflow_step_transitions t
     where t.workflow_step_uuid = s.workflow_step_uuid and t.to_state = 'error'),
    s.next_retry_at, parent.total, parent.done, s.attempts, s.max_attempts, s.backoff_request_ms, s.last_attempted_at
  from tasker.workflow_steps s
  join tasker.named_steps n using (named_step_uuid)
  cross join lateral (
    select count(*)::integer as total,
      (count(*) filter (where p.state in ('complete', 'resolved_manually')))::integer as done
    from tasker.workflow_step_edges e
    join tasker.workflow_steps p on p.workflow_step_uuid = e.from_step_uuid
    where e.to_step_uuid = s.workflow_step_uuid
  ) parent
  cross join lateral (select s.attempts = 0 or (s.retryable and s.attempts < s.max_attempts) as yes) eligible
  where s.task_uuid = any (p_task_uuids)
    and (p_step_uuids is null or s.workflow_step_uuid = any (p_step_uuids))
  order by s.task_uuid, s.workflow_step_uuid
$$;

create function tasker.get_step_readiness_status(p_task_uuid uuid, p_step_uuids uuid[] default null)
returns table (
  workflow_step_uuid uuid, task_uuid uuid, named_step_uuid uuid, name varchar, current_state tasker.step_state,
  dependencies_satisfied boolean, retry_eligible boolean, ready_for_execution boolean,
  last_failure_at timestamptz, next_retry_at timestamptz, total_parents integer, completed_parents integer,
  attempts integer, max_attempts integer, backoff_request_ms bigint, last_attempted_at timestamptz
) language sql stable as $$
  select * from tasker.get_step_readiness_status_batch(array[p_task_uuid], p_step_uuids)
$$;

create function tasker.get_task_execution_contexts_batch(p_task_uuids uuid[])
returns table (
  task_uuid uuid, named_task_uuid uuid, status tasker.task_state, total_steps integer, pending_steps integer,
  in_progress_steps integer, completed_steps integer, failed_steps integer, ready_steps integer, enqueued_steps integer,
  execution_status text, recommended_action text, completion_percentage numeric, health_status text
) language sql stable as $$
  with step as (
    select r.task_uuid,
      count(*)::integer as total,
      (count(*) filter (where r.current_state in ('pending', 'waiting_for_retry')))::integer as pending,
      (count(*) filter (where r.current_state = 'in_progress'))::integer as in_progress,
      (count(*) filter (where r.current_state in ('complete', 'resolved_manually')))::integer as completed,
      (count(*) filter (where r.current_state = 'error'))::integer as failed,
      (count(*) filter (where r.ready_for_execution))::integer as ready,
      (count(*) filter (where r.current_state in
        ('enqueued', 'enqueued_for_orchestration', 'enqueued_as_error_for_orchestration')))::integer as enqueued
    from tasker.get_step_readiness_status_batch(p_task_uuids) r
    group by r.task_uuid
  )
  select
    t.task_uuid, t.named_task_uuid, t.state,
    coalesce(s.total, 0), coalesce(s.pending, 0), coalesce(s.in_progress, 0), coalesce(s.completed, 0),
    coalesce(s.failed, 0), coalesce(s.ready, 0), coalesce(s.enqueued, 0),
    case
      when s.failed > 0 then 'blocked_by_failures'
      when s.ready > 0 then 'has_ready_steps'
      when s.in_progress > 0 or s.enqueued > 0 then 'processing'
      when s.completed = s.total and s.total > 0 then 'all_complete'
      else 'waiting_for_dependencies'
    end,
    case
      when s.failed > 0 then 'handle_failures'
      when s.ready > 0 then 'execute_ready_steps'
      when s.in_progress > 0 or s.enqueued > 0 then 'wait_for_completion'
      when s.completed = s.total and s.total > 0 then 'finalize_task'
      else 'wait_for_dependencies'
    end,
    case when coalesce(s.total, 0) = 0 then 0 else round(s.completed::numeric / s.total * 100, 2) end,
    case when s.failed > 0 then 'blocked' else 'healthy' end
  from tasker.tasks t
  left join step s using (task_uuid)
  where t.task_uuid = any (p_task_uuids)
  order by t.task_uuid
$$;

create function tasker.get_task_execution_context(p_task_uuid uuid)
returns table (
  task_uuid uuid, named_task_uuid uuid, status tasker.task_state, total_steps integer, pending_steps integer,
  in_progress_steps integer, completed_steps integer, failed_steps integer, ready_steps integer, enqueued_steps integer,
  execution_status text, recommended_action text, completion_percentage numeric, health_status text
) language sql stable as $$
  select * from tasker.get_task_execution_contexts_batch(array[p_task_uuid])
$$;

-- All ancestors, nearest first (spec 3.9).
create function tasker.get_step_transitive_dependencies(p_step_uuid uuid)
returns table (
  workflow_step_uuid uuid, task_uuid uuid, named_step_uuid uuid, step_name varchar, results jsonb, processed boolean, distance integer
) language sql stable as $$
  with recursive ancestor as (
    select e.from_step_uuid as uuid, 1 as distance
    from tasker.workflow_step_edges e where e.to_step_uuid = p_step_uuid
    union
    select e.from_step_uuid, a.distance + 1
    from ancestor a join tasker.workflow_step_edges e on e.to_step_uuid = a.uuid
    where a.distance < 50
  )
  select s.workflow_step_uuid, s.task_uuid, s.named_step_uuid, n.name, s.results,
    s.state in ('complete', 'resolved_manually', 'cancelled'), min(a.distance)
  from ancestor a
  join tasker.workflow_steps s on s.workflow_step_uuid = a.uuid
  join tasker.named_steps n using (named_step_uuid)
  group by s.workflow_step_uuid, n.name
  order by 7, 1
$$;

-- Effective priority (spec 3.5): young tasks gain 0.1 an hour of age, waiting ones decay, after a day only 0.1 is left.
create function tasker.computed_priority(p_priority integer, p_in_state interval, p_age interval)
returns double precision language sql immutable as $$
  select case
    when p_in_state < interval '1 hour' then p_priority + extract(epoch from p_age) / 3600 * 0.1
    when p_in_state < interval '24 hours' then p_priority * exp(-(extract(epoch from p_in_state) / 3600) / 12.0)
    else 0.1
  end
$$;

-- Tasks that could go on but that nobody is working on (spec 3.5). No time window: the reference hands waiting tasks to
-- staleness detection after 30 or 60 minutes, here a long backoff is simply waited for.
create function tasker.get_next_ready_tasks(p_limit integer default 5)
returns table (
  task_uuid uuid, task_name varchar, priority integer, namespace_name varchar, ready_steps_count integer,
  computed_priority double precision, current_state tasker.task_state
) language sql stable as $$
  with candidate as (
    select t.task_uuid, t.named_task_uuid, t.priority, t.state, t.created_at,
      tasker.computed_priority(t.priority, tasker.now() - t.updated_at, tasker.now() - t.created_at) as weight
    from tasker.tasks t
    where not t.complete and t.state in ('pending', 'waiting_for_dependencies', 'waiting_for_retry')
    order by weight desc, t.created_at
    limit p_limit * 10
  ), context as (
    select c.* from tasker.get_task_execution_contexts_batch((select array_agg(candidate.task_uuid) from candidate)) c
  )
  select c.task_uuid, n.name, c.priority, ns.name, x.ready_steps, c.weight, c.state
  from candidate c
  join context x using (task_uuid)
  join tasker.named_tasks n on n.named_task_uuid = c.named_task_uuid
  join tasker.task_namespaces ns using (task_namespace_uuid)
  where c.state = 'pending' or x.execution_status = 'has_ready_steps'
  order by c.weight desc, c.created_at
  limit p_limit
$$;

create function tasker.get_next_ready_task()
returns table (
  task_uuid uuid, task_name varchar, priority integer, namespace_name varchar, ready_steps_count integer,
  computed_priority double precision, current_state tasker.task_state
) language sql stable as $$
  select * from tasker.get_next_ready_tasks(1)
$$;

create function tasker.get_task_ready_info(p_task_uuid uuid)
returns table (
  task_uuid uuid, task_name varchar, priority integer, namespace_name varchar, ready_steps_count integer,
  computed_priority double precision, current_state tasker.task_state
) language sql stable as $$
  select t.task_uuid, n.name, t.priority, ns.name, x.ready_steps,
    t.priority + extract(epoch from tasker.now() - t.created_at) / 3600 * 0.1, t.state
  from tasker.tasks t
  join tasker.named_tasks n using (named_task_uuid)
  join tasker.task_namespaces ns using (task_namespace_uuid)
  cross join lateral tasker.get_task_execution_context(t.task_uuid) x
  where t.task_uuid = p_task_uuid
$$;

create function tasker.get_current_task_state(p_task_uuid uuid) returns tasker.task_state language sql stable as $$
  select t.state from tasker.tasks t where t.task_uuid = p_task_uuid
$$;

-- States that no committed transaction of this version leaves behind; found here they are somebody else's or a crash's.
create function tasker.find_stuck_tasks(p_timeout interval default interval '10 minutes')
returns table (task_uuid uuid, current_state tasker.task_state, in_state interval) language sql stable as $$
  select t.task_uuid, t.state, tasker.now() - t.updated_at
  from tasker.tasks t
  where not t.complete
    and t.updated_at <= tasker.now() - p_timeout
    and (
      t.state in ('initializing', 'enqueuing_steps', 'evaluating_results')
      -- With a step under way, or one that waits, it is where it belongs, however long that takes.
      or t.state = 'steps_in_process' and not exists (
        select from tasker.workflow_steps s
        where s.task_uuid = t.task_uuid and s.state not in ('pending', 'complete', 'error', 'cancelled', 'resolved_manually'))
    )
  order by t.updated_at
$$;

create function tasker.get_system_health_counts()
returns table (kind text, state text, count bigint) language sql stable set enable_seqscan = on set enable_hashjoin = on set enable_mergejoin = on as $$
  select 'task', t.state::text, count(*) from tasker.tasks t group by 2
  union all
  select 'step', s.state::text, count(*) from tasker.workflow_steps s group by 2
$$;
