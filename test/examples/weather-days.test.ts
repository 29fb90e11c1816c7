// The figures of the weather report on small records: months, gaps, extremes, and files that are not the table expected.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { validate } from '../../examples/weather-report/handlers.ts';
import { dayWithMost, missingDates, monthsOf, readDays } from '../../examples/weather-report/weather-days.ts';

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'days-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'days.csv'), text);
  return join(folder, 'days.csv');
}

const head = 'date,precipitation,temp_max,temp_min,wind,weather\n';
const record = `${head}2020-01-30,1.5,10,2,3,rain\n2020-02-01,2,12,-4,9,rain\n2020-02-03,0,8,1,1,sun\n`;

function judge(path: string) {
  const step = { taskUuid: '', stepUuid: '', name: 'validate', maxAttempts: 1, correlationId: '' };
  const dependencies = { load: { path, rows: 0, sha256: '' } };
  return validate({ context: {}, dependencies, input: {}, attempt: 1, signal: new AbortController().signal, step });
}

describe('the weather record', () => {
  it('is summed by month', async () => {
    expect(monthsOf(await readDays(file(record)))).toEqual([
      { month: '2020-01', days: 1, precipitationMm: 1.5, meanMaxCelsius: 10, meanMinCelsius: 2 },
      { month: '2020-02', days: 2, precipitationMm: 2, meanMaxCelsius: 10, meanMinCelsius: -1.5 },
    ]);
  });

  it('shows its gaps and its extremes', async () => {
    const days = await readDays(file(record));
    expect(missingDates(days)).toEqual(['2020-01-31', '2020-02-02']);
    expect(dayWithMost(days, (day) => -day.minCelsius).date).toBe('2020-02-01');
  });

  it('is refused for good when a day is not sound, or there is none', async () => {
    expect(await judge(file(record))).toMatchObject({ days: 3, first: '2020-01-30', last: '2020-02-03' });
    await expect(judge(file(`${record}2020-02-04,,x,1,1,sun\n`))).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining('2020-02-04'),
    });
    await expect(judge(file(head))).rejects.toMatchObject({ retryable: false });
  });

  it('is refused when it has other columns', async () => {
    await expect(readDays(file('a,b\n1,2\n'))).rejects.toThrow('expected the columns date,precipitation');
  });
});
