// The weather report end to end: every step, the retry, and the figures of the report against figures computed here.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { documentOf, tasker } from '../cli/tasker-in-process.ts';
import { useTestDatabase } from '../helpers/database.ts';

const database = useTestDatabase();
const folder = mkdtempSync(join(tmpdir(), 'weather-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const argv = ['run', 'examples/weather-report/task.yaml', '--handlers', 'examples/weather-report/handlers.ts'];

/** Rows of the data file, read by other code than the example's. */
function rows(): readonly (readonly string[])[] {
  const data = join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '../data/seattle-weather.csv');
  return readFileSync(data, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

async function report(): Promise<string> {
  const ran = await tasker([...argv, '--context', JSON.stringify({ outputDir: folder }), '--database-url', database.url]);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  return readFileSync(/^report: (.+)$/m.exec(ran.stdout)?.[1] ?? '', 'utf8');
}

describe('examples/weather-report', () => {
  it('completes eight steps, one of them in its second attempt', async () => {
    const ran = await tasker([
      ...argv,
      '--context',
      JSON.stringify({ outputDir: folder }),
      '--database-url',
      database.url,
      '--json',
    ]);
    const { status, steps } = documentOf(ran) as {
      status: string;
      steps: { name: string; attempts: number; durationMs: number }[];
    };
    expect(status).toBe('complete');
    expect(Object.fromEntries(steps.map(({ name, attempts }) => [name, attempts]))).toEqual({
      'locate-data': 1,
      load: 2,
      validate: 1,
      'monthly-aggregates': 1,
      extremes: 1,
      gaps: 1,
      chart: 1,
      report: 1,
    });
  });

  it('reports the sums, means and extremes of the record', async () => {
    const text = await report();
    const july = rows().filter(([date]) => date?.startsWith('2014-07') === true);
    const rain = july.reduce((total, [, precipitation]) => total + Number(precipitation), 0);
    const high = july.reduce((total, [, , max]) => total + Number(max), 0) / july.length;
    const low = july.reduce((total, [, , , min]) => total + Number(min), 0) / july.length;
    expect(text).toContain(`| 2014-07 | ${july.length} | ${rain.toFixed(1)} | ${high.toFixed(1)} | ${low.toFixed(1)} |`);
    const total = rows().reduce((sum, [, precipitation]) => sum + Number(precipitation), 0);
    expect(text).toContain(`${rows().length} days, ${total.toFixed(1)} mm of precipitation`);
    const [hottest] = rows().toSorted((a, b) => Number(b[2]) - Number(a[2]));
    expect(text).toContain(`| Hottest | ${hottest?.[0]} | ${Number(hottest?.[2]).toFixed(1)} °C |`);
    expect(text).toContain('No day is missing.');
  });

  it('draws the wettest month of the year with the longest bar', async () => {
    const bars = (await report()).split('\n').filter((line) => line.includes('█'));
    expect(bars).toHaveLength(12);
    const novembers = rows().filter(([date]) => date?.slice(5, 7) === '11');
    const mean = novembers.reduce((sum, [, precipitation]) => sum + Number(precipitation), 0) / 4;
    expect(bars).toContain(`Nov  ${'█'.repeat(40)}   ${mean.toFixed(1)} mm`);
  });
});
