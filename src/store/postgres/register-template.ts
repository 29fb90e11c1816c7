// Templates in the database: found or created by their text, so that a running task keeps the one it started with (spec 5.4).
import type pg from 'pg';
import { createHash } from 'node:crypto';
import { TaskerError } from '../../domain/errors.ts';
import { checkJson } from '../../domain/json-limits.ts';
import { normalizeJson } from '../../domain/identity.ts';
import { validateTemplate } from '../../domain/template/parse-template.ts';
import type { TaskTemplate } from '../../domain/template/task-template.ts';
import type { RegisteredTemplate, TemplateName } from '../store.ts';
import { run } from './pool.ts';

// Registering again only moves registered_at, so that the text registered last is the one found by name.
const registerStatement = {
  name: 'registering-a-template',
  text: `
    with namespace as (
      insert into tasker.task_namespaces (name, description) values ($1::varchar, 'Auto-created namespace for ' || $1::varchar)
      on conflict (name) do update set updated_at = tasker.now()
      returning task_namespace_uuid
    ), named_task as (
      insert into tasker.named_tasks (task_namespace_uuid, name, version, description, configuration, configuration_hash, identity_strategy)
      select task_namespace_uuid, $2, $3, $4, $5, $6, $7 from namespace
      on conflict (task_namespace_uuid, name, version, configuration_hash) do update set registered_at = tasker.now()
      returning named_task_uuid
    ), step as (
      select * from jsonb_to_recordset($8::jsonb) as s (name varchar, retryable boolean, max_attempts integer)
    ), named_step as (
      insert into tasker.named_steps (name) select name from step order by name
      on conflict (name) do update set updated_at = tasker.named_steps.updated_at
      returning named_step_uuid, name
    ), linked as (
      insert into tasker.named_tasks_named_steps (named_task_uuid, named_step_uuid, default_retryable, default_max_attempts)
      select t.named_task_uuid, n.named_step_uuid, s.retryable, s.max_attempts
      from named_task t cross join step s join named_step n on n.name = s.name
      on conflict (named_task_uuid, named_step_uuid) do nothing
    )
    select named_task_uuid from named_task`,
};

const byNameStatement = {
  name: 'finding-a-template-by-name',
  text: `
    select t.named_task_uuid
    from tasker.named_tasks t join tasker.task_namespaces n using (task_namespace_uuid)
    where n.name = $1 and t.name = $2 and t.version = $3
    order by t.registered_at desc limit 1`,
};

const byUuidStatement = {
  name: 'finding-a-template',
  text: 'select named_task_uuid, configuration from tasker.named_tasks where named_task_uuid = $1',
};

export async function registerTemplate(pool: pg.Pool, template: TaskTemplate): Promise<RegisteredTemplate> {
  const configuration = JSON.stringify(template);
  const rows = await run<{ named_task_uuid: string }>(pool, registerStatement, [
    template.namespace_name,
    template.name,
    template.version,
    template.description ?? null,
    configuration,
    createHash('sha256')
      .update(normalizeJson(checkJson(template, { what: 'the template', mustBe: 'object' })))
      .digest('hex'),
    template.identity_strategy,
    JSON.stringify(
      template.steps.map((step) => ({ name: step.name, retryable: step.retry.retryable, max_attempts: step.retry.max_attempts })),
    ),
  ]);
  const namedTaskUuid = rows[0]?.named_task_uuid;
  if (namedTaskUuid === undefined)
    throw new TaskerError('STORE_FAILED', 'registering a template returned no row.', { kind: 'infrastructure' });
  return { namedTaskUuid, template };
}

export async function findTemplateUuid(pool: pg.Pool, name: TemplateName): Promise<string | undefined> {
  const rows = await run<{ named_task_uuid: string }>(pool, byNameStatement, [name.namespace, name.name, name.version]);
  return rows[0]?.named_task_uuid;
}

export async function templateByUuid(pool: pg.Pool, namedTaskUuid: string): Promise<RegisteredTemplate | undefined> {
  return registered(await run<TemplateRow>(pool, byUuidStatement, [namedTaskUuid]));
}

interface TemplateRow {
  readonly named_task_uuid: string;
  readonly configuration: unknown;
}

function registered(rows: readonly TemplateRow[]): RegisteredTemplate | undefined {
  const row = rows[0];
  if (row === undefined) return undefined;
  // Checked again: the row may have been written by hand or by another version.
  return {
    namedTaskUuid: row.named_task_uuid,
    template: validateTemplate(row.configuration, `named task ${row.named_task_uuid}`),
  };
}
