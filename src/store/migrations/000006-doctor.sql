-- The invariants of the state tables, one row a violation; an empty answer is a clean bill (spec 6.16).

create function tasker.invariant_violations(p_limit integer default 100)
returns table (check_name text, task_uuid uuid, message text) language sql stable set enable_seqscan = on set enable_hashjoin = on set enable_mergejoin = on as $$
  (select 'newest_task_transition', t.task_uuid,
    format('task is %s at change %s, its newest transition says %s at %s', t.state, t.sort_key, l.to_state, l.sort_key)
  from tasker.tasks t
  left join lateral (
    select x.to_state, x.sort_key from tasker.task_transitions x where x.task_uuid = t.task_uuid order by x.sort_key desc limit 1
  ) l on true
  where (l.to_state, l.sort_key) is distinct from (t.state, t.sort_key)
  limit p_limit)
  union all
  (select 'newest_step_transition', s.task_uuid,
    format('step %s is %s at change %s, its newest transition says %s at %s', n.name, s.state, s.sort_key, l.to_state, l.sort_key)
  from tasker.workflow_steps s
  join tasker.named_steps n using (named_step_uuid)
  left join lateral (
    select x.to_state, x.sort_key from tasker.workflow_step_transitions x
    where x.workflow_step_uuid = s.workflow_step_uuid order by x.sort_key desc limit 1
  ) l on true
  where (l.to_state, l.sort_key) is distinct from (s.state, s.sort_key)
    -- A step that was only created has no transition row: the row itself says pending.
    and not (s.state = 'pending' and s.sort_key = 1 and l.to_state is null)
  limit p_limit)
  union all
  (select 'complete_flag', t.task_uuid, format('task is %s but complete = %s', t.state, t.complete)
  from tasker.tasks t
  where t.complete <> (t.state in ('complete', 'error', 'cancelled', 'resolved_manually'))
    or t.complete <> (t.completed_at is not null)
  limit p_limit)
  union all
  (select 'complete_with_open_steps', t.task_uuid, format('task is complete, its step %s is %s', n.name, s.state)
  from tasker.tasks t
  join tasker.workflow_steps s using (task_uuid)
  join tasker.named_steps n using (named_step_uuid)
  where t.state = 'complete' and s.state not in ('complete', 'resolved_manually')
  limit p_limit)
  union all
  (select 'cancelled_with_open_steps', t.task_uuid, format('task is cancelled, its step %s is %s', n.name, s.state)
  from tasker.tasks t
  join tasker.workflow_steps s using (task_uuid)
  join tasker.named_steps n using (named_step_uuid)
  where t.state = 'cancelled' and s.state not in ('complete', 'error', 'cancelled', 'resolved_manually')
  limit p_limit)
  union all
  (select 'blocked_without_failure', t.task_uuid, 'task is blocked_by_failures, none of its steps is in error'
  from tasker.tasks t
  where t.state = 'blocked_by_failures'
    and not exists (select from tasker.workflow_steps s where s.task_uuid = t.task_uuid and s.state = 'error')
  limit p_limit)
  union all
  (select 'retry_without_time', s.task_uuid, format('step %s is waiting_for_retry and has no time for it', n.name)
  from tasker.workflow_steps s join tasker.named_steps n using (named_step_uuid)
  where s.state = 'waiting_for_retry' and s.next_retry_at is null
  limit p_limit)
  union all
  (select 'started_before_parents', s.task_uuid, format('step %s is %s, its parent %s is %s', n.name, s.state, pn.name, p.state)
  from tasker.workflow_steps s
  join tasker.named_steps n using (named_step_uuid)
  join tasker.workflow_step_edges e on e.to_step_uuid = s.workflow_step_uuid
  join tasker.workflow_steps p on p.workflow_step_uuid = e.from_step_uuid
  join tasker.named_steps pn on pn.named_step_uuid = p.named_step_uuid
  where s.state in ('enqueued', 'in_progress', 'enqueued_for_orchestration', 'enqueued_as_error_for_orchestration')
    and p.state not in ('complete', 'resolved_manually')
  limit p_limit)
  union all
  (select 'attempts_over_maximum', s.task_uuid, format('step %s has %s attempts of %s', n.name, s.attempts, s.max_attempts)
  from tasker.workflow_steps s join tasker.named_steps n using (named_step_uuid)
  where s.attempts > greatest(s.max_attempts, 1)
  limit p_limit)
  union all
  (select 'lease_without_work', s.task_uuid, format('step %s is %s and holds a lease until %s', n.name, s.state, s.lease_expires_at)
  from tasker.workflow_steps s join tasker.named_steps n using (named_step_uuid)
  where (s.lease_expires_at is not null) <> (s.state = 'in_progress')
  limit p_limit)
  union all
  (select 'completed_step_without_result', s.task_uuid, format('step %s is complete and has no result', n.name)
  from tasker.workflow_steps s join tasker.named_steps n using (named_step_uuid)
  where s.state = 'complete' and s.results is null
  limit p_limit)
  union all
  (select 'orphan_step', s.task_uuid, format('step %s belongs to no task', s.workflow_step_uuid)
  from tasker.workflow_steps s
  where not exists (select from tasker.tasks t where t.task_uuid = s.task_uuid)
  limit p_limit)
  union all
  -- These two by themselves: whatever joins the names does not see such a row.
  (select 'unknown_named_step', s.task_uuid, format('step %s (%s) names the step %s, which does not exist', s.workflow_step_uuid, s.state, s.named_step_uuid)
  from tasker.workflow_steps s
  where not exists (select from tasker.named_steps n where n.named_step_uuid = s.named_step_uuid)
  limit p_limit)
  union all
  (select 'unknown_named_task', t.task_uuid, format('task is %s of the template %s, which does not exist', t.state, t.named_task_uuid)
  from tasker.tasks t
  where not exists (select from tasker.named_tasks n where n.named_task_uuid = t.named_task_uuid)
  limit p_limit)
  union all
  (select 'orphan_edge', null, format('edge %s -> %s has an end that does not exist', e.from_step_uuid, e.to_step_uuid)
  from tasker.workflow_step_edges e
  where not exists (select from tasker.workflow_steps s where s.workflow_step_uuid = e.from_step_uuid)
    or not exists (select from tasker.workflow_steps s where s.workflow_step_uuid = e.to_step_uuid)
  limit p_limit)
