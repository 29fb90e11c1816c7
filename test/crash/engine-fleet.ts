// Several processes of the engine at once: killed one at a time, each replaced by a new one, and every kill written down.
import type pg from 'pg';
import type { ChildOrder } from './child-order.ts';
import { databaseTimeMs } from './crash-oracle.ts';
import type { Kill } from './crash-oracle.ts';
import { startEngineProcess } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';

export interface FleetOptions {
  readonly bundle: string;
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
}

interface Member {
  readonly process: EngineProcess;
  readonly actorUuid: string;
}

export class EngineFleet {
  readonly kills: Kill[] = [];
  readonly #options: FleetOptions;
  readonly #all: EngineProcess[] = [];
  #running: readonly Member[] = [];
  #starting: Promise<void>[] = [];

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** Resolves when all of them run. */
  async start(roles: readonly ChildOrder['role'][]): Promise<void> {
    await Promise.all(roles.map((role) => this.#startOne(role)));
  }

  /** SIGKILL for the process that `choose` picks among those that run, and a new one in its place, not waited for. */
  async killOne(choose: (running: number) => number): Promise<void> {
    const member = this.#running[choose(this.#running.length)];
    if (member === undefined) throw new Error('no process runs that could be killed');
    this.#running = this.#running.filter((other) => other !== member);
    await member.process.kill();
    this.kills.push({ role: member.process.role, actorUuid: member.actorUuid, atMs: await databaseTimeMs(this.#options.pool) });
    const starting = this.#startOne(member.process.role);
    // Whoever leaves the fleet hears of the failure.
    starting.catch(() => undefined);
    this.#starting.push(starting);
  }

  /** Lets all of them stop in order; throws when one had ended before, or ends badly. */
  async leave(): Promise<void> {
    await Promise.all(this.#starting);
    this.#starting = [];
    await Promise.all(this.#running.map(({ process }) => process.leave()));
    this.#running = [];
  }

  /** For the end of a test, whatever happened in it. */
  async killAll(): Promise<void> {
    await Promise.all(this.#all.filter((process) => process.isRunning()).map((process) => process.kill()));
  }

  describeKills(): string {
    const workers = this.kills.filter(({ role }) => role === 'worker').length;
    return `${workers} workers, ${this.kills.length - workers} orchestrators`;
  }

  logs(): string {
    return this.#all.map((process) => `${process.role}:\n${process.log().slice(-2_000)}`).join('\n');
  }

  async #startOne(role: ChildOrder['role']): Promise<void> {
    const process = startEngineProcess({ ...this.#options, role });
    this.#all.push(process);
    const actorUuid = await process.go();
    this.#running = [...this.#running, { process, actorUuid }];
  }
}
