// One shape for the statistics of the processor, event system, poller and listener: plain counters owned by one loop.

export interface ComponentSnapshot<Counters> {
  readonly counters: Readonly<Counters>;
  /** Milliseconds since the epoch; undefined before the first start. */
  readonly startedAtMs: number | undefined;
  /** Milliseconds since the epoch; undefined before the first event. */
  readonly lastEventAtMs: number | undefined;
}

/**
 * Monotonic counters with their times. JavaScript runs one callback at a time, so the owner writes `counters.x += 1`
 * with neither lock nor atomic; everyone else reads `snapshot()`, an independent copy.
 */
export class ComponentStatistics<Counters extends Record<string, number>> {
  readonly counters: Counters;
  startedAtMs: number | undefined = undefined;
  lastEventAtMs: number | undefined = undefined;

  constructor(initial: Counters) {
    this.counters = { ...initial };
  }

  snapshot(): ComponentSnapshot<Counters> {
    return { counters: { ...this.counters }, startedAtMs: this.startedAtMs, lastEventAtMs: this.lastEventAtMs };
  }
}

/** Spec 4.7. `messagesProcessed` counts queued commands, `messagesSetAside` poison messages. */
export type PollerCounters = {
  pollingCycles: number;
  messagesProcessed: number;
  messagesSetAside: number;
  pollingErrors: number;
};

/** Spec 4.6. `eventsReceived` counts notifications; the `…Processed` counters count the messages they named. */
export type ListenerCounters = {
  eventsReceived: number;
  stepResultsProcessed: number;
  taskRequestsProcessed: number;
  taskFinalizationsProcessed: number;
  unknownEvents: number;
  connectionErrors: number;
};

export const noPollerCounts: PollerCounters = {
  pollingCycles: 0,
  messagesProcessed: 0,
  messagesSetAside: 0,
  pollingErrors: 0,
};

export const noListenerCounts: ListenerCounters = {
  eventsReceived: 0,
  stepResultsProcessed: 0,
  taskRequestsProcessed: 0,
  taskFinalizationsProcessed: 0,
  unknownEvents: 0,
  connectionErrors: 0,
};
