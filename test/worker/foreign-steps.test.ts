// Steps of other workers: told from one's own, given back, left alone, and taken again once their handler is here.
import { describe, expect, it } from 'vitest';
import type { LeaseRef, RegisteredTemplate } from '../../src/store/store.ts';
import { ForeignSteps } from '../../src/worker/foreign-steps.ts';
import { createHandlerRegistry } from '../../src/worker/handler-registry.ts';
import { createRecordingLogger, planTask } from '../helpers/engine.ts';
import { claimedStep } from './reports.ts';

const template = planTask('shared', { own: [], theirs: [] });
const registered: RegisteredTemplate = { namedTaskUuid: 'shared', template };

function foreignSteps(options: { readonly release?: (leases: readonly LeaseRef[]) => Promise<readonly string[]> } = {}) {
  const logger = createRecordingLogger();
  const registry = createHandlerRegistry({ own: () => 1 });
  const asked: string[] = [];
  const foreign = new ForeignSteps({
    workerUuid: 'worker',
    registry,
    logger,
    store: {
      releaseSteps: (_worker, leases) => options.release?.(leases) ?? Promise.resolve(leases.map(({ stepUuid }) => stepUuid)),
    },
    templates: {
      peek: () => undefined,
      byUuid(uuid) {
        asked.push(uuid);
        return uuid === 'shared' ? Promise.resolve(registered) : Promise.reject(new Error('no such template'));
      },
    },
  });
  return { foreign, registry, logger, asked };
}

const step = (stepName: string, uuid = stepName, namedTaskUuid = 'shared') => ({ ...claimedStep(uuid), stepName, namedTaskUuid });

describe('steps of a shared namespace', () => {
  it('are told apart by whether their handler is here; what cannot be told is run, to fail with its reason', async () => {
    const { foreign } = foreignSteps();
    const [own, theirs, gone, nameless] = [
      step('own'),
      step('theirs'),
      step('own', 'gone', 'deleted'),
      step('no_step', 'nameless'),
    ];
    expect(await foreign.sortOut([own, theirs, gone, nameless])).toEqual({ own: [own, gone, nameless], foreign: [theirs] });
    expect(foreign.kinds()).toMatchObject([{ namedTaskUuid: 'shared', stepName: 'theirs' }]);
  });

  it('are warned of once a callable, however many come', async () => {
    const { foreign, logger } = foreignSteps();
    await foreign.sortOut([step('theirs', 'a'), step('theirs', 'b')]);
    await foreign.sortOut([step('theirs', 'c')]);
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { callable: 'theirs', stepName: 'theirs' } }]);
    expect(foreign.kinds()).toHaveLength(1);
  });

  it('are claimed again once their handler is registered', async () => {
    const { foreign, registry } = foreignSteps();
    await foreign.sortOut([step('theirs')]);
    registry.register('theirs', () => 2);
    expect(foreign.kinds()).toEqual([]);
  });

  it('are given back, and those that were no longer held are not told of', async () => {
    const { foreign } = foreignSteps({ release: () => Promise.resolve(['a']) });
    expect(await foreign.giveBack([step('theirs', 'a'), step('theirs', 'b')])).toMatchObject([{ stepUuid: 'a' }]);
    expect(await foreign.giveBack([])).toEqual([]);
  });

  it('stay with their lease when the database is away, and the log says so', async () => {
    const { foreign, logger } = foreignSteps({ release: () => Promise.reject(new Error('the database went away')) });
    expect(await foreign.giveBack([step('theirs', 'a')])).toEqual([]);
    expect(logger.lines).toMatchObject([{ level: 'error', fields: { stepUuids: ['a'], error: 'the database went away' } }]);
  });
});
