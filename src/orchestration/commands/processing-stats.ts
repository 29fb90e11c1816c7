// What the command processor counts (spec 7.4): plain counters with one writer, so no lock and no atomics.
import { ComponentStatistics, type ComponentSnapshot } from '../component-statistics.ts';

export type ProcessingCounters = {
  taskRequestsProcessed: number;
  stepResultsProcessed: number;
  tasksFinalized: number;
  /** Ready tasks picked up by the recovery sweep; the processor itself never touches it. */
  tasksReadyProcessed: number;
  processingErrors: number;
  /** Signals whose message another orchestrator had already taken: neither a success nor an error. */
  messagesNotFound: number;
};

export type ProcessingSnapshot = ComponentSnapshot<ProcessingCounters>;

export class ProcessingStats extends ComponentStatistics<ProcessingCounters> {
  constructor() {
    super({
      taskRequestsProcessed: 0,
      stepResultsProcessed: 0,
      tasksFinalized: 0,
      tasksReadyProcessed: 0,
      processingErrors: 0,
      messagesNotFound: 0,
    });
  }
}
