// An orchestrator in this process: command processor, event system, recovery sweep, started and stopped in order (spec 8.5).
import type { Service } from '../domain/ports.ts';
import { CommandChannel } from '../orchestration/commands/command-channel.ts';
import { CommandProcessor } from '../orchestration/commands/command-processor.ts';
import type { OrchestrationCommand } from '../orchestration/commands/commands.ts';
import { ChannelMonitor } from '../orchestration/event-systems/channel-monitor.ts';
import type { DeploymentMode } from '../orchestration/event-systems/deployment-mode.ts';
import { OrchestrationEventSystem } from '../orchestration/event-systems/orchestration-event-system.ts';
import type { BackpressureChecker } from '../orchestration/health/backpressure.ts';
import { CircuitBreaker } from '../orchestration/health/circuit-breaker.ts';
import type { SystemHealth } from '../orchestration/health/health-check-evaluator.ts';
import { StatusEvaluator } from '../orchestration/health/status-evaluator.ts';
import { createInTurn } from '../orchestration/in-turn.ts';
import { createRecoverySweep } from '../orchestration/lifecycle/recovery-sweep.ts';
import type { RecoverySweep } from '../orchestration/lifecycle/recovery-sweep.ts';
import type { Store } from '../store/store.ts';
import type { Runtime } from './open-runtime.ts';
import { watchDecisions } from './watch-decisions.ts';
import type { WatchedCore } from './watch-decisions.ts';

export interface OrchestratorOptions {
  /** Default Hybrid. */
  readonly mode?: DeploymentMode;
  /** Default 5,000 ms. */
  readonly sweepIntervalMs?: number;
  /** Default 5,000 ms. */
  readonly pollIntervalMs?: number;
  /** How long messages stay with an orchestrator that was lost before others get them; default 30,000 ms, whole seconds. */
  readonly visibilityMs?: number;
}

export interface Orchestrator extends Service {
  readonly events: OrchestrationEventSystem;
  readonly processor: CommandProcessor;
  readonly sweep: RecoverySweep;
  readonly channel: CommandChannel<OrchestrationCommand>;
  /** Whether callers should hold back, from the caches like `health`. */
  readonly backpressure: BackpressureChecker;
  readonly isRunning: boolean;
  /** From the caches of the status evaluator: no query (spec 7.8). */
  health(): SystemHealth;
}

/** What an orchestrator needs of its runtime. */
export interface OrchestratorPorts extends Pick<Runtime, 'clock' | 'logger' | 'provider'> {
  readonly core: WatchedCore;
  readonly store: Pick<Store, 'ping' | 'findReadyTasks' | 'nextRetryInMs' | 'resendLostMessages'>;
  onRetryPlanned: Runtime['onRetryPlanned'];
}

export function createOrchestrator(runtime: OrchestratorPorts, options: OrchestratorOptions = {}): Orchestrator {
  const { evaluator, processor, events, sweep, channel } = createParts(runtime, options);
  const inTurn = createInTurn();
  let isRunning = false;

  async function startParts(): Promise<void> {
    await processor.start();
    await events.start();
    await evaluator.start();
    // Disabled means that this process decides nothing by itself (spec 8.1).
    if (events.effectiveMode !== 'Disabled') await sweep.start();
  }
  const stopParts = (): Promise<void> => stopAll([evaluator, sweep, events, processor]);

  return {
    events,
    processor,
    sweep,
    channel,
    backpressure: evaluator.backpressure,
    get isRunning() {
      return isRunning;
    },
    health: () => evaluator.health(),
    start: () =>
      inTurn(async () => {
        if (isRunning) return;
        const { onRetryPlanned } = runtime;
        runtime.onRetryPlanned = (atMs) => sweep.wakeAt(atMs);
        try {
          await startParts();
          isRunning = true;
        } catch (thrown) {
          // Nothing stays behind of a failed start, and it may be tried again; what stopping adds is not the cause.
          runtime.onRetryPlanned = onRetryPlanned;
          await stopParts().catch(() => undefined);
          throw thrown;
        }
      }),
    stop: () =>
      inTurn(async () => {
        isRunning = false;
        await stopParts();
      }),
  };
}

interface Parts {
  readonly channel: CommandChannel<OrchestrationCommand>;
  readonly evaluator: StatusEvaluator;
  readonly processor: CommandProcessor;
  readonly events: OrchestrationEventSystem;
  readonly sweep: RecoverySweep;
}

function createParts(
  runtime: OrchestratorPorts,
  { mode = 'Hybrid', pollIntervalMs, visibilityMs, sweepIntervalMs }: OrchestratorOptions,
): Parts {
  const { clock, logger, provider, store } = runtime;
  const shared = { clock, logger, provider };
  const channel = new CommandChannel<OrchestrationCommand>();
  const visibility = visibilityMs === undefined ? {} : { visibilityMs };
  const monitor = new ChannelMonitor('orchestration_commands', channel.maxCapacity, logger);
  const breaker = new CircuitBreaker({ component: 'database', clock });
  const core = watchDecisions(runtime.core, breaker);
  const evaluator = new StatusEvaluator({ ...shared, channel, monitor, breaker, checkDatabase: () => store.ping() });
  const processor = new CommandProcessor({ channel, handlers: core, provider, logger, ...visibility });
  const events = new OrchestrationEventSystem({
    ...shared,
    mode,
    channel,
    monitor,
    poller: { ...visibility, ...(pollIntervalMs === undefined ? {} : { pollingIntervalMs: pollIntervalMs }) },
  });
  const sweep = createRecoverySweep({
    store,
    core,
    clock,
    logger,
    ...(sweepIntervalMs === undefined ? {} : { intervalMs: sweepIntervalMs }),
    onSwept: ({ decided }) => {
      processor.stats.counters.tasksReadyProcessed += decided;
      events.lookForMissed();
    },
  });
  return { channel, evaluator, processor, events, sweep };
}

/** All of them, whatever happens to one; throws the first error at the end. */
async function stopAll(services: readonly Service[]): Promise<void> {
  const errors: unknown[] = [];
  for (const service of services) {
    try {
      await service.stop();
    } catch (thrown) {
      errors.push(thrown);
    }
  }
  if (errors.length > 0) throw errors[0];
}
