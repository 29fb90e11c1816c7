-- Recovery: which retries are due, and which messages a server crash took with the unlogged queues (spec 6.15).

-- In lower case, as pgmq names its tables.
create function tasker.worker_queue(p_namespace text) returns text language sql immutable as $$
  select lower('worker_' || p_namespace || '_queue')
$$;

-- Tasks with a step whose retry is due, oldest first, then tasks that could go on though nobody works on them.
create function tasker.find_tasks_to_decide(p_limit integer, p_transient_for interval)
returns setof uuid language sql stable as $$
  select task_uuid from (
    select s.task_uuid, 0 as class, min(s.next_retry_at) as since
    from tasker.workflow_steps s
    where s.next_retry_at <= tasker.now() and s.state = 'waiting_for_retry'
      and exists (select from tasker.tasks t where t.task_uuid = s.task_uuid and t.state in ('waiting_for_retry', 'waiting_for_dependencies', 'steps_in_process'))
    group by s.task_uuid
    union
    select r.task_uuid, 1, null from tasker.get_next_ready_tasks(p_limit) r
    union
    select f.task_uuid, 2, null from tasker.find_stuck_tasks(p_transient_for) f
  ) found
  group by task_uuid
  order by min(class), min(since)
  limit p_limit
$$;

-- Steps on their way whose message is in no queue: after a crash of the server, or after a message was set aside.
create function tasker.steps_without_message()
returns table (step_uuid uuid, task_uuid uuid, correlation_id uuid, queue text, visible_at timestamptz) language plpgsql stable set enable_seqscan = on set enable_hashjoin = on set enable_mergejoin = on as $$
declare
  target record;
begin
  for target in
    select q.queue, q.states
    from (
      -- Distinct: namespaces whose names differ in case only share a queue.
      select distinct tasker.worker_queue(ns.name) as queue, '{enqueued,in_progress}'::tasker.step_state[] as states
      from tasker.task_namespaces ns
      union all
      select 'orchestration_step_results', '{enqueued_for_orchestration,enqueued_as_error_for_orchestration}'
    ) q
    join pgmq.list_queues() known on lower(known.queue_name) = q.queue
  loop
    return query execute format($sql$
      select s.workflow_step_uuid, s.task_uuid, t.correlation_id, %L::text, greatest(s.lease_expires_at, statement_timestamp())
      from tasker.tasks t
      join tasker.workflow_steps s using (task_uuid)
      join tasker.named_tasks n using (named_task_uuid)
      join tasker.task_namespaces ns using (task_namespace_uuid)
      where not t.complete and s.state = any (%L::tasker.step_state[])
        and (%L = 'orchestration_step_results' or tasker.worker_queue(ns.name) = %L)
        and not exists (select from pgmq.%I m where m.message ->> 'step_uuid' = s.workflow_step_uuid::text)
      $sql$, target.queue, target.states, target.queue, target.queue, 'q_' || lower(target.queue));
  end loop;
end $$;

-- Sends them again. A step still in progress gets its message when its lease ends, so that a living worker is left alone.
-- Returns {queue: [message id …]}.
create function tasker.resend_lost_messages(p_even_without_crash boolean default false) returns jsonb language plpgsql volatile as $$
declare
  sent jsonb := '{}';
  target record;
begin
  if not p_even_without_crash and exists (select from tasker.queue_epoch) then
    return sent;
  end if;
  -- One process at a time: two would each send everything.
  if not pg_try_advisory_xact_lock(hashtextextended('tasker.resend_lost_messages', 0)) then
    return sent;
  end if;
  for target in
    select l.queue, l.visible_at, jsonb_agg(jsonb_build_object(
      'task_uuid', l.task_uuid, 'step_uuid', l.step_uuid, 'correlation_id', l.correlation_id)) as messages
    from tasker.steps_without_message() l
    group by l.queue, l.visible_at
  loop
    sent := sent || jsonb_build_object(target.queue, coalesce(sent -> target.queue, '[]') || (
      select jsonb_agg(id)
      from pgmq.send_batch(target.queue, array(select jsonb_array_elements(target.messages)), target.visible_at) as id));
  end loop;
  insert into tasker.queue_epoch default values on conflict do nothing;
  return sent;
end $$;
