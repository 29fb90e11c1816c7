// Timers that fire when the world says so: in the order of their times, never by waiting.
import { AsyncResource } from 'node:async_hooks';

export interface DueTimer {
  readonly atMs: number;
  fire(): void;
}

export interface TimerHandle {
  ref(): TimerHandle;
  unref(): TimerHandle;
  hasRef(): boolean;
  refresh(): TimerHandle;
  close(): TimerHandle;
  [Symbol.toPrimitive](): number;
}

export interface ControlledTimers {
  setTimeout(callback: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]): TimerHandle;
  setInterval(callback: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]): TimerHandle;
  setImmediate(callback: (...args: unknown[]) => void, ...args: unknown[]): TimerHandle;
  clear(handle: unknown): void;
  /** The earliest timer, removed (an interval: set again); undefined when there is none. */
  takeNext(): DueTimer | undefined;
  /** `timeout 500 ms` and the like, one for each timer that is set. */
  pending(): readonly string[];
}

interface Timer {
  readonly id: number;
  readonly kind: 'timeout' | 'interval' | 'immediate';
  readonly delayMs: number;
  readonly run: () => void;
  atMs: number;
  order: number;
}

export function createControlledTimers({ nowMs }: { readonly nowMs: () => number }): ControlledTimers {
  const timers = new Map<number, Timer>();
  let count = 0;

  function add(kind: Timer['kind'], delayMs: number, run: () => void): TimerHandle {
    count += 1;
    const id = count;
    // A callback belongs to the flow that set its timer.
    timers.set(id, { id, kind, delayMs, run: AsyncResource.bind(run), atMs: nowMs() + delayMs, order: id });
    return handleOf(id, { refresh, clear });
  }

  function refresh(id: number): void {
    const timer = timers.get(id);
    if (timer === undefined) return;
    count += 1;
    timer.atMs = nowMs() + timer.delayMs;
    timer.order = count;
  }

  function clear(handle: unknown): void {
    if (handle !== undefined && handle !== null) timers.delete(Number(handle));
  }

  return {
    setTimeout: (callback, delayMs, ...args) => add('timeout', wholeDelayMs(delayMs), () => callback(...args)),
    setInterval: (callback, delayMs, ...args) => add('interval', wholeDelayMs(delayMs), () => callback(...args)),
    setImmediate: (callback, ...args) => add('immediate', 0, () => callback(...args)),
    clear,
    takeNext() {
      const [next] = [...timers.values()].toSorted((a, b) => a.atMs - b.atMs || a.order - b.order);
      if (next === undefined) return undefined;
      const due = { atMs: next.atMs, fire: next.run };
      if (next.kind === 'interval') {
        count += 1;
        next.atMs += next.delayMs;
        next.order = count;
      } else timers.delete(next.id);
      return due;
    },
    pending: () => [...timers.values()].map(({ kind, delayMs }) => `${kind} ${delayMs} ms`),
  };
}

/** As node has it: anything that is no delay of 1 ms to 2^31 - 1 ms becomes 1 ms, fractions are cut. */
function wholeDelayMs(delayMs: number | undefined): number {
  const wanted = Number(delayMs);
  return wanted >= 1 && wanted <= 2_147_483_647 ? Math.trunc(wanted) : 1;
}

interface HandleActs {
  readonly refresh: (id: number) => void;
  readonly clear: (id: number) => void;
}

function handleOf(id: number, { refresh, clear }: HandleActs): TimerHandle {
  let isKept = true;
  const handle: TimerHandle = {
    ref() {
      isKept = true;
      return handle;
    },
    unref() {
      isKept = false;
      return handle;
    },
    hasRef: () => isKept,
    refresh() {
      refresh(id);
      return handle;
    },
    close() {
      clear(id);
      return handle;
    },
    [Symbol.toPrimitive]: () => id,
  };
  return handle;
}
