// Rule: places of SQL.
import { describe, expect, it } from 'vitest';
import { placesOfSqlRule } from '../../../codemods/checks/places-of-sql.ts';
import { messagesOf } from './rule-run.ts';

describe('places-of-sql', () => {
  it.each([
    "const a = 'select 1';",
    "const a = 'SELECT id FROM tasks';",
    "const a = 'select pg_notify($1, $2)';",
    'const a = `\n  select *\n  from tasker.tasks\n`;',
    'const a = `select ${columns} from ${table}`;',
    "const a = 'insert into tasks values (1)';",
    "const a = 'update tasks t set state = $1';",
    "const a = 'delete from tasks';",
    'const a = `with ready as (select 1) select 2`;',
    'const a = `with recursive up(id) as materialized (select 1) select 2`;',
    "const a = 'create unique index on a (b)';",
    "const a = 'CREATE OR REPLACE FUNCTION a() returns int';",
    "const a = 'drop table tasks';",
    "const a = 'truncate tasks cascade';",
    "const a = 'listen ready';",
    "const a = 'begin;';",
    "client.query('begin');",
    'client.query(`vacuum`);',
    "const a = '-- a comment\\nselect 1';",
  ])('finds %s', (text) => {
    const [message, ...more] = messagesOf(placesOfSqlRule, 'src/orchestration/a.ts', text);
    expect(more).toEqual([]);
    expect(message).toContain('Move the statement there.');
  });

  it.each([
    "const a = 'Select a file from the list';",
    "const a = 'update';",
    "const a = 'create a task';",
    "const a = 'Delete from the queue what is old';",
    "const a = 'with care';",
    "const a = 'begin';",
    "const a = 'listen to the queue';",
    "const a = 'drop';",
    "// select 1 from tasks\nconst a = 'state';",
    "url.searchParams.get('select 1');".replace('select 1', 'selected'),
  ])('lets %s be', (text) => {
    expect(messagesOf(placesOfSqlRule, 'src/orchestration/a.ts', text)).toEqual([]);
  });

  it.each([
    ['src/store/postgres/a.ts', 0],
    ['src/store/a.ts', 1],
    ['src/messaging/providers/pgmq.ts', 0],
    ['src/messaging/providers/pgmq/a.ts', 0],
    ['src/messaging/providers/rabbitmq.ts', 1],
    ['src/runtime/database/a.ts', 1],
    ['codemods/gate/a.ts', 1],
    ['test/store/a.pg.test.ts', 0],
    ['bench/engine/a.ts', 0],
  ])('in %s counts %i', (path, count) => {
    expect(messagesOf(placesOfSqlRule, path, "const a = 'select 1';")).toHaveLength(count);
  });
});
