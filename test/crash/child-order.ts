// What the crash tests and their child processes tell each other.
export interface ChildOrder {
  readonly role: 'orchestrator' | 'worker';
  readonly databaseUrl: string;
}

/** Twice: connected, then started with the uuid that stands in the transitions of this process. */
export interface ChildReady {
  readonly ready: true;
  readonly actorUuid: string | undefined;
}
