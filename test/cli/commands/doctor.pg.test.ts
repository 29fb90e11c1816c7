// `tasker doctor` on real PostgreSQL: clean, stuck, waiting.
import { describe, expect, it, onTestFinished } from 'vitest';
import { testDatabase, useTestDatabase } from '../../helpers/database.ts';
import { shop, shopkeeper } from '../shopkeeper.ts';
import { documentOf, tasker } from '../tasker-in-process.ts';

const database = useTestDatabase();
const { at, json, created, blocked } = shopkeeper(database);

describe('tasker doctor', () => {
  it('finds a new database clean', async () => {
    const fresh = await testDatabase();
    onTestFinished(() => fresh.drop());
    const ran = await tasker(['doctor', '--database-url', fresh.url]);
    expect(ran).toEqual({ code: 0, stdout: 'clean: no invariant is broken, no task is stuck.\n', stderr: '' });
    expect(documentOf(await tasker(['doctor', '--json', '--database-url', fresh.url]))).toEqual({ clean: true, findings: [] });
  });

  it('names what is stuck, and which process is missing', async () => {
    const cwd = shop('doctored');
    const taskUuid = await blocked(cwd);
    const other = await created(cwd);
    const ran = await at(cwd, 'doctor');
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain(`stuck error (task ${taskUuid}): step pay failed for good`);
    expect(ran.stdout).toContain(
      `stuck no_worker (task ${other}): step pay waits in worker_cli_doctored_queue for a worker, and no live worker`,
    );
    expect(await json(cwd, 'doctor')).toMatchObject({
      clean: false,
      findings: expect.arrayContaining([
        { kind: 'stuck', check: 'error', taskUuid, message: expect.stringContaining('declined'), movesAt: null },
      ]),
    });
  });
});
