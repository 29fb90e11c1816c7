// What a worker has done so far: plain counters, written by its one event loop, read through `snapshot()`.

export interface WorkerStatisticsSnapshot {
  readonly stepsClaimed: number;
  readonly stepsSucceeded: number;
  readonly stepsFailed: number;
  /** Reports the store refused because the lease was lost or the step was cancelled or resolved. */
  readonly reportsRefused: number;
  readonly leasesLost: number;
  readonly stepsReleased: number;
  /** Messages set aside because they were no step messages or named no step. */
  readonly messagesSetAside: number;
  readonly claimErrors: number;
  readonly submitErrors: number;
  /** Sum over finished handlers, ms. */
  readonly executionTimeMs: number;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

export class WorkerStatistics {
  readonly #counters: Writable<WorkerStatisticsSnapshot> = {
    stepsClaimed: 0,
    stepsSucceeded: 0,
    stepsFailed: 0,
    reportsRefused: 0,
    leasesLost: 0,
    stepsReleased: 0,
    messagesSetAside: 0,
    claimErrors: 0,
    submitErrors: 0,
    executionTimeMs: 0,
  };

  add(counter: keyof WorkerStatisticsSnapshot, amount = 1): void {
    this.#counters[counter] += amount;
  }

  snapshot(): WorkerStatisticsSnapshot {
    return { ...this.#counters };
  }
}
