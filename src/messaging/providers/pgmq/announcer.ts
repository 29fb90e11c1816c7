// Decides when announcements go out: local subscribers in the same tick, other processes at once and then every 5 ms.
import { messageOf } from '../../../domain/errors.ts';
import type { Clock, Logger } from '../../../domain/ports.ts';
import type { Announcement } from './announcement.ts';

/**
 * NOTIFY takes a lock over the whole cluster at commit. One statement per 5 ms keeps 90-98 % of the commit throughput at
 * 50 writers; one per commit keeps 20-30 %. The first announcement of a quiet period does not wait.
 */
export const coalesceMs = 5;

/**
 * So many announcements may go out at once before the pace of one per 5 ms sets in. A chain of steps announces every 3 to
 * 5 ms from each process: with a burst of one, half of its messages waited for the window (up to 5 ms of a 4 ms step).
 */
export const announcementBurst = 3;

/** More ids than fit into one payload are not worth remembering: the payload says that it is truncated. */
const maxPendingIds = 4_000;

export interface AnnouncerOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tellLocal: (announcement: Announcement) => void;
  /** One statement for all of them. A rejection drops them: a lost announcement costs one fallback poll. */
  readonly tellOthers: (announcements: readonly Announcement[]) => Promise<void>;
  /** Default `announcementBurst`. */
  readonly burst?: number;
}

export interface AnnouncerCounts {
  /** Statements that reached the server. */
  readonly sentStatements: number;
  readonly droppedAnnouncements: number;
}

export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #local = new PendingAnnouncements();
  readonly #remote = new PendingAnnouncements();
  /** Something was announced in this tick. */
  #tickScheduled = false;
  #pumping = false;
  /** Statements that may go out now; grows by one per 5 ms up to the burst. */
  #credit: number;
  #creditAt: number;
  #endPause: () => void = () => {};
  #inFlight: Promise<void> | undefined;
  #closed = false;
  #failing = false;
  #sentStatements = 0;
  #droppedAnnouncements = 0;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    this.#credit = options.burst ?? announcementBurst;
    this.#creditAt = options.clock.now();
  }

  /** Gathers what is announced in one tick, so that a batch over several queues is one statement. */
  announce(queueName: string, messageIds: readonly string[]): void {
    if (this.#closed) return;
    this.#local.add(queueName, messageIds);
    this.#remote.add(queueName, messageIds);
    if (this.#tickScheduled) return;
    this.#tickScheduled = true;
    queueMicrotask(() => this.#endTick());
  }

  counts(): AnnouncerCounts {
    return { sentStatements: this.#sentStatements, droppedAnnouncements: this.#droppedAnnouncements };
  }

  /** Sends what is still pending and waits for it. Safe twice. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#endPause();
    await this.#inFlight;
    this.#send();
    await this.#inFlight;
  }

  #endTick(): void {
    this.#tickScheduled = false;
    for (const announcement of this.#local.take()) this.#options.tellLocal(announcement);
    void this.#pump();
  }

  /** Never two statements at a time: one that takes long makes the next one gather more. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    while (!this.#closed && !this.#remote.isEmpty()) {
      const waitMs = this.#waitForCreditMs();
      if (waitMs > 0) {
        await this.#pause(waitMs);
        continue;
      }
      this.#credit -= 1;
      this.#send();
      await this.#inFlight;
    }
    this.#pumping = false;
  }

  #waitForCreditMs(): number {
    const now = this.#options.clock.now();
    this.#credit = Math.min(this.#options.burst ?? announcementBurst, this.#credit + (now - this.#creditAt) / coalesceMs);
    this.#creditAt = now;
    return this.#credit >= 1 ? 0 : Math.ceil((1 - this.#credit) * coalesceMs);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.schedule(ms, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }

  #send(): void {
    const announcements = this.#remote.take();
    if (announcements.length === 0) return;
    this.#inFlight = this.#options.tellOthers(announcements).then(
      () => this.#noteSent(),
      (thrown: unknown) => this.#noteDropped(announcements.length, thrown),
    );
  }

  #noteSent(): void {
    this.#sentStatements += 1;
    if (!this.#failing) return;
    this.#failing = false;
    this.#options.logger.info({ droppedAnnouncements: this.#droppedAnnouncements }, 'announcements go out again');
  }

  /** One warning per outage: announcements are frequent, and each one lost costs no more than a poll. */
  #noteDropped(count: number, thrown: unknown): void {
    this.#droppedAnnouncements += count;
    if (this.#failing) return;
    this.#failing = true;
    this.#options.logger.warn(
      { error: messageOf(thrown) },
      'announcements are dropped; other processes find messages by polling',
    );
  }
}

class PendingAnnouncements {
  #byQueue = new Map<string, { ids: string[]; count: number; truncated: boolean }>();

  /** No ids means that messages wait which the caller cannot name. */
  add(queueName: string, messageIds: readonly string[]): void {
    const entry = this.#byQueue.get(queueName) ?? { ids: [], count: 0, truncated: false };
    const room = messageIds.slice(0, Math.max(0, maxPendingIds - entry.ids.length));
    entry.ids.push(...room);
    entry.count += messageIds.length;
    entry.truncated ||= messageIds.length === 0 || room.length < messageIds.length;
    this.#byQueue.set(queueName, entry);
  }

  isEmpty(): boolean {
    return this.#byQueue.size === 0;
  }

  take(): readonly Announcement[] {
    const taken = [...this.#byQueue].map(([queueName, { ids, count, truncated }]) => ({
      queueName,
      messageIds: ids,
      messageCount: count,
      truncated,
    }));
    this.#byQueue = new Map();
    return taken;
  }
}
