// Reads the schema `tasker` back from the catalogs as lines of text, in an order that no server version changes.
import type { Queries } from '../helpers/queries.ts';

// 'not null' is listed with the column: from PostgreSQL 18 on it is a constraint of its own as well.
const columns = `
  select format('table %s column %s: %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then ' not null' else '' end, coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) as line
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'tasker'::regnamespace and c.relkind = 'r'
  order by c.relname collate "C", a.attnum`;

const tables = `
  select format('table %s: %s%s', c.relname, case c.relpersistence when 'u' then 'unlogged' else 'logged' end,
    coalesce(' with ' || array_to_string(c.reloptions, ', '), '')) as line
  from pg_class c where c.relnamespace = 'tasker'::regnamespace and c.relkind = 'r' order by c.relname collate "C"`;

const constraints = `
  select format('constraint %s on %s: %s', k.conname, c.relname, pg_get_constraintdef(k.oid)) as line
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  where k.connamespace = 'tasker'::regnamespace and k.contype <> 'n'
  order by c.relname collate "C", k.conname collate "C"`;

const indexes = `
  select pg_get_indexdef(i.indexrelid) as line
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where c.relnamespace = 'tasker'::regnamespace order by c.relname collate "C"`;

const types = `
  select format('type %s: %s', t.typname, string_agg(e.enumlabel, ', ' order by e.enumsortorder)) as line
  from pg_type t join pg_enum e on e.enumtypid = t.oid
  where t.typnamespace = 'tasker'::regnamespace group by t.typname order by t.typname collate "C"`;

// The columns, not the text: pg_get_viewdef writes the same view differently from one major version to the next.
const views = `
  select format('view %s column %s: %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod)) as line
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
  where c.relnamespace = 'tasker'::regnamespace and c.relkind = 'v'
  order by c.relname collate "C", a.attnum`;

const functions = `
  select format('function %s(%s) returns %s %s %s', p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), l.lanname,
    case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end) as line
  from pg_proc p join pg_language l on l.oid = p.prolang
  where p.pronamespace = 'tasker'::regnamespace order by p.proname collate "C", p.oid::regprocedure::text collate "C"`;

const comments = `
  select format('comment on %s: %s', coalesce(c.relname || '.' || a.attname, c.relname), d.description) as line
  from pg_description d
  join pg_class c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass
  left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
  where c.relnamespace = 'tasker'::regnamespace order by 1`;

/** One line an object; schema tasker only. */
export async function introspectSchema(queries: Queries): Promise<string> {
  const sections = await Promise.all(
    [types, tables, columns, constraints, indexes, views, functions, comments].map((text) =>
      queries.rows<{ line: string }>(text),
    ),
  );
  return `${sections.map((rows) => rows.map(({ line }) => line).join('\n')).join('\n\n')}\n`;
}
