// The event system of src under the legacy name: real system, listener and poller, on a provider that the scenario drives.
import type { World } from '../../../codemods/proof/world.ts';
import type { Clock, LogFields, Logger } from '../../../src/domain/ports.ts';
import type { DeploymentMode } from '../../../src/orchestration/event-systems/deployment-mode.ts';
import {
  OrchestrationEventSystem,
  type OrchestrationQueueEvent,
} from '../../../src/orchestration/event-systems/orchestration-event-system.ts';
import type { OrchestrationSnapshot } from '../../../src/orchestration/event-systems/orchestration-statistics.ts';
import { ScenarioChannel, ScenarioMonitor } from './command-channel-adapter.ts';
import type { LegacyCommands, LegacyContext, LegacyMonitor, LegacyQueueEvent } from './legacy-shapes.ts';
import { legacyQueueName, queues, ScenarioProvider } from './scenario-provider.ts';
import type { Adapter, Surroundings } from './src-system.ts';

export interface LegacyOptions {
  readonly systemId: string;
  readonly deploymentMode: DeploymentMode;
}

export type CreateArguments = readonly [LegacyOptions, LegacyContext, object, LegacyCommands, LegacyMonitor];

export const eventSystemAdapter: Adapter = (surroundings) => ({
  OrchestrationEventSystem: {
    // Asynchronous, as the scenarios await it.
    create: async (...args: CreateArguments) => new PresentedEventSystem(surroundings, args),
  },
});

const kinds = { StepResult: 'step_result', TaskRequest: 'task_request', TaskFinalization: 'task_finalization' } as const;

const counted = ['operationsCoordinated', 'eventsFailed', 'eventsProcessed'] as const;

class PresentedEventSystem {
  readonly config: LegacyOptions;
  readonly #world: World;
  readonly #system: OrchestrationEventSystem;
  readonly #last: Record<string, number> = {};
  #isLooking = false;

  constructor(surroundings: Surroundings, [options, context, , commands, monitor]: CreateArguments) {
    this.config = options;
    this.#world = surroundings.world();
    const clock = this.#clock(context);
    const provider = new ScenarioProvider(surroundings, context, () => this.#system.effectiveMode);
    this.#system = new OrchestrationEventSystem({
      mode: options.deploymentMode,
      provider,
      channel: new ScenarioChannel(commands, legacyQueueName),
      clock: { now: clock.now, schedule: () => provider.startPoller() },
      logger: named(context.log),
      monitor: new ScenarioMonitor(monitor),
      queues,
      ...(context.config.eventBufferSize === undefined ? {} : { eventBufferSize: context.config.eventBufferSize }),
    });
  }

  start(): Promise<void> {
    return this.#system.start();
  }

  stop(): Promise<void> {
    return this.#system.stop();
  }

  isRunning(): boolean {
    return this.#system.isRunning;
  }

  uptime(): number | undefined {
    return this.#system.statistics().uptimeMs;
  }

  async componentStatistics(): Promise<object> {
    const { configuredMode, uptimeMs } = this.#system.statistics();
    return { deploymentMode: configuredMode, ...(uptimeMs === undefined ? {} : { systemUptimeMs: uptimeMs }) };
  }

  async healthCheck(): Promise<'Healthy'> {
    const health = this.#system.healthCheck();
    if (health.kind === 'failed') throw new Error(health.reason);
    return 'Healthy';
  }

  async processEvent(event: LegacyQueueEvent): Promise<void> {
    const outcome = await this.#system.processEvent(eventOf(event));
    this.#noteCounters();
    // In the legacy system what src answers with an error is thrown.
    if (!outcome.ok) throw outcome.error;
  }

  async statistics(): Promise<object> {
    const { counters, lastEventAtMs = 0, ...rates } = this.#system.statistics().totals;
    return { ...counters, ...rates, lastProcessingTimeMs: lastEventAtMs };
  }

  /** Milliseconds of the scenario's clock. The loop asks it for the time when a notification is through: its counters are final then. */
  #clock({ clock }: LegacyContext): Pick<Clock, 'now'> {
    const startedAtMs = clock.now().getTime();
    return {
      now: () => {
        if (!this.#isLooking) queueMicrotask(() => this.#noteCounters());
        return startedAtMs + clock.monotonicMs();
      },
    };
  }

  /** The counters are private in src: what they grew by since the last look becomes an effect. */
  #noteCounters(): void {
    const { counters, lastEventAtMs } = this.#own();
    for (const name of counted) this.#note('add', name, counters[name] - (this.#last[name] ?? 0));
    for (const name of counted) this.#last[name] = counters[name];
    if (lastEventAtMs === this.#last['stamp'] || lastEventAtMs === undefined) return;
    this.#last['stamp'] = lastEventAtMs;
    this.#note('set', 'lastProcessingTimeMs', lastEventAtMs);
  }

  /** The statistics ask for the time as well. */
  #own(): OrchestrationSnapshot {
    this.#isLooking = true;
    const { own } = this.#system.statistics();
    this.#isLooking = false;
    return own;
  }

  #note(operation: string, name: string, value: number): void {
    if (value !== 0) this.#world.record({ target: 'statistics', operation, args: [name, value] });
  }
}

/** Records name a queue as the scenario does; whole messages are all that is known by its queue. */
function named(log: Logger): Logger {
  const record =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: LogFields, message: string): void => {
      const { queueName } = fields;
      log[level](
        typeof queueName === 'string' ? { ...fields, queueName: legacyQueueName(queueName, 'message') } : fields,
        message,
      );
    };
  return { debug: record('debug'), info: record('info'), warn: record('warn'), error: record('error') };
}

function eventOf(event: LegacyQueueEvent): OrchestrationQueueEvent {
  if (event.kind === 'Unknown') return { kind: 'unknown', queueName: event.queueName, payload: event.payload };
  return { kind: kinds[event.kind], event: event.event };
}