$$;

-- Why each open task is not moving, and when it will: one row a reason. What waits for a process is stuck when no such
-- process has reported for 30 s, which is six of its reports.
create function tasker.explain_waiting(p_limit integer default 100)
returns table (kind text, check_name text, task_uuid uuid, message text, moves_at timestamptz) language sql stable set enable_seqscan = on set enable_hashjoin = on set enable_mergejoin = on as $$
  with open_task as (
    select t.task_uuid, t.state, t.named_task_uuid, t.updated_at
    from tasker.tasks t where not t.complete order by t.updated_at limit p_limit
  ), lost as (
    select l.step_uuid from tasker.steps_without_message() l
  ), live as (
    select h.snapshot from tasker.process_health h
    where h.status <> 'stopped' and h.reported_at > tasker.now() - interval '30 seconds'
  ), orchestrating as (
    select exists (
      select from live l, jsonb_array_elements(l.snapshot -> 'orchestrators') o
      where (o ->> 'isRunning')::boolean and o ->> 'effectiveMode' <> 'Disabled'
    ) as somebody
  ), serving as (
    select tasker.worker_queue(ns) as queue, w -> 'handlers' as handlers
    from live l, jsonb_array_elements(l.snapshot -> 'workers') w, jsonb_array_elements_text(w -> 'namespaces') ns
    where (w ->> 'isRunning')::boolean
  ), step as (
    select t.task_uuid, t.state as task_state, s.workflow_step_uuid, s.state, s.attempts, s.max_attempts, s.lease_expires_at,
      s.next_retry_at, s.worker_uuid, s.results, n.name, ns.name as namespace, tasker.worker_queue(ns.name) as queue,
      (select d -> 'handler' ->> 'callable' from jsonb_array_elements(nt.configuration -> 'steps') d where d ->> 'name' = n.name)
        as callable
    from open_task t
    join tasker.workflow_steps s using (task_uuid)
    join tasker.named_steps n using (named_step_uuid)
    join tasker.named_tasks nt on nt.named_task_uuid = t.named_task_uuid
    join tasker.task_namespaces ns using (task_namespace_uuid)
    where s.state not in ('pending', 'complete', 'cancelled', 'resolved_manually')
  ), judged as (
    select s.*, case
      when l.step_uuid is not null then 'message_missing'
      when s.state = 'error' then 'error'
      when s.state in ('enqueued', 'in_progress') then case
        when not exists (select from serving v where v.queue = s.queue) then 'no_worker'
        -- A worker that does not tell its handlers may know any.
        when not exists (select from serving v where v.queue = s.queue
          and coalesce(jsonb_typeof(v.handlers) <> 'array' or v.handlers ? s.callable, true)) then 'no_handler'
        else s.state::text
      end
      when s.state = 'waiting_for_retry' and s.task_state = 'blocked_by_failures' then 'waiting_for_retry'
      when not o.somebody then 'no_orchestrator'
      else s.state::text
    end as verdict
    from step s
    cross join orchestrating o
    left join lost l on l.step_uuid = s.workflow_step_uuid
  )
  select
    case
      when j.verdict in ('message_missing', 'error', 'no_worker', 'no_handler', 'no_orchestrator')
        or j.verdict = 'waiting_for_retry' and j.task_state = 'blocked_by_failures' then 'stuck'
      else 'waiting'
    end,
    j.verdict, j.task_uuid,
    case
      when j.verdict = 'message_missing'
        then format('step %s is %s but its message is in no queue; the sweep of a running orchestrator sends it again', j.name, j.state)
      when j.verdict = 'no_worker'
        then format('%s, and no live worker serves namespace %s; start one: tasker start --templates <file> --handlers <module>',
          case j.state
            when 'enqueued' then format('step %s waits in %s for a worker', j.name, j.queue)
            else format('step %s lost its worker %s', j.name, j.worker_uuid)
          end, j.namespace)
      when j.verdict = 'no_handler'
        then format('no live worker knows handler %s, which step %s needs; start one of namespace %s that does: tasker start --templates <file> --handlers <module>',
          j.callable, j.name, j.namespace)
      when j.verdict = 'no_orchestrator'
        then format('step %s waits for %s, and no orchestrator is alive; start one: tasker start --orchestrator-only', j.name,
          case j.state
            when 'waiting_for_retry' then format('attempt %s of %s', j.attempts + 1, j.max_attempts)
            else 'an orchestrator to take over its result'
          end)
      when j.state = 'enqueued' then format('step %s waits in %s for a worker', j.name, j.queue)
      when j.state = 'in_progress' and j.lease_expires_at > tasker.now()
        then format('step %s is being executed (attempt %s of %s) by worker %s', j.name, j.attempts, j.max_attempts, j.worker_uuid)
      when j.state = 'in_progress'
        then format('step %s lost its worker %s; its message is handed to another worker', j.name, j.worker_uuid)
      when j.state = 'waiting_for_retry' and j.task_state = 'blocked_by_failures'
        then format('step %s waits for attempt %s of %s, which begins when the failed step of its task is retried, resolved or completed', j.name, j.attempts + 1, j.max_attempts)
      when j.state = 'waiting_for_retry' then format('step %s waits for attempt %s of %s', j.name, j.attempts + 1, j.max_attempts)
      when j.state = 'error' then format('step %s failed for good after %s attempts: %s. Use tasker step retry, resolve or complete',
        j.name, j.attempts, coalesce(j.results -> 'error' ->> 'message', 'no message'))
      else format('step %s waits for an orchestrator to take over its result', j.name)
    end,
    -- What was due already moves now, as far as anyone can tell.
    case
      when j.verdict = 'waiting_for_retry' and j.task_state <> 'blocked_by_failures' then greatest(j.next_retry_at, tasker.now())
      when j.verdict = 'in_progress' then greatest(j.lease_expires_at, tasker.now())
    end
  from judged j
  union all
  select 'stuck', case when o.somebody then 'no_step_moves' else 'no_orchestrator' end, t.task_uuid,
    format('task is %s, none of its steps is under way; %s', t.state, case
      when o.somebody then 'an orchestrator looks at it again'
      else 'no orchestrator is alive to look at it again; start one: tasker start --orchestrator-only'
    end), null
  from open_task t
  cross join orchestrating o
  where not exists (
    select from tasker.workflow_steps s
    where s.task_uuid = t.task_uuid and s.state not in ('pending', 'complete', 'cancelled', 'resolved_manually'))
  limit p_limit
$$;
