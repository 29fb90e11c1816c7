// Remembers what brought the last 1,000 messages to the processor: a notification, a poll, or a caller in this process.

export type WakeSource = 'notify' | 'poll' | 'direct';

export type WokenBy = Readonly<Record<WakeSource, number>>;

const REMEMBERED = 1000;

export class WakeRecord {
  readonly #recent: WakeSource[] = [];
  #oldest = 0;
  readonly #counts: Record<WakeSource, number> = { notify: 0, poll: 0, direct: 0 };

  record(source: WakeSource): void {
    const forgotten = this.#recent[this.#oldest];
    if (forgotten !== undefined) this.#counts[forgotten] -= 1;
    this.#recent[this.#oldest] = source;
    this.#oldest = (this.#oldest + 1) % REMEMBERED;
    this.#counts[source] += 1;
  }

  snapshot(): WokenBy {
    return { ...this.#counts };
  }
}
