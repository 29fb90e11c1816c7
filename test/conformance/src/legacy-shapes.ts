// The shapes in which scenarios hand their stand-ins to a system, as far as src is driven through them.
import type { Logger } from '../../../src/domain/ports.ts';

export interface LegacyContext {
  readonly log: Logger;
  readonly clock: { now(): Date; monotonicMs(): number };
  readonly config: { readonly eventBufferSize?: number };
  readonly database: Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;
  readonly messageClient: LegacyClient;
}

export interface LegacyClient {
  providerName(): string;
  supportsFetchById(): boolean;
  asPgmq(): PgmqClient | undefined;
  acknowledge(queueName: string, receipt: string): Promise<void>;
  sendJson(queueName: string, body: unknown): Promise<string>;
}

export interface PgmqClient {
  readSpecificMessage(queueName: string, messageId: string, visibilitySeconds: number): Promise<LegacyRow | undefined>;
}

/** A row of a queue table. */
export interface LegacyRow {
  readonly messageId: string;
  readonly payload: unknown;
  readonly readCount: number;
  readonly enqueuedAt: Date;
}

export interface LegacyMessage {
  readonly message: unknown;
  readonly handle: { readonly provider: string; readonly queueName: string; readonly receipt: string };
  readonly metadata: { readonly readCount: number; readonly enqueuedAt: Date };
}

export interface LegacyEvent {
  readonly messageId: string;
  readonly queueName: string;
  readonly namespace: string;
}

export interface LegacyError {
  readonly code?: string;
  readonly message: string;
}

export type LegacyReply = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: LegacyError };

export interface LegacyResponder {
  send(reply: unknown): boolean;
  drop(): void;
}

/** The channel that commands go into. */
export interface LegacyCommands {
  send(command: object): Promise<void>;
  capacity(): number;
  isClosed(): boolean;
}

export interface LegacyMonitor {
  recordSendSuccess(): boolean;
  checkAndWarnSaturation(available: number): void;
}

export type LegacyNotification =
  | { readonly kind: 'StepResultWithPayload'; readonly message: LegacyMessage & { readonly message: Uint8Array } }
  | { readonly kind: 'Event'; readonly event: LegacyQueueEvent }
  | { readonly kind: 'ConnectionError'; readonly error: string }
  | { readonly kind: 'Reconnected' };

export type LegacyQueueEvent =
  | { readonly kind: 'StepResult' | 'TaskRequest' | 'TaskFinalization'; readonly event: LegacyEvent }
  | { readonly kind: 'Unknown'; readonly queueName: string; readonly payload: string };

/** A component with an asynchronous factory, as the scenarios replace them. */
export interface LegacyComponentClass {
  create(...args: readonly unknown[]): Promise<LegacyComponent>;
}

export interface LegacyComponent {
  start(): Promise<void>;
  stop(): Promise<void>;
}
