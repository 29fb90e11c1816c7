// `tasker migrate` on real PostgreSQL: what it would do, what it does, and that it finds it done.
import { describe, expect, it, onTestFinished } from 'vitest';
import { readMigrations } from '../../../src/store/postgres/migrate.ts';
import { emptyDatabase } from '../../helpers/database.ts';
import { documentOf, tasker } from '../tasker-in-process.ts';

describe('tasker migrate', () => {
  it('says what it would do, does it, and finds it done', async () => {
    const empty = await emptyDatabase();
    onTestFinished(() => empty.drop());
    const migrate = (...argv: string[]) => tasker(['migrate', '--database-url', empty.url, ...argv]);
    const names = (await readMigrations()).map(({ name }) => name);
    expect(documentOf(await migrate('--dry-run', '--json'))).toEqual({
      dryRun: true,
      applied: names,
      alreadyThere: 0,
      queues: null,
    });
    expect((await migrate('--dry-run')).stdout).toContain(`would apply ${names[0]}\n`);
    const done = await migrate();
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toMatch(/applied 000001-tables\.sql\n[\s\S]+queues: pgmq \d/);
    expect((await migrate()).stdout).toContain(`The schema is up to date: ${names.length} migrations are applied.\n`);
  });
});
