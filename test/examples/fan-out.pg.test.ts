// The fan-out end to end: 200 steps, and a count of primes that is known.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fanOutTemplate, workers } from '../../examples/fan-out/generate.ts';
import { documentOf, tasker } from '../cli/tasker-in-process.ts';
import { useTestDatabase } from '../helpers/database.ts';

const database = useTestDatabase();

describe('examples/fan-out', () => {
  it('has the template that its script generates', () => {
    expect(readFileSync('examples/fan-out/task.yaml', 'utf8')).toBe(fanOutTemplate());
  });

  it('completes 200 steps and counts the 78,498 primes below a million', async () => {
    const argv = [
      'run',
      'examples/fan-out/task.yaml',
      '--handlers',
      'examples/fan-out/handlers.ts',
      '--context',
      '{"limit": 1000000}',
      '--json',
    ];
    const ran = await tasker([...argv, '--concurrency', '20', '--database-url', database.url]);
    const document = documentOf(ran) as { taskUuid: string; status: string; steps: { status: string; attempts: number }[] };
    expect(document.status).toBe('complete');
    expect(document.steps).toHaveLength(workers + 2);
    expect(new Set(document.steps.map(({ status, attempts }) => `${status} ${attempts}`))).toEqual(new Set(['complete 1']));
    const shown = documentOf(await tasker(['task', 'show', document.taskUuid, '--json', '--database-url', database.url]));
    const { steps } = (shown as { task: { steps: { name: string; result: unknown }[] } }).task;
    expect(steps.find(({ name }) => name === 'sum')?.result).toEqual({ limit: 1_000_000, parts: workers, primes: 78_498 });
  });
});
