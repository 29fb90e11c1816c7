// The parts of src's event system that judge and rate, over the scenario's stand-ins of listener and poller: what these have
// counted is given, so that real components cannot take their place.
import type { LogFields } from '../../../src/domain/ports.ts';
import {
  noListenerCounts,
  noPollerCounts,
  type ComponentSnapshot,
  type ListenerCounters,
  type PollerCounters,
} from '../../../src/orchestration/component-statistics.ts';
import { sendCommandAndAwait } from '../../../src/orchestration/event-systems/command-dispatch.ts';
import {
  effectiveMode,
  isEventDriven,
  isPolling,
  type DeploymentMode,
} from '../../../src/orchestration/event-systems/deployment-mode.ts';
import { judgeEventSystem } from '../../../src/orchestration/event-systems/event-system-health.ts';
import { OrchestrationStatistics } from '../../../src/orchestration/event-systems/orchestration-statistics.ts';
import { WakeRecord } from '../../../src/orchestration/event-systems/woken-by.ts';
import { ScenarioChannel, ScenarioMonitor } from './command-channel-adapter.ts';
import type { CreateArguments } from './event-system-adapter.ts';
import type { LegacyComponent, LegacyComponentClass, LegacyEvent } from './legacy-shapes.ts';
import { PresentedStatistics } from './presented-statistics.ts';
import type { Adapter, Surroundings } from './src-system.ts';

export const componentSystemAdapter: Adapter = (surroundings) => ({
  OrchestrationEventSystem: {
    // Asynchronous, as the scenarios await it.
    create: async (...args: CreateArguments) => new ComponentSystem(surroundings, args),
  },
  OrchestrationStatistics: PresentedStatistics,
});

/** A stand-in with the numbers that the scenario gives it. */
interface Counting<Counters> extends LegacyComponent {
  isHealthy(): boolean;
  stats(): Promise<Counters>;
}

class ComponentSystem {
  readonly #surroundings: Surroundings;
  readonly #args: CreateArguments;
  readonly #mode: DeploymentMode;
  readonly #statistics = new OrchestrationStatistics();
  #listener: Counting<ListenerCounters> | undefined;
  #poller: Counting<PollerCounters> | undefined;
  #isRunning = false;

  constructor(surroundings: Surroundings, args: CreateArguments) {
    this.#surroundings = surroundings;
    this.#args = args;
    const [{ deploymentMode }, { messageClient }] = args;
    const name = messageClient.providerName() === 'pgmq' ? 'pgmq' : 'rabbitmq';
    const capabilities = { push: true, fetchById: true, sharesDatabase: false, fallbackPollingMs: undefined };
    this.#mode = effectiveMode(deploymentMode, { name, capabilities }).mode;
  }

  async start(): Promise<void> {
    if (isEventDriven(this.#mode)) this.#listener = await this.#started('OrchestrationQueueListener', { close() {} });
    if (isPolling(this.#mode)) this.#poller = await this.#started('OrchestrationFallbackPoller', undefined);
    this.#isRunning = true;
  }

  /** What the components have counted outlives them in src. */
  async stop(): Promise<void> {
    this.#isRunning = false;
  }

  /** As in src, which asks for the outcome, the latency and the count. */
  async processEvent({ event }: { readonly event: LegacyEvent }): Promise<void> {
    const [, { clock, log: logger }, , commands, monitor] = this.#args;
    const startedAtMs = clock.monotonicMs();
    const ports = {
      channel: new ScenarioChannel(commands),
      monitor: new ScenarioMonitor(monitor),
      statistics: this.#statistics,
      wakes: new WakeRecord(),
      logger,
    };
    const request = { act: 'process_step_result', source: { via: 'event', event }, wokenBy: 'direct' } as const;
    const outcome = await sendCommandAndAwait(request, ports);
    if (!outcome.ok) throw outcome.error;
    this.#statistics.recordLatency(clock.monotonicMs() - startedAtMs);
    this.#statistics.counters.eventsProcessed += 1;
  }

  async statistics(): Promise<PresentedStatistics> {
    const { poller, listener } = await this.#counted();
    return new PresentedStatistics(this.#statistics.withComponentAggregation(poller, listener));
  }

  async healthCheck(): Promise<'Healthy'> {
    const [, { log }, , commands] = this.#args;
    const counted = await this.#counted();
    const { poller, listener } = counted;
    const health = judgeEventSystem({
      isRunning: this.#isRunning,
      mode: this.#mode,
      isCommandChannelOpen: !commands.isClosed(),
      isPollerHealthy: this.#poller?.isHealthy(),
      isListenerHealthy: this.#listener?.isHealthy(),
      deploymentModeScore: this.#statistics.withComponentAggregation(poller, listener).deploymentModeScore(),
      ...counted,
    });
    for (const warning of health.warnings) log.warn(fieldsOf(warning), warning);
    if (health.kind === 'failed') throw new Error(health.reason);
    return 'Healthy';
  }

  async #started<Counters>(name: string, inbox: object | undefined): Promise<Counting<Counters>> {
    // The scenario's stand-in for the class of this name, and the numbers it was told to have.
    const made = (await (this.#surroundings.replacement(name) as LegacyComponentClass).create(
      {},
      {},
      inbox,
    )) as Counting<Counters>;
    await made.start();
    return made;
  }

  async #counted(): Promise<{
    readonly poller: ComponentSnapshot<PollerCounters> | undefined;
    readonly listener: ComponentSnapshot<ListenerCounters> | undefined;
  }> {
    const [poller, listener] = [await this.#poller?.stats(), await this.#listener?.stats()];
    return {
      poller: poller && snapshotOf({ ...noPollerCounts, ...poller }),
      listener: listener && snapshotOf({ ...noListenerCounts, ...listener }),
    };
  }
}

function snapshotOf<Counters>(counters: Counters): ComponentSnapshot<Counters> {
  return { counters, startedAtMs: undefined, lastEventAtMs: undefined };
}

const aboutWarnings: readonly (readonly [RegExp, LogFields])[] = [
  [/ score /, { score: 'low' }],
  [/^the poller fails /, { pollingCycles: 'many fail' }],
  [/connection errors$/, { eventsReceived: 'many are errors' }],
];

/** The field by which the legacy record of the same warning is known; the warning of a component that is down has none. */
function fieldsOf(warning: string): LogFields {
  return aboutWarnings.find(([pattern]) => pattern.test(warning))?.[1] ?? {};
}
