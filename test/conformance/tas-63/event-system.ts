// Builds the event system in a world, with its statistics watched.
import type { Script } from '../../../codemods/proof/answers.ts';
import { createRecorder } from '../../../codemods/proof/recorder.ts';
import { markStandIn } from '../../../codemods/proof/stand-in.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import { watch } from '../../../codemods/proof/watch.ts';
import type { World } from '../../../codemods/proof/world.ts';
import { saw } from './driving.ts';
import { fresh } from './fresh-inputs.ts';
import { commandChannel, contextIn } from './surroundings.ts';
import type { CommandFates } from './surroundings.ts';

export interface Statistics {
  readonly eventsProcessed: number;
  readonly eventsFailed: number;
  readonly processingRate: number;
  readonly averageLatencyMs: number;
  readonly deploymentModeScore: number;
}

export interface EventSystem {
  readonly config: unknown;
  start(): Promise<void>;
  stop(): Promise<void>;
  processEvent(event: unknown): Promise<void>;
  healthCheck(): Promise<unknown>;
  statistics(): Promise<Statistics>;
  componentStatistics(): Promise<unknown>;
  uptime(): number | undefined;
  isRunning(): boolean;
}

export const modes = ['PollingOnly', 'Hybrid', 'EventDrivenOnly', 'Disabled'] as const;

export interface EventSystemOptions {
  readonly mode?: string;
  readonly provider?: string;
  readonly fate?: CommandFates;
  /** Whether the command channel's monitor asks for a look at the saturation. */
  readonly sampled?: boolean;
  readonly script?: Script;
  readonly config?: object;
  /** Instead of the world's, which goes on by a millisecond at each reading. */
  readonly clock?: object;
}

interface EventSystemClass {
  create(options: object, ...rest: readonly unknown[]): Promise<EventSystem & Record<string, unknown>>;
}

/** The counters behind `statistics()`, in the version at hand; undefined fields are left out of the trace. */
interface Counters {
  eventsProcessed: number;
  eventsFailed: number;
  operationsCoordinated: number;
  lastProcessingTimeMs: number;
  processingLatenciesMs: number[];
}

/** Creates the system; what its creation logs is part of the trace. */
export async function eventSystemIn(world: World, subject: Subject, options: EventSystemOptions = {}): Promise<EventSystem> {
  const { mode = 'Hybrid', provider = 'pgmq', fate = { kind: 'silent' }, sampled = false } = options;
  const script: Script = {
    'client.providerName': { returns: provider },
    'monitor.metrics': { returns: { channelName: 'commands' } },
    'monitor.recordSendSuccess': { returns: sampled },
    ...options.script,
  };
  const context = contextIn(world, { script, config: { deploymentMode: mode, ...options.config } });
  const { standIn: monitor } = createRecorder<object>(world, 'monitor', { script: fresh(script), silent: ['monitor.metrics'] });
  const { OrchestrationEventSystem } = subject.load('src/orchestration/event-systems/index.ts') as unknown as {
    OrchestrationEventSystem: EventSystemClass;
  };
  const system = await OrchestrationEventSystem.create(
    { systemId: 'system-1', deploymentMode: mode },
    markStandIn({ ...context, clock: options.clock ?? context.clock }, 'context'),
    {},
    markStandIn(commandChannel(world, subject, fate), 'commands'),
    monitor,
  );
  watchStatistics(world, system);
  return system;
}

/** The one field that holds the counters is watched, whatever it is called. */
function watchStatistics(world: World, system: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(system)) {
    if (!isCounters(value)) continue;
    system[field] = watch<Counters>(world, 'statistics', {
      object: value,
      stamps: ['lastProcessingTimeMs'],
      collections: ['processingLatenciesMs'],
    });
  }
}

function isCounters(value: unknown): value is Counters {
  return typeof value === 'object' && value !== null && 'operationsCoordinated' in value && 'eventsFailed' in value;
}

/** A signal as the queues send it; each a new one, so that a version that writes to it changes no other. */
export function messageEvent(messageId = '42'): object {
  return { messageId, queueName: 'q_any', namespace: 'conformance' };
}

/** Every number that can be read, one effect each: a difference says which. */
export function show(world: World, statistics: Statistics): void {
  const { eventsProcessed, eventsFailed, processingRate, averageLatencyMs, deploymentModeScore } = statistics;
  saw(world, 'counted', { eventsProcessed, eventsFailed });
  saw(world, 'processingRate', processingRate);
  saw(world, 'averageLatencyMs', averageLatencyMs);
  saw(world, 'deploymentModeScore', deploymentModeScore);
  // Not part of the interface, but readable today.
  const { operationsCoordinated, lastProcessingTimeMs } = statistics as unknown as Readonly<Record<string, unknown>>;
  saw(world, 'operationsCoordinated', operationsCoordinated);
  saw(world, 'lastProcessingTimeMs', lastProcessingTimeMs);
}
