// Counts what passes through a bounded channel and says how full it is (spec 7.7).
import { silentLogger, type Logger } from '../../domain/ports.ts';

const DEGRADED_SATURATION = 0.8;
const CRITICAL_SATURATION = 0.95;

export type ChannelComponent = 'orchestration' | 'worker' | 'shared' | 'unknown';

export type ChannelHealth =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'degraded'; readonly percent: number }
  | { readonly kind: 'critical'; readonly percent: number };

export type ChannelCounters = {
  messagesSent: number;
  messagesReceived: number;
  overflowEvents: number;
  messagesDropped: number;
};

export interface ChannelMetrics extends Readonly<ChannelCounters> {
  readonly name: string;
  readonly component: ChannelComponent;
  readonly bufferSize: number;
  /** Always 0: the monitor does not know the channel's free places; ask `calculateSaturation`. */
  readonly saturation: number;
  readonly health: ChannelHealth;
}

const noCounts: ChannelCounters = { messagesSent: 0, messagesReceived: 0, overflowEvents: 0, messagesDropped: 0 };

export class ChannelMonitor {
  readonly name: string;
  readonly bufferSize: number;
  readonly component: ChannelComponent;
  /** What metrics exporters see: sends and receives arrive here in steps of `exportEvery`. */
  readonly exported: ChannelCounters = { ...noCounts };
  readonly #counters: ChannelCounters = { ...noCounts };
  readonly #checkEvery: number;
  readonly #exportEvery: number;
  readonly #logger: Logger;

  constructor(name: string, bufferSize: number, logger: Logger = silentLogger) {
    this.name = name;
    this.bufferSize = bufferSize;
    this.component = componentOf(name);
    this.#checkEvery = clamp(Math.trunc(bufferSize / 20), 100, 1000);
    this.#exportEvery = clamp(Math.trunc(bufferSize / 10), 100, 1000);
    this.#logger = logger;
  }

  /** True when it is time to look at the saturation: on the first send and then at a fixed stride. */
  recordSendSuccess(): boolean {
    const before = this.#counters.messagesSent;
    this.#counters.messagesSent = before + 1;
    if ((before + 1) % this.#exportEvery === 0) this.exported.messagesSent += this.#exportEvery;
    return before % this.#checkEvery === 0;
  }

  recordReceive(): void {
    this.#counters.messagesReceived += 1;
    if (this.#counters.messagesReceived % this.#exportEvery === 0) this.exported.messagesReceived += this.#exportEvery;
  }

  recordOverflowBlocked(): void {
    this.#counters.overflowEvents += 1;
    this.exported.overflowEvents += 1;
  }

  recordMessageDropped(): void {
    this.#counters.messagesDropped += 1;
    this.exported.messagesDropped += 1;
  }

  /** 0 to 1, logged from 80 %. `available` is the number of free places. */
  calculateSaturation(available: number): number {
    const saturation = saturationOf(this.bufferSize, available);
    if (saturation < DEGRADED_SATURATION) return saturation;
    const fields = { channel: this.name, component: this.component, saturation, available, bufferSize: this.bufferSize };
    if (saturation >= CRITICAL_SATURATION) this.#logger.error(fields, 'channel critically saturated');
    else this.#logger.warn(fields, 'channel saturated');
    return saturation;
  }

  checkAndWarnSaturation(available: number): void {
    this.calculateSaturation(available);
  }

  checkHealth(available: number): ChannelHealth {
    const saturation = saturationOf(this.bufferSize, available);
    if (saturation >= CRITICAL_SATURATION) return { kind: 'critical', percent: saturation * 100 };
    if (saturation >= DEGRADED_SATURATION) return { kind: 'degraded', percent: saturation * 100 };
    return { kind: 'healthy' };
  }

  metrics(): ChannelMetrics {
    const { name, component, bufferSize } = this;
    return { ...this.#counters, name, component, bufferSize, saturation: 0, health: { kind: 'healthy' } };
  }
}

function saturationOf(bufferSize: number, available: number): number {
  return bufferSize === 0 ? 0 : Math.max(bufferSize - available, 0) / bufferSize;
}

function componentOf(name: string): ChannelComponent {
  if (name.startsWith('orchestration')) return 'orchestration';
  if (name.startsWith('worker')) return 'worker';
  if (name.startsWith('shared') || name.startsWith('ffi')) return 'shared';
  return 'unknown';
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(Math.max(value, lowest), highest);
}
