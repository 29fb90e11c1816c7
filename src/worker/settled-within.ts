// Waits for work to settle, but only so long: what bounds the end of a worker.
import type { Clock } from '../domain/ports.ts';

/** False when the time is up first. Work that fails has settled as well; whoever started it hears of the failure. */
export function settledWithin(clock: Clock, withinMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(withinMs, () => resolve(false));
    const settled = () => {
      cancel();
      resolve(true);
    };
    work.then(settled, settled);
  });
}
