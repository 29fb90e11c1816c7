-- The write paths that need more than one statement under one snapshot rule: create, load under lock, save, recover.

-- pgmq.send_batch without its three levels of functions (0.1 ms instead of 0.4 ms a call): the same insert, in order.
create function tasker.send_messages(p_queue text, p_messages jsonb[]) returns setof bigint language plpgsql volatile as $$
begin
  return query execute format(
    'insert into pgmq.%I (vt, message) select clock_timestamp(), m from unnest($1) with ordinality as x (m, nr) order by nr returning msg_id',
    'q_' || lower(p_queue)) using p_messages;
end $$;

-- Creates tasks of one template with their steps, edges, first transitions and the messages of the root steps; a task
-- whose identity exists already is reported, not created (spec 1.14, 6.2).
--   p_tasks: [{identity_hash, context, correlation_id, parent_correlation_id, initiator, source_system, reason, tags, priority, requested_at}]
--   p_steps: [{name, retryable, max_attempts, inputs, parents: [index …]}], in template order
-- Returns {tasks: [{ordinal, task_uuid, created}], message_ids: [bigint …]}.
create function tasker.create_tasks(
  p_named_task_uuid uuid, p_queue text, p_processor_uuid uuid, p_tasks jsonb, p_steps jsonb
) returns jsonb language plpgsql volatile as $$
declare
  answer jsonb;
begin
  with requested as materialized (
    select r.ordinality::integer as ordinal, r.value as body, r.value ->> 'identity_hash' as identity_hash
    from jsonb_array_elements(p_tasks) with ordinality r
  ), created as (
    insert into tasker.tasks (
      named_task_uuid, correlation_id, parent_correlation_id, requested_at, priority, initiator, source_system, reason,
      tags, context, identity_hash, state, sort_key)
    select p_named_task_uuid, (body ->> 'correlation_id')::uuid, (body ->> 'parent_correlation_id')::uuid,
      coalesce((body ->> 'requested_at')::timestamptz, tasker.now()), coalesce((body ->> 'priority')::integer, 0),
      body ->> 'initiator', body ->> 'source_system', body ->> 'reason', body -> 'tags', body -> 'context',
      identity_hash, 'steps_in_process', 4
    from requested
    order by ordinal
    on conflict (identity_hash) do nothing
    returning task_uuid, identity_hash, correlation_id
  ), task_log as (
    insert into tasker.task_transitions (task_uuid, sort_key, to_state, processor_uuid, via)
    select task_uuid, 4, 'steps_in_process', p_processor_uuid, '{pending,initializing,enqueuing_steps}' from created
  ), plan as materialized (
    select p.ordinality::integer - 1 as idx, n.named_step_uuid,
      (p.value ->> 'retryable')::boolean as retryable, (p.value ->> 'max_attempts')::integer as max_attempts,
      nullif(p.value -> 'inputs', 'null') as inputs, p.value -> 'parents' as parents,
      p.value -> 'parents' = '[]' as is_root
    from jsonb_array_elements(p_steps) with ordinality p
    join tasker.named_steps n on n.name = p.value ->> 'name'
  ), new_step as materialized (
    select tasker.new_uuid() as step_uuid, c.task_uuid, c.correlation_id, p.*
    from created c cross join plan p
    order by c.task_uuid, p.idx
  ), steps as (
    insert into tasker.workflow_steps (
      workflow_step_uuid, task_uuid, named_step_uuid, max_attempts, retryable, inputs, state, sort_key)
    select step_uuid, task_uuid, named_step_uuid, max_attempts, retryable, inputs,
      case when is_root then 'enqueued' else 'pending' end::tasker.step_state, case when is_root then 2 else 1 end
    from new_step
  ), step_log as (
    insert into tasker.workflow_step_transitions (workflow_step_uuid, sort_key, to_state, actor_uuid, via)
    select step_uuid, 2, 'enqueued', p_processor_uuid, '{pending}' from new_step where is_root
  ), edges as (
    insert into tasker.workflow_step_edges (to_step_uuid, from_step_uuid)
    select child.step_uuid, parent.step_uuid
    from new_step child
    cross join lateral jsonb_array_elements(child.parents) as link
    join new_step parent on parent.task_uuid = child.task_uuid and parent.idx = link.value::integer
  ), sent as (
    select tasker.send_messages(p_queue, array_agg(jsonb_build_object(
      'task_uuid', task_uuid, 'step_uuid', step_uuid, 'correlation_id', correlation_id))) as message_id
    from new_step where is_root having count(*) > 0
  )
  select jsonb_build_object(
    'tasks', (
      select jsonb_agg(jsonb_build_object(
        'ordinal', r.ordinal,
        'task_uuid', coalesce(c.task_uuid, e.task_uuid),
        'created', c.task_uuid is not null and r.ordinal = (
          select min(first.ordinal) from requested first where first.identity_hash = r.identity_hash)
      ) order by r.ordinal)
      from requested r
      left join created c using (identity_hash)
      left join tasker.tasks e using (identity_hash)),
    'message_ids', (select coalesce(jsonb_agg(message_id), '[]') from sent))
  into answer;
  return answer;
