// Brings messages to the command processor by the way the mode allows: notifications, polling, both or neither (spec 8.2).
import { TaskerError, messageOf } from '../../domain/errors.ts';
import type { Settled } from '../../domain/json.ts';
import { silentLogger, type Clock, type Logger, type Service } from '../../domain/ports.ts';
import type { MessageEvent, QueuedMessage } from '../../messaging/envelope.ts';
import { parseBody } from '../../messaging/poison.ts';
import type { MessagingProvider } from '../../messaging/provider.ts';
import { orchestrationQueues, type OrchestrationQueues } from '../../messaging/queue-names.ts';
import { CommandChannel } from '../commands/command-channel.ts';
import type { OrchestrationCommand } from '../commands/commands.ts';
import {
  ComponentStatistics,
  noListenerCounts,
  noPollerCounts,
  type ComponentSnapshot,
  type ListenerCounters,
  type PollerCounters,
} from '../component-statistics.ts';
import { createInTurn } from '../in-turn.ts';
import { ChannelMonitor } from './channel-monitor.ts';
import { fireAndForget, recordWake, sendCommandAndAwait, type Act, type DispatchPorts } from './command-dispatch.ts';
import { effectiveMode, isEventDriven, isPolling, type DeploymentMode, type EffectiveMode } from './deployment-mode.ts';
import { judgeEventSystem, type EventSystemHealth } from './event-system-health.ts';
import { FallbackPoller, type FallbackPollerSettings } from './fallback-poller.ts';
import { OrchestrationStatistics, type OrchestrationSnapshot } from './orchestration-statistics.ts';
import { QueueListener, type OrchestrationNotification } from './queue-listener.ts';
import { WakeRecord, type WokenBy } from './woken-by.ts';

export type OrchestrationQueueEvent =
  | { readonly kind: 'step_result' | 'task_request' | 'task_finalization'; readonly event: MessageEvent }
  | { readonly kind: 'unknown'; readonly queueName: string; readonly payload: string };

export interface EventSystemOptions {
  readonly mode: DeploymentMode;
  readonly provider: MessagingProvider;
  readonly channel: CommandChannel<OrchestrationCommand>;
  readonly clock: Clock;
  readonly logger?: Logger;
  /** Watches the command channel; shared with whoever reports its health. */
  readonly monitor?: ChannelMonitor;
  readonly queues?: OrchestrationQueues;
  readonly poller?: FallbackPollerSettings;
  /** Notifications that may wait for the loop (spec 8.2). */
  readonly eventBufferSize?: number;
}

/** `totals` counts the poller's and the listener's events too; a message notified and polled counts twice there. */
export interface EventSystemStatistics {
  readonly configuredMode: DeploymentMode;
  readonly effectiveMode: DeploymentMode;
  readonly overridden: string | undefined;
  readonly uptimeMs: number | undefined;
  readonly own: OrchestrationSnapshot;
  readonly totals: OrchestrationSnapshot;
  readonly poller: ComponentSnapshot<PollerCounters>;
  readonly listener: ComponentSnapshot<ListenerCounters>;
  readonly wokenBy: WokenBy;
}

interface Run {
  readonly poller: FallbackPoller;
  readonly listener: QueueListener;
  readonly events: CommandChannel<OrchestrationNotification>;
  readonly eventMonitor: ChannelMonitor;
  readonly abort: AbortController;
  readonly ports: DispatchPorts;
  readonly startedAtMs: number;
  loop: Promise<void>;
}

const actOfEvent = {
  step_result: 'process_step_result',
  task_request: 'initialize_task',
  task_finalization: 'finalize_task',
} as const;

export class OrchestrationEventSystem implements Service {
  readonly #options: EventSystemOptions;
  readonly #effective: EffectiveMode;
  readonly #logger: Logger;
  readonly #monitor: ChannelMonitor;
  readonly #inTurn = createInTurn();
  readonly #statistics = new OrchestrationStatistics();
  readonly #pollerStats = new ComponentStatistics(noPollerCounts);
  readonly #listenerStats = new ComponentStatistics(noListenerCounts);
  readonly #wakes = new WakeRecord();
  #run: Run | undefined;

  constructor(options: EventSystemOptions) {
    this.#options = options;
    this.#effective = effectiveMode(options.mode, options.provider);
    this.#logger = options.logger ?? silentLogger;
    this.#monitor = options.monitor ?? new ChannelMonitor('orchestration_commands', options.channel.maxCapacity, this.#logger);
  }

