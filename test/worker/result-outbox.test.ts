// The way of results to the database: which failure costs a result, which one only time, and how it ends.
import { describe, expect, it } from 'vitest';
import { storeError } from '../../src/store/postgres/connection-error.ts';
import type { StepReport } from '../../src/store/store.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { ResultOutbox } from '../../src/worker/result-outbox.ts';
import { WorkerStatistics } from '../../src/worker/worker-statistics.ts';
import { createRecordingLogger } from '../helpers/engine.ts';
import { databaseError } from '../store/postgres/database-error.ts';
import { successReport } from './reports.ts';

/** An outbox on a store that fails as `fail` says for each batch, by default never. */
function outboxOn(fail: (batch: readonly StepReport[]) => Error | undefined = () => undefined) {
  const clock = createFakeClock();
  const logger = createRecordingLogger();
  const statistics = new WorkerStatistics();
  const world = { fail, stored: [] as StepReport[], done: [] as string[], batches: [] as (readonly string[])[] };
  const outbox = new ResultOutbox({
    workerUuid: 'worker',
    store: {
      submitResults(_, batch) {
        world.batches.push(batch.map(({ stepUuid }) => stepUuid));
        const error = world.fail(batch);
        if (error !== undefined) return Promise.reject(error);
        world.stored.push(...batch);
        return Promise.resolve({ refused: [], sent: {} });
      },
    },
    clock,
    logger,
    statistics,
    announce: () => undefined,
    onSubmitted: (reports) => world.done.push(...reports.map(({ stepUuid }) => stepUuid)),
  });
  const add = (...stepUuids: readonly string[]) => {
    for (const stepUuid of stepUuids) outbox.add(successReport(stepUuid));
  };
  const outcomes = () =>
    Object.fromEntries(world.stored.map(({ stepUuid, result }) => [stepUuid, result.error?.error_type ?? 'success']));
  return { outbox, clock, logger, statistics, world, add, outcomes };
}

const failing = (sqlState: string) => storeError(databaseError(sqlState, `state ${sqlState}`), 'submitting results');

describe('the outbox of results', () => {
  it('hands over together what comes in one turn', async () => {
    const { clock, world, add } = outboxOn();
    add('a', 'b', 'c');
    await clock.advanceAsync(0);
    expect(world.batches).toEqual([['a', 'b', 'c']]);
    expect(world.done).toEqual(['a', 'b', 'c']);
  });

  it.each(['57014', '55P03', '53100', '53200', '53300', '25006', '40P01', '40001', '57P01', '08006', '42P01', '42501', 'XX000'])(
    'keeps a result over an error %s, and hands it over when the error has passed',
    async (sqlState) => {
      const { outbox, clock, world, add, outcomes } = outboxOn(() => failing(sqlState));
      add('only');
      await clock.advanceAsync(10_000);
      expect(world).toMatchObject({ stored: [], done: [] });
      expect(outbox.overdue()).toBe(1);
      world.fail = () => undefined;
      await clock.advanceAsync(5_000);
      expect(outcomes()).toEqual({ only: 'success' });
      expect(world.done).toEqual(['only']);
      expect(outbox.overdue()).toBe(0);
      expect(clock.pendingCount()).toBe(0);
    },
  );

  it.each(['22P05', '22P02', '23514', '54000'])(
    'fails the step whose result the database refuses with %s, and stores the others beside it',
    async (sqlState) => {
      const isBad = ({ stepUuid, result }: StepReport) => stepUuid === 'bad' && result.success;
      const { clock, world, add, outcomes } = outboxOn((batch) => (batch.some(isBad) ? failing(sqlState) : undefined));
      add('a', 'bad', 'b');
      await clock.advanceAsync(0);
      expect(outcomes()).toEqual({ a: 'success', bad: 'result_not_storable', b: 'success' });
      expect(world.stored.find(({ stepUuid }) => stepUuid === 'bad')).toMatchObject({
        success: false,
        result: { error: { retryable: false, message: expect.stringContaining(`state ${sqlState}`) } },
      });
    },
  );

  it('gives a result up whose failure cannot be stored either', async () => {
    const { clock, world, add, logger } = outboxOn(() => failing('22P05'));
    add('hopeless');
    await clock.advanceAsync(60_000);
    expect(world).toMatchObject({ stored: [], done: ['hopeless'] });
    expect(logger.lines.filter(({ level }) => level === 'error')).toMatchObject([{ fields: { stepUuid: 'hopeless' } }]);
    expect(clock.pendingCount()).toBe(0);
  });

  it('lets no result wait for another one that keeps failing', async () => {
    const { clock, world, add, outcomes } = outboxOn((batch) =>
      batch.some(({ stepUuid }) => stepUuid === 'stuck') ? failing('XX000') : undefined,
    );
    add('stuck', 'a', 'b');
    await clock.advanceAsync(0);
    await clock.advanceAsync(100);
    expect(outcomes()).toEqual({ a: 'success', b: 'success' });
    add('c');
    await clock.advanceAsync(5_000);
    expect(outcomes()).toEqual({ a: 'success', b: 'success', c: 'success' });
    world.fail = () => undefined;
    await clock.advanceAsync(10_000);
    expect(outcomes()).toMatchObject({ stuck: 'success' });
  });

  it('hands nothing over twice when a batch fails halfway', async () => {
    const passed = new Set<string>();
    const { clock, world, add } = outboxOn((batch) => {
      if (batch.length > 1) return failing('57014');
      const [only] = batch;
      if (only?.stepUuid === 'b' && !passed.has('b')) {
        passed.add('b');
        return failing('57P01');
      }
      return undefined;
    });
    add('a', 'b', 'c');
    await clock.advanceAsync(0);
    await clock.advanceAsync(100);
    expect(world.stored.map(({ stepUuid }) => stepUuid).toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('ends at once when nothing waits, and with the last result when the database takes it', async () => {
    const { outbox, clock, world, add } = outboxOn(() => failing('57P01'));
    await outbox.close(1_000);
    add('late');
    await clock.advanceAsync(50);
    const closed = outbox.close(1_000);
    world.fail = () => undefined;
    await clock.advanceAsync(100);
    await closed;
    expect(world.done).toEqual(['late']);
    expect(clock.pendingCount()).toBe(0);
  });

  it.each([
    ['the database stays away', () => failing('57P01')],
    ['every try fails otherwise', () => failing('53100')],
  ])('ends when its time is up although %s, and leaves the results to their leases', async (_, fail) => {
    const { outbox, clock, world, add, logger, statistics } = outboxOn(fail);
    add('a', 'b');
    await clock.advanceAsync(500);
    const closed = outbox.close(1_000);
    await clock.advanceAsync(1_000);
    await closed;
    expect(world).toMatchObject({ stored: [], done: ['a', 'b'] });
    expect(logger.lines.filter(({ level }) => level === 'error')).toMatchObject([{ fields: { steps: ['a', 'b'] } }]);
    const { submitErrors } = statistics.snapshot();
    await clock.advanceAsync(60_000);
    expect(statistics.snapshot().submitErrors).toBe(submitErrors);
    expect(clock.pendingCount()).toBe(0);
  });
});