end $$;

-- json and not jsonb: the answer is only printed, and building the binary form first took a third of the time.
-- Locks the tasks, then reads them with all their steps. Two statements on purpose: the second one's snapshot is taken
-- when the locks are held, so a decision never misses what the previous holder of the lock has committed.
-- Advisory locks, because most decisions leave the task's row as it is: a row lock would write it (54 bytes of WAL and a
-- dirty page each). Taken in the order of their keys, so that two batches never wait for each other in a circle; two tasks
-- with one key only wait for each other.
create function tasker.lock_and_load_tasks(p_task_uuids uuid[])
returns table (
  task_uuid uuid, state tasker.task_state, named_task_uuid uuid, correlation_id uuid, namespace varchar, steps json
) language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(key)
  from (select distinct hashtextextended(uuid::text, 7461736) as key from unnest(p_task_uuids) as uuid order by key) keys;
  return query
    select t.task_uuid, t.state, t.named_task_uuid, t.correlation_id, ns.name,
      (select json_agg(json_build_object(
          'id', s.workflow_step_uuid, 'n', n.name, 's', s.state, 'a', s.attempts, 'm', s.max_attempts, 'r', s.retryable,
          'p', (select coalesce(json_agg(e.from_step_uuid), '[]')
                from tasker.workflow_step_edges e where e.to_step_uuid = s.workflow_step_uuid),
          'w', extract(epoch from s.next_retry_at) * 1000,
          'x', case when s.state in ('enqueued_for_orchestration', 'enqueued_as_error_for_orchestration')
            then coalesce(s.results, '{}') - 'result' end
        ) order by s.workflow_step_uuid)
       from tasker.workflow_steps s join tasker.named_steps n using (named_step_uuid)
       where s.task_uuid = t.task_uuid)
    from tasker.tasks t
    join tasker.named_tasks nt using (named_task_uuid)
    join tasker.task_namespaces ns using (task_namespace_uuid)
    where t.task_uuid = any (p_task_uuids);
end $$;

-- Takes result messages off their queue and loads their tasks, for an orchestrator that was told the message ids: what would
-- be four round trips (read, begin, load, acknowledge) is one. The messages go with the transaction: if the decision is not
-- saved, they are back. A message that is gone, hidden or being read by another orchestrator is simply not among `taken`.
-- Returns {taken: [{m: message id, t: task, s: step}], tasks: [row of lock_and_load_tasks]}.
create function tasker.take_results_and_load(p_message_ids bigint[]) returns json language plpgsql volatile as $$
declare
  taken jsonb;
begin
  with found as (
    select msg_id from pgmq.q_orchestration_step_results
    where msg_id = any (p_message_ids) and vt <= clock_timestamp() for update skip locked
  ), gone as (
    delete from pgmq.q_orchestration_step_results q using found f where q.msg_id = f.msg_id
    returning q.msg_id, (q.message ->> 'task_uuid')::uuid as task_uuid, (q.message ->> 'step_uuid')::uuid as step_uuid
  )
  select coalesce(jsonb_agg(jsonb_build_object('m', msg_id::text, 't', task_uuid, 's', step_uuid)), '[]') into taken from gone;
  return json_build_object('taken', taken, 'tasks', (
    select coalesce(json_agg(row_to_json(l)), '[]')
    from tasker.lock_and_load_tasks(array(select distinct (t ->> 't')::uuid from jsonb_array_elements(taken) t)) l));
