-- Views for people, for `tasker doctor`, and for readers who expect one row per state change.

create view tasker.task_transition_log as
select
  t.task_uuid,
  t.sort_key - coalesce(cardinality(t.via), 0) + step.nr - 1 as sort_key,
  step.from_state,
  step.to_state,
  t.processor_uuid,
  t.metadata,
  t.created_at,
  t.sort_key = task.sort_key and step.nr = coalesce(cardinality(t.via), 0) + 1 as most_recent
from tasker.task_transitions t
join tasker.tasks task using (task_uuid)
cross join lateral (
  select path.nr, path.to_state, coalesce(lag(path.to_state) over (order by path.nr), t.from_state) as from_state
  from unnest(coalesce(t.via, '{}') || t.to_state) with ordinality as path (to_state, nr)
) step;

create view tasker.workflow_step_transition_log as
select
  s.task_uuid,
  t.workflow_step_uuid,
  t.sort_key - coalesce(cardinality(t.via), 0) + step.nr - 1 as sort_key,
  step.from_state,
  step.to_state,
  t.attempt,
  t.execution_time_ms,
  t.actor_uuid,
  t.metadata,
  t.created_at,
  t.sort_key = s.sort_key and step.nr = coalesce(cardinality(t.via), 0) + 1 as most_recent
from tasker.workflow_step_transitions t
join tasker.workflow_steps s using (workflow_step_uuid)
cross join lateral (
  select path.nr, path.to_state, coalesce(lag(path.to_state) over (order by path.nr), t.from_state) as from_state
  from unnest(coalesce(t.via, '{}') || t.to_state) with ordinality as path (to_state, nr)
) step;

-- Who reported which result (spec 1.11): the transitions a worker made when it handed its result over.
create view tasker.workflow_step_result_audit as
select
  t.workflow_step_uuid,
  s.task_uuid,
  t.sort_key,
  t.created_at as recorded_at,
  t.actor_uuid as worker_uuid,
  task.correlation_id,
  t.attempt,
  t.to_state = 'enqueued_for_orchestration' as success,
  t.execution_time_ms
from tasker.workflow_step_transitions t
join tasker.workflow_steps s using (workflow_step_uuid)
join tasker.tasks task using (task_uuid)
where t.to_state in ('enqueued_for_orchestration', 'enqueued_as_error_for_orchestration');

-- The graph of each task, edges of a task at a time (they are indexed by the child).
create view tasker.step_dag_relationships as
select
  s.workflow_step_uuid,
  s.task_uuid,
  s.named_step_uuid,
  parents.uuids as parent_step_uuids,
  children.uuids as child_step_uuids,
  cardinality(parents.uuids) as parent_count,
  cardinality(children.uuids) as child_count,
  cardinality(parents.uuids) = 0 as is_root_step,
  cardinality(children.uuids) = 0 as is_leaf_step,
  root.depth as min_depth_from_root
from tasker.workflow_steps s
cross join lateral (
  select coalesce(array_agg(e.from_step_uuid order by e.from_step_uuid), '{}') as uuids
  from tasker.workflow_step_edges e where e.to_step_uuid = s.workflow_step_uuid
) parents
cross join lateral (
  select coalesce(array_agg(e.to_step_uuid order by e.to_step_uuid), '{}') as uuids
  from tasker.workflow_steps sibling
  join tasker.workflow_step_edges e on e.to_step_uuid = sibling.workflow_step_uuid
  where sibling.task_uuid = s.task_uuid and e.from_step_uuid = s.workflow_step_uuid
) children
cross join lateral (
  -- Of the shortest way up; null when every way is longer than 50 edges (spec 1.12).
  with recursive up as (
    select s.workflow_step_uuid as uuid, 0 as depth
    union
    select e.from_step_uuid, up.depth + 1
    from up join tasker.workflow_step_edges e on e.to_step_uuid = up.uuid
    where up.depth < 50
  )
  select min(up.depth) as depth from up
  where not exists (select from tasker.workflow_step_edges e where e.to_step_uuid = up.uuid)
) root;

-- Tasks that are not done: what they are of, in which state, since when (spec 1.12).
create view tasker.v_task_state_analysis as
select
  t.task_uuid,
  t.correlation_id,
  ns.name as namespace_name,
  n.name as task_name,
  n.configuration as template_config,
  t.state as current_state,
  entered.created_at as state_entered_at,
  extract(epoch from tasker.now() - entered.created_at) / 60 as time_in_state_minutes,
  extract(epoch from tasker.now() - t.created_at) / 60 as task_age_minutes,
  t.priority,
  t.complete
from tasker.tasks t
join tasker.named_tasks n using (named_task_uuid)
join tasker.task_namespaces ns using (task_namespace_uuid)
left join tasker.task_transitions entered on entered.task_uuid = t.task_uuid and entered.sort_key = t.sort_key
where not t.complete;
