// What the crash tests and their child processes tell each other.
import type { DeploymentMode } from '../../src/orchestration/event-systems/deployment-mode.ts';

export interface ChildOrder {
  readonly role: 'orchestrator' | 'worker';
  readonly databaseUrl: string;
  /** Of an orchestrator; default Hybrid. */
  readonly mode?: DeploymentMode;
  /** Of a worker; default that of timing.ts. */
  readonly leaseMs?: number;
}

/** Twice: connected, then started with the uuid that stands in the transitions of this process. */
export interface ChildReady {
  readonly ready: true;
  readonly actorUuid: string | undefined;
}
