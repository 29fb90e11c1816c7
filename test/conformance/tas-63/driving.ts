// How scenarios drive a subject step by step: what they do and see becomes part of the trace.
import type { World } from '../../../codemods/proof/world.ts';

/** Awaits `work` and notes how it ended as an effect of the scenario; never rejects. */
export async function attempt(world: World, operation: string, work: () => unknown): Promise<void> {
  const noted = { target: 'scenario', operation, args: [] };
  try {
    const value: unknown = await work();
    world.record(value === undefined ? noted : { ...noted, answer: { kind: 'resolved', value } });
  } catch (error) {
    world.record({ ...noted, answer: { kind: 'rejected', error } });
  }
}

/** Notes what the scenario saw. */
export function saw(world: World, operation: string, value: unknown): void {
  world.record({ target: 'scenario', operation, args: [], answer: { kind: 'returned', value } });
}

/** Does what is only needed to get somewhere: its effects are left out of the trace, `what` stands for them. */
export async function quietly(world: World, what: string, work: () => Promise<unknown>): Promise<void> {
  const from = world.effects.length;
  await work();
  world.effects.splice(from);
  world.record({ target: 'scenario', operation: 'before', args: [what] });
}

/** A clock that stands still until it is told to go on; fractions of a millisecond are possible. */
export function steppedClock(world: World) {
  let monotonicMs = 0;
  return {
    now: () => world.clock.now(),
    monotonicMs: () => monotonicMs,
    advance(byMs: number): void {
      monotonicMs += byMs;
    },
  };
}
