// The statistics of src with the fields that the legacy class has.
import { OrchestrationStatistics } from '../../../src/orchestration/event-systems/orchestration-statistics.ts';

export class PresentedStatistics {
  readonly #statistics: OrchestrationStatistics;

  constructor(statistics: OrchestrationStatistics = new OrchestrationStatistics()) {
    this.#statistics = statistics;
  }

  get eventsProcessed(): number {
    return this.#statistics.counters.eventsProcessed;
  }
  set eventsProcessed(value: number) {
    this.#statistics.counters.eventsProcessed = value;
  }

  get eventsFailed(): number {
    return this.#statistics.counters.eventsFailed;
  }
  set eventsFailed(value: number) {
    this.#statistics.counters.eventsFailed = value;
  }

  get operationsCoordinated(): number {
    return this.#statistics.counters.operationsCoordinated;
  }
  set operationsCoordinated(value: number) {
    this.#statistics.counters.operationsCoordinated = value;
  }

  /** 0 as long as there was no event. */
  get lastProcessingTimeMs(): number {
    return this.#statistics.lastEventAtMs ?? 0;
  }
  set lastProcessingTimeMs(value: number) {
    this.#statistics.lastEventAtMs = value;
  }

  get processingLatenciesMs(): { push(...latencies: readonly number[]): void } {
    return {
      push: (...latencies) => {
        for (const latency of latencies) this.#statistics.recordLatency(latency);
      },
    };
  }

  get processingRate(): number {
    return this.#statistics.processingRate();
  }

  get averageLatencyMs(): number {
    return this.#statistics.averageLatencyMs();
  }

  get deploymentModeScore(): number {
    return this.#statistics.deploymentModeScore();
  }

  clone(): PresentedStatistics {
    return new PresentedStatistics(this.#statistics.clone());
  }
}
