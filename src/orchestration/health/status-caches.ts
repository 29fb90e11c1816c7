// The latest health findings, replaced whole by one writer, so that readers need no lock and never see half an evaluation.
import { channelNotEvaluated, databaseNotEvaluated, noBackpressure, queuesNotEvaluated } from './health-status.ts';
import type { HealthFindings } from './health-check-evaluator.ts';

export class StatusCaches {
  #findings: HealthFindings = {
    database: databaseNotEvaluated,
    channel: channelNotEvaluated,
    queues: queuesNotEvaluated,
    backpressure: noBackpressure,
  };
  #lastEvaluatedAtMs: number | undefined = undefined;

  get findings(): HealthFindings {
    return this.#findings;
  }

  /** Milliseconds since the epoch; undefined before the first evaluation. */
  get lastEvaluatedAtMs(): number | undefined {
    return this.#lastEvaluatedAtMs;
  }

  replace(findings: HealthFindings, evaluatedAtMs: number): void {
    this.#findings = findings;
    this.#lastEvaluatedAtMs = evaluatedAtMs;
  }
}
