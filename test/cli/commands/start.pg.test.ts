// `tasker start` on real PostgreSQL: ready, at work, and gone after Ctrl-C; orchestrator and worker together and apart.
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../helpers/database.ts';
import { shop, shopkeeper } from '../shopkeeper.ts';
import { documentOf, tasker } from '../tasker-in-process.ts';
import type { Ran } from '../tasker-in-process.ts';

const database = useTestDatabase();
const { at } = shopkeeper(database);

interface Running {
  readonly ready: string;
  stop(): Promise<Ran>;
}

/** `tasker start`, once it has said that it is ready. */
async function started(cwd: string, ...argv: readonly string[]): Promise<Running> {
  const interrupt = new AbortController();
  let ended: Promise<Ran> | undefined;
  const ready = await new Promise<string>((resolve, reject) => {
    const onOutput = (stdout: string) => resolve(stdout);
    ended = tasker(['start', ...argv, '--database-url', database.url], { cwd, signal: interrupt.signal, onOutput });
    void ended.then((ran) => reject(new Error(`start ended with ${ran.code}: ${ran.stderr}`)));
  });
  return {
    ready,
    async stop() {
      interrupt.abort();
      return ended ?? { code: -1, stdout: '', stderr: '' };
    },
  };
}

async function completes(cwd: string): Promise<void> {
  const { taskUuid } = documentOf(await at(cwd, 'task', 'create', 'task.yaml', '--json')) as { taskUuid: string };
  const ran = await at(cwd, 'task', 'wait', taskUuid, '--timeout', '20', '--json');
  expect(documentOf(ran)).toMatchObject({ taskUuid, status: 'complete' });
  expect(ran.code).toBe(0);
}

describe('tasker start', () => {
  it.each(['Hybrid', 'EventDrivenOnly'])('runs tasks in mode %s until Ctrl-C, after one line that it is ready', async (mode) => {
    const cwd = shop(`start_${mode.toLowerCase()}`);
    const running = await started(
      cwd,
      '--templates',
      'task.yaml',
      '--handlers',
      'handlers.mjs',
      '--mode',
      mode,
      '--concurrency',
      '3',
    );
    expect(running.ready).toMatch(
      new RegExp(
        `^ready: orchestrator \\(${mode}\\) and worker of cli_start_\\w+ \\(3 at a time\\), PostgreSQL .*Ctrl-C stops\\.\n$`,
      ),
    );
    await completes(cwd);
    expect(await running.stop()).toEqual({
      code: 0,
      stdout: `${running.ready}stopping: running handlers may finish\n`,
      stderr: '',
    });
  });

  it('runs orchestrator and worker apart', async () => {
    const cwd = shop('apart');
    const orchestrator = await started(cwd, '--orchestrator-only', '--json');
    const worker = await started(
      cwd,
      '--worker-only',
      '--templates',
      'task.yaml',
      '--handlers',
      'handlers.mjs',
      '--namespace',
      'more',
      '--json',
    );
    expect(JSON.parse(orchestrator.ready)).toMatchObject({ ready: true, orchestrator: 'Hybrid', worker: null });
    expect(JSON.parse(worker.ready)).toMatchObject({
      ready: true,
      orchestrator: null,
      worker: { namespaces: ['cli_apart', 'more'], concurrency: 10 },
    });
    await completes(cwd);
    const ended = await Promise.all([worker.stop(), orchestrator.stop()]);
    expect(ended.map((ran) => [ran.code, typeof documentOf(ran)])).toEqual([
      [0, 'object'],
      [0, 'object'],
    ]);
  });
});
