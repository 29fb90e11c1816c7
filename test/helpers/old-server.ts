// A database whose server says that it is of another version: nobody keeps a PostgreSQL 14 for two tests.
import type { Queries } from './queries.ts';

/** From the next connection on; `number` as in server_version_num. The one function that is asked stands before PostgreSQL's own. */
export async function pretendToBe(queries: Queries, number: string, text: string): Promise<void> {
  await queries.rows('create schema older');
  await queries.rows(`
    create function older.current_setting(setting text) returns text language sql as $$
      select case setting when 'server_version_num' then '${number}' when 'server_version' then '${text}'
        else pg_catalog.current_setting(setting) end
    $$`);
  const { name } = await queries.row<{ name: string }>('select quote_ident(current_database()) as name');
  await queries.rows(`alter database ${name} set search_path = older, pg_catalog, public`);
}
