// Checks the way from a notification to an acknowledgement on real pgmq, with two orchestrators on one database.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PgmqProvider } from '../../../src/messaging/providers/pgmq.ts';
import { CommandChannel } from '../../../src/orchestration/commands/command-channel.ts';
import { CommandProcessor } from '../../../src/orchestration/commands/command-processor.ts';
import type { OrchestrationCommand, StepMessage } from '../../../src/orchestration/commands/commands.ts';
import type { DeploymentMode } from '../../../src/orchestration/event-systems/deployment-mode.ts';
import { OrchestrationEventSystem } from '../../../src/orchestration/event-systems/orchestration-event-system.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { emptyDatabase, type TestDatabase } from '../../helpers/database.ts';
import { openPgmq, type PgmqFixture } from '../../messaging/providers/pgmq-fixture.ts';
import { recordingHandlers, stepMessage, uuid } from '../command-fakes.ts';

const RESULTS = 'orchestration_step_results';
const QUEUES = [RESULTS, 'orchestration_task_requests', 'orchestration_task_finalizations'];

describe('two orchestrators on one pgmq', () => {
  let database: TestDatabase;
  let fixture: PgmqFixture;
  let ends: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    database = await emptyDatabase();
    fixture = await openPgmq(database.url, { clock: systemClock });
    await fixture.provider.ensureQueues(QUEUES);
    ends = [];
  });
  afterEach(async () => {
    for (const end of ends) await end();
    await fixture.close();
    await database.drop();
  });

  async function startOrchestrator(
    provider: PgmqProvider,
    mode: DeploymentMode,
    onSteps: (steps: readonly StepMessage[]) => void,
  ) {
    const channel = new CommandChannel<OrchestrationCommand>();
    const handlers = recordingHandlers({
      async processStepResults(results) {
        onSteps(results);
        return results.map(() => ({ ok: true, value: { kind: 'Success', message: '' } }));
      },
    });
    const processor = new CommandProcessor({ channel, handlers, provider });
    const system = new OrchestrationEventSystem({ mode, provider, channel, clock: systemClock });
    await processor.start();
    await system.start();
    ends.push(async () => {
      await system.stop();
      await processor.stop();
    });
    return { system, processor, channel };
  }

  /** Collects handled steps; `reached` resolves with all of them when there are `count`. */
  function collector(count: number) {
    const handled: string[] = [];
    let tell: (steps: readonly string[]) => void = () => undefined;
    const reached = new Promise<readonly string[]>((resolve) => {
      tell = resolve;
    });
    const onSteps = (steps: readonly StepMessage[]): void => {
      handled.push(...steps.map((step) => step.step_uuid));
      if (handled.length >= count) tell(handled);
    };
    return { handled, reached, onSteps };
  }

  it('handles every message once, whoever is first, and leaves the queue empty', async () => {
    const { handled, reached, onSteps } = collector(300);
    const { provider, peer } = fixture;
    const first = await startOrchestrator(provider, 'EventDrivenOnly', onSteps);
    const second = await startOrchestrator(peer, 'Hybrid', onSteps);
    for (let from = 0; from < 300; from += 20) {
      const ids = await provider.send(
        RESULTS,
        Array.from({ length: 20 }, (_, index) => stepMessage(from + index)),
      );
      provider.announce(RESULTS, ids);
    }
    await reached;
    for (const end of ends.splice(0)) await end();
    expect(handled.toSorted()).toEqual(Array.from({ length: 300 }, (_, step) => uuid(step)).toSorted());
    expect(await provider.queueStats([RESULTS])).toMatchObject([{ messageCount: 0 }]);
    const counters = [first, second].map(({ processor }) => processor.stats.snapshot().counters);
    expect(counters.reduce((sum, one) => sum + one.stepResultsProcessed, 0)).toBe(300);
    expect(counters.reduce((sum, one) => sum + one.processingErrors, 0)).toBe(0);
  });

  it('finds what was sent during an outage of the notification connection as soon as it is back', async () => {
    const { reached, onSteps } = collector(2);
    const { system } = await startOrchestrator(fixture.provider, 'EventDrivenOnly', onSteps);
    await fixture.peer.send(RESULTS, [stepMessage(1), stepMessage(2)]);
    const terminate = `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name = $1`;
    expect((await fixture.pool.query(terminate, ['tasker test one'])).rowCount).toBe(1);
    expect([...(await reached)].toSorted()).toEqual([uuid(1), uuid(2)]);
    const { listener, wokenBy } = system.statistics();
    expect(listener.counters.connectionErrors).toBe(1);
    expect(wokenBy.notify).toBe(0);
    expect(system.healthCheck()).toMatchObject({ kind: 'healthy' });
  });
});