  get effectiveMode(): DeploymentMode {
    return this.#effective.mode;
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Throws EVENT_SYSTEM_ALREADY_RUNNING, or what subscribing threw; then nothing is left running. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#run !== undefined) throw alreadyRunning();
      this.#logMode();
      const run = this.#createRun();
      try {
        await this.#startRun(run);
      } catch (thrown) {
        await endRun(run);
        throw thrown;
      }
      this.#run = run;
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      const run = this.#run;
      this.#run = undefined;
      if (run !== undefined) await endRun(run);
    });
  }

  healthCheck(): EventSystemHealth {
    const run = this.#run;
    const { mode } = this.#effective;
    const { totals, poller, listener } = this.statistics();
    return judgeEventSystem({
      isRunning: run !== undefined,
      mode,
      isCommandChannelOpen: !this.#options.channel.isClosed,
      isPollerHealthy: run !== undefined && isPolling(mode) ? run.poller.isHealthy : undefined,
      isListenerHealthy: run !== undefined && isEventDriven(mode) ? run.listener.isHealthy : undefined,
      deploymentModeScore: totals.deploymentModeScore,
      poller,
      listener,
    });
  }

  statistics(): EventSystemStatistics {
    const poller = this.#pollerStats.snapshot();
    const listener = this.#listenerStats.snapshot();
    return {
      configuredMode: this.#options.mode,
      effectiveMode: this.#effective.mode,
      overridden: this.#effective.overridden,
      uptimeMs: this.#run === undefined ? undefined : this.#options.clock.now() - this.#run.startedAtMs,
      own: this.#statistics.snapshot(),
      totals: this.#statistics.withComponentAggregation(poller, listener).snapshot(),
      poller,
      listener,
      wokenBy: this.#wakes.snapshot(),
    };
  }

  /** Carries out one event and waits for its outcome (spec 7.5); the errors are those of `sendCommandAndAwait`. */
  async processEvent(event: OrchestrationQueueEvent): Promise<Settled<undefined, TaskerError>> {
    const { clock } = this.#options;
    const startedAtMs = clock.now();
    if (event.kind === 'unknown') {
      this.#logger.warn({ queueName: event.queueName }, 'an event of an unknown queue was skipped');
    } else {
      const source = { via: 'event', event: event.event } as const;
      const outcome = await sendCommandAndAwait({ act: actOfEvent[event.kind], source, wokenBy: 'direct' }, this.#ports());
      if (!outcome.ok) return outcome;
    }
    this.#statistics.recordLatency(clock.now() - startedAtMs);
    this.#statistics.counters.eventsProcessed += 1;
    return { ok: true, value: undefined };
  }

  /** Records what brought a command that its caller put on the channel itself. */
  recordDirect(): void {
    this.#wakes.record('direct');
  }

  /**
   * In EventDrivenOnly a message whose notification was lost, or that reappears after a failure, has nobody to fetch it:
   * whoever ticks anyway (the recovery sweep) calls this. The other modes poll by themselves, or not at all.
   */
  lookForMissed(): void {
    if (this.#run !== undefined && this.#effective.mode === 'EventDrivenOnly') this.#catchUp(this.#run);
  }

  #ports(signal?: AbortSignal): DispatchPorts {
    const ports = {
      channel: this.#options.channel,
      monitor: this.#monitor,
      statistics: this.#statistics,
      wakes: this.#wakes,
      logger: this.#logger,
    };
    return signal === undefined ? ports : { ...ports, signal };
  }

  #createRun(): Run {
    const { provider, clock, queues = orchestrationQueues, poller, eventBufferSize = 10_000 } = this.#options;
    const abort = new AbortController();
    const ports = this.#ports(abort.signal);
    const shared = { provider, clock, queues, logger: this.#logger };
    const channelName =
      this.#effective.mode === 'Hybrid' ? 'orchestration_hybrid_event_channel' : 'orchestration_event_driven_event_channel';
    const run: Run = {
      poller: new FallbackPoller({
        ...shared,
        ...poller,
        channel: ports.channel,
        monitor: ports.monitor,
        stats: this.#pollerStats,
        onReply: (reply) => recordWake('poll', reply, this.#wakes),
      }),
      listener: new QueueListener({
        ...shared,
        stats: this.#listenerStats,
        onNotification: (notification) => this.#buffer(run, notification),
      }),
      events: new CommandChannel<OrchestrationNotification>(eventBufferSize),
      eventMonitor: new ChannelMonitor(channelName, eventBufferSize, this.#logger),
      abort,
      ports,
      startedAtMs: clock.now(),
      loop: Promise.resolve(),
    };
    return run;
  }

  async #startRun(run: Run): Promise<void> {
    const { mode } = this.#effective;
    if (isEventDriven(mode)) await run.listener.start();
    if (isPolling(mode)) await run.poller.start();
    // Signals sent while nobody listened are lost: without a poller one look at the queues makes up for them.
    else if (mode === 'EventDrivenOnly') this.#catchUp(run);
    // Last, so that nothing is handled by a system whose start may still fail; what arrives meanwhile waits in the buffer.
    if (isEventDriven(mode)) run.loop = this.#notificationLoop(run);
    this.#statistics.startedAtMs = run.startedAtMs;
  }

  #logMode(): void {
    const { mode, overridden, level } = this.#effective;
    if (mode === 'Disabled') this.#logger.warn({ mode }, 'the event system is disabled: no message will be received');
    else
      this.#logger[level](
        { mode, configured: this.#options.mode, ...(overridden === undefined ? {} : { overridden }) },
        'event system mode',
      );
  }

  /** Called by the provider for each notification; a flood that fills the buffer is made up for by a poll. */
  #buffer(run: Run, notification: OrchestrationNotification): void {
    if (run.events.isClosed) return;
    if (run.events.trySend(notification)) {
      if (run.eventMonitor.recordSendSuccess()) run.eventMonitor.checkAndWarnSaturation(run.events.capacity);
      return;
    }
    run.eventMonitor.recordMessageDropped();
    if (notification.kind === 'message') void this.#giveBack(notification.message, true);
    this.#catchUp(run);
  }

  async #notificationLoop(run: Run): Promise<void> {
    while (await run.events.ready()) {
      for (const notification of run.events.drain(256)) {
        run.eventMonitor.recordReceive();
        const pending = this.#processNotification(run, notification);
        if (pending !== undefined) await pending;
        this.#statistics.lastEventAtMs = this.#options.clock.now();
      }
    }
  }

  /** A promise only when the command channel is full and the loop has to wait for a place. */
  #processNotification(run: Run, notification: OrchestrationNotification): Promise<void> | undefined {
    switch (notification.kind) {
      case 'signal':
        return this.#sendEvents(run, notification);
      case 'message':
        return this.#sendMessage(run, notification);
      case 'incomplete_signal':
        this.#catchUp(run);
        return undefined;
      case 'unknown_queue':
        this.#statistics.counters.eventsFailed += 1;
        this.#logger.warn({ queueName: notification.queueName }, 'a notification of an unknown queue was skipped');
        return undefined;
      case 'connection_error':
        this.#statistics.counters.eventsFailed += 1;
        this.#logger.error({ error: notification.error }, 'the connection of the queue listener was lost');
        return undefined;
      case 'reconnected':
        this.#logger.info({}, 'the queue listener is connected again');
        this.#catchUp(run);
        return undefined;
    }
  }

  #sendEvents(run: Run, signal: Extract<OrchestrationNotification, { kind: 'signal' }>, from = 0): Promise<void> | undefined {
    const { act, queueName, messageIds } = signal;
    for (let index = from; index < messageIds.length; index++) {
      const event = { queueName, namespace: 'orchestration', messageId: messageIds[index] ?? '' };
      const sent = fireAndForget({ act, source: { via: 'event', event }, wokenBy: 'notify' }, run.ports);
      if (typeof sent !== 'boolean') return sent.then(() => this.#sendEvents(run, signal, index + 1));
    }
    return undefined;
  }

  async #sendMessage(
    run: Run,
    { act, message }: { readonly act: Act; readonly message: QueuedMessage<Uint8Array> },
  ): Promise<void> {
    const body = parseBody(message.message);
    if (!body.ok) {
      this.#statistics.counters.eventsFailed += 1;
      this.#logger.error({ queueName: message.handle.queueName, error: body.error.message }, 'a pushed message was set aside');
      return this.#giveBack(message, false);
    }
    const source = { via: 'message', message: { ...message, message: body.value } } as const;
    const isSent = await fireAndForget({ act, source, wokenBy: 'notify' }, run.ports);
    return isSent ? undefined : this.#giveBack(message, true);
  }

  async #giveBack(message: QueuedMessage<Uint8Array>, requeue: boolean): Promise<void> {
    try {
      await this.#options.provider.nack([message.handle], { requeue });
    } catch (thrown) {
      this.#logger.warn({ queueName: message.handle.queueName, error: messageOf(thrown) }, 'giving a message back failed');
    }
  }

  /** One poll outside the interval, unless the provider delivers every message by itself. */
  #catchUp(run: Run): void {
    if (this.#options.provider.capabilities.fallbackPollingMs !== undefined) void run.poller.pollNow();
  }
}

/** Ends all of it, also when the subscription does not close; that error is thrown. */
async function endRun(run: Run): Promise<void> {
  run.abort.abort();
  try {
    await run.listener.stop();
  } finally {
    await run.poller.stop();
    run.events.close();
    await run.loop;
  }
}

function alreadyRunning(): TaskerError {
  return new TaskerError(
    'EVENT_SYSTEM_ALREADY_RUNNING',
    'The orchestration event system is already running; stop it before starting it again.',
    {
      kind: 'state',
    },
  );
}
