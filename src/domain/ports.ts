// The ports every layer may ask for: time, randomness, identifiers, logging, and the shape of what lives.

/** Wall clock and timers. Tests inject a fake; production uses `systemClock` (src/runtime/clock.ts). */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /** Runs `task` once after `delayMs`; the returned function cancels it. */
  schedule(delayMs: number, task: () => void): () => void;
}

/** Uniform number in [0, 1). */
export type Random = () => number;

/** A fresh UUID v7 as lower-case text. */
export type NewId = () => string;

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logging: fields first, then a sentence. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** Something that lives: `start` resolves when it is ready; `stop` is safe twice and before `start`. */
export interface Service {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
