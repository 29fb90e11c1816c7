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
  (select 'orphan_edge', null, format('edge %s -> %s has an end that does not exist', e.from_step_uuid, e.to_step_uuid)
  from tasker.workflow_step_edges e
  where not exists (select from tasker.workflow_steps s where s.workflow_step_uuid = e.from_step_uuid)
    or not exists (select from tasker.workflow_steps s where s.workflow_step_uuid = e.to_step_uuid)
  limit p_limit)
$$;

-- Why each open task is not moving, and when it will: one row a reason.
create function tasker.explain_waiting(p_limit integer default 100)
returns table (kind text, check_name text, task_uuid uuid, message text, moves_at timestamptz) language sql stable set enable_seqscan = on set enable_hashjoin = on set enable_mergejoin = on as $$
  with open_task as (
    select t.task_uuid, t.state, t.updated_at from tasker.tasks t where not t.complete order by t.updated_at limit p_limit
  ), lost as (
    select l.step_uuid from tasker.steps_without_message() l
  )
  select
    case
      when s.state = 'error' or l.step_uuid is not null or s.state = 'waiting_for_retry' and t.state = 'blocked_by_failures' then 'stuck'
      else 'waiting'
    end,
    case
      when l.step_uuid is not null then 'message_missing'
      else s.state::text
    end,
    t.task_uuid,
    case
      when l.step_uuid is not null then format('step %s is %s but its message is in no queue; the sweep of a running orchestrator sends it again', n.name, s.state)
      when s.state = 'enqueued' then format('step %s waits in %s for a worker', n.name, tasker.worker_queue(ns.name))
      when s.state = 'in_progress' and s.lease_expires_at > tasker.now()
        then format('step %s is being executed (attempt %s of %s) by worker %s', n.name, s.attempts, s.max_attempts, s.worker_uuid)
      when s.state = 'in_progress'
        then format('step %s lost its worker %s; its message is handed to another worker', n.name, s.worker_uuid)
      when s.state = 'waiting_for_retry' and t.state = 'blocked_by_failures'
        then format('step %s waits for attempt %s of %s, which begins when the failed step of its task is retried, resolved or completed', n.name, s.attempts + 1, s.max_attempts)
      when s.state = 'waiting_for_retry' then format('step %s waits for attempt %s of %s', n.name, s.attempts + 1, s.max_attempts)
      when s.state = 'error' then format('step %s failed for good after %s attempts: %s. Use tasker step retry, resolve or complete',
        n.name, s.attempts, coalesce(s.results -> 'error' ->> 'message', 'no message'))
      else format('step %s waits for an orchestrator to take over its result', n.name)
    end,
    case
      when s.state = 'waiting_for_retry' and t.state <> 'blocked_by_failures' then s.next_retry_at
      when s.state = 'in_progress' then s.lease_expires_at
    end
  from open_task t
  join tasker.workflow_steps s using (task_uuid)
  join tasker.named_steps n using (named_step_uuid)
  join tasker.tasks full_task using (task_uuid)
  join tasker.named_tasks nt using (named_task_uuid)
  join tasker.task_namespaces ns using (task_namespace_uuid)
  left join lost l on l.step_uuid = s.workflow_step_uuid
  where s.state not in ('pending', 'complete', 'cancelled', 'resolved_manually')
  union all
  select 'stuck', 'no_step_moves', t.task_uuid, format('task is %s, none of its steps is under way; an orchestrator looks at it again', t.state), null
  from open_task t
  where not exists (
    select from tasker.workflow_steps s
    where s.task_uuid = t.task_uuid and s.state not in ('pending', 'complete', 'cancelled', 'resolved_manually'))
  limit p_limit
$$;
