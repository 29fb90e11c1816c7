// Counts the orchestrator's decisions in the database's circuit breaker, so that health shows a database that answers pings only.
import { TaskerError } from '../domain/errors.ts';
import type { CommandHandlers } from '../orchestration/commands/commands.ts';
import type { CircuitBreaker } from '../orchestration/health/circuit-breaker.ts';
import type { OrchestrationCore } from '../orchestration/lifecycle/orchestration-core.ts';

export type WatchedCore = CommandHandlers & Pick<OrchestrationCore, 'reevaluate' | 'announce'>;

/**
 * Watched, not refused: the messages are in the database that fails, so there is no load to keep away from it, and a refusal
 * of 30 s would outlast most outages.
 */
export function watchDecisions(core: WatchedCore, breaker: CircuitBreaker): WatchedCore {
  const watch = <T>(decide: () => Promise<T>): Promise<T> => breaker.observe(decide, isOfDatabase);
  const takeStepResults = core.takeStepResults?.bind(core);
  return {
    initializeTasks: (requests) => core.initializeTasks(requests),
    processStepResults: (results) => watch(() => core.processStepResults(results)),
    finalizeTasks: (taskUuids) => watch(() => core.finalizeTasks(taskUuids)),
    ...(takeStepResults === undefined ? {} : { takeStepResults: (ids) => watch(() => takeStepResults(ids)) }),
    reevaluate: (taskUuids) => watch(() => core.reevaluate(taskUuids)),
    announce: (sent) => core.announce(sent),
  };
}

const ofDatabase: ReadonlySet<string> = new Set([
  'STORE_UNREACHABLE',
  'STORE_FAILED',
  'SCHEMA_MISSING',
  'DATABASE_RIGHTS_MISSING',
]);

/** Any other refusal is an answer, and the database gave it. */
function isOfDatabase(thrown: unknown): boolean {
  return !(thrown instanceof TaskerError) || ofDatabase.has(thrown.code);
}
