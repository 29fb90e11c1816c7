// How a process is, from what its services say of themselves: the worst of them; pure.
import type { EventSystemHealth } from '../orchestration/event-systems/event-system-health.ts';
import type { SystemHealth } from '../orchestration/health/health-check-evaluator.ts';
import type { ProcessHealth } from '../store/store.ts';

export interface OrchestratorFacts {
  readonly system: SystemHealth['status'];
  readonly events: EventSystemHealth;
}

/** Since the last report: what was long ago says nothing about now. */
export interface WorkerFacts {
  readonly stepsClaimed: number;
  readonly claimErrors: number;
}

/** Only services that run; those that were stopped on purpose are nobody's concern. */
export interface ProcessFacts {
  readonly orchestrators: readonly OrchestratorFacts[];
  readonly workers: readonly WorkerFacts[];
}

const fromWorst = ['unhealthy', 'unknown', 'degraded', 'healthy'] as const;

/** `stopped` when nothing runs. */
export function judgeProcess({ orchestrators, workers }: ProcessFacts): ProcessHealth['status'] {
  const found = new Set([...orchestrators.flatMap(statusesOf), ...workers.map(statusOf)]);
  return fromWorst.find((status) => found.has(status)) ?? 'stopped';
}

function statusesOf({ system, events }: OrchestratorFacts): readonly ProcessHealth['status'][] {
  if (events.kind === 'failed') return [system, 'unhealthy'];
  return events.isDegraded ? [system, 'degraded'] : [system];
}

/** An idle worker asks every second and gets nothing; one that gets nothing but errors serves nobody. */
function statusOf({ stepsClaimed, claimErrors }: WorkerFacts): ProcessHealth['status'] {
  return claimErrors > 0 && stepsClaimed === 0 ? 'degraded' : 'healthy';
}
