// An orchestrator in this process: command processor, event system, recovery sweep, started and stopped in order (spec 8.5).
import type { Service } from '../domain/ports.ts';
import { CommandChannel } from '../orchestration/commands/command-channel.ts';
import { CommandProcessor } from '../orchestration/commands/command-processor.ts';
import type { OrchestrationCommand } from '../orchestration/commands/commands.ts';
import { ChannelMonitor } from '../orchestration/event-systems/channel-monitor.ts';
import type { DeploymentMode } from '../orchestration/event-systems/deployment-mode.ts';
import { OrchestrationEventSystem } from '../orchestration/event-systems/orchestration-event-system.ts';
import type { SystemHealth } from '../orchestration/health/health-check-evaluator.ts';
import { StatusEvaluator } from '../orchestration/health/status-evaluator.ts';
import { createRecoverySweep } from '../orchestration/lifecycle/recovery-sweep.ts';
import type { RecoverySweep } from '../orchestration/lifecycle/recovery-sweep.ts';
import type { Runtime } from './open-runtime.ts';

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
  /** From the caches of the status evaluator: no query (spec 7.8). */
  health(): SystemHealth;
}

export function createOrchestrator(runtime: Runtime, options: OrchestratorOptions = {}): Orchestrator {
  const { clock, logger, provider, core, store } = runtime;
  const channel = new CommandChannel<OrchestrationCommand>();
  const { pollIntervalMs, visibilityMs } = options;
  const visibility = visibilityMs === undefined ? {} : { visibilityMs };
  const monitor = new ChannelMonitor('orchestration_commands', channel.maxCapacity, logger);
  const evaluator = new StatusEvaluator({ clock, channel, monitor, provider, checkDatabase: () => store.ping(), logger });
  const processor = new CommandProcessor({ channel, handlers: core, provider, logger, ...visibility });
  const events = new OrchestrationEventSystem({
    mode: options.mode ?? 'Hybrid',
    provider,
    channel,
    monitor,
    clock,
    logger,
    poller: { ...visibility, ...(pollIntervalMs === undefined ? {} : { pollingIntervalMs: pollIntervalMs }) },
  });
  const sweep = createRecoverySweep({
    store,
    core,
    clock,
    logger,
    ...(options.sweepIntervalMs === undefined ? {} : { intervalMs: options.sweepIntervalMs }),
  });
  return {
    events,
    processor,
    sweep,
    channel,
    health: () => evaluator.health(),
    async start() {
      runtime.onRetryPlanned = (atMs) => sweep.wakeAt(atMs);
      await processor.start();
      await events.start();
      await evaluator.start();
      // Disabled means that this process decides nothing by itself (spec 8.1).
      if (events.effectiveMode !== 'Disabled') await sweep.start();
    },
    async stop() {
      await evaluator.stop();
      await sweep.stop();
      await events.stop();
      await processor.stop();
    },
  };
}