end $$;

-- Writes what was decided under the lock of lock_and_load_tasks, in one go:
--   p_steps: [{id, f: from, t: to, v: via|null, w: next_retry_at ms|null, b: backoff ms|null, a: attempts|null, r: results|null, m: metadata|null}]
--   p_tasks: [{id, f: from, t: to, v: via|null, m: metadata|null}]
--   p_messages: {queue: [message …]}
-- A step that is no longer in its `from` state (a worker or operator was faster) fails the whole save with TK001.
-- Returns {queue: [message id …]}.
create function tasker.save_decisions(p_processor_uuid uuid, p_steps jsonb, p_tasks jsonb, p_messages jsonb)
returns jsonb language plpgsql volatile as $$
declare
  saved integer;
  sent jsonb := '{}';
  queue text;
begin
  with change as (
    select * from jsonb_to_recordset(p_steps) as c (
      id uuid, f tasker.step_state, t tasker.step_state, v tasker.step_state[], w double precision, b bigint, a integer, r jsonb, m jsonb)
  ), changed as (
    update tasker.workflow_steps s set
      state = c.t,
      sort_key = s.sort_key + 1 + coalesce(cardinality(c.v), 0),
      attempts = coalesce(c.a, s.attempts),
      lease_expires_at = null,
      processed_at = case when c.t in ('complete', 'cancelled', 'resolved_manually') then tasker.now() end,
      next_retry_at = to_timestamp(c.w / 1000),
      backoff_request_ms = coalesce(c.b, s.backoff_request_ms),
      results = coalesce(c.r, s.results)
    from change c
    where s.workflow_step_uuid = c.id and s.state = c.f
    returning s.workflow_step_uuid, s.sort_key, c.f, c.t, c.v, c.m, s.attempts
  )
  insert into tasker.workflow_step_transitions (
    workflow_step_uuid, sort_key, from_state, to_state, attempt, actor_uuid, via, metadata)
  select workflow_step_uuid, sort_key, f, t, nullif(attempts, 0), p_processor_uuid, v, m from changed;
  get diagnostics saved = row_count;
  if saved <> jsonb_array_length(p_steps) then
    raise exception 'a step changed between decision and save: % of % still in their state', saved, jsonb_array_length(p_steps)
      using errcode = 'TK001';
  end if;

  with change as (
    select * from jsonb_to_recordset(p_tasks) as c (
      id uuid, f tasker.task_state, t tasker.task_state, v tasker.task_state[], m jsonb)
  ), changed as (
    update tasker.tasks task set
      state = c.t,
      sort_key = task.sort_key + 1 + coalesce(cardinality(c.v), 0),
      updated_at = tasker.now(),
      complete = c.t in ('complete', 'error', 'cancelled', 'resolved_manually'),
      completed_at = case when c.t in ('complete', 'error', 'cancelled', 'resolved_manually') then tasker.now() end
    from change c
    where task.task_uuid = c.id and task.state = c.f
    returning task.task_uuid, task.sort_key, c.f, c.t, c.v, c.m
  )
  insert into tasker.task_transitions (task_uuid, sort_key, from_state, to_state, processor_uuid, via, metadata)
  select task_uuid, sort_key, f, t, p_processor_uuid, v, m from changed;
  get diagnostics saved = row_count;
  if saved <> jsonb_array_length(p_tasks) then
    raise exception 'a task changed between decision and save: % of % still in their state', saved, jsonb_array_length(p_tasks)
      using errcode = 'TK001';
  end if;

  for queue in select jsonb_object_keys(p_messages) loop
    sent := sent || jsonb_build_object(queue, (
      select jsonb_agg(id) from tasker.send_messages(queue, array(select jsonb_array_elements(p_messages -> queue))) as id));
  end loop;
  return sent;
end $$;
