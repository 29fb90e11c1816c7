// Gives a call what its script says: at once, when the schedule says so, item by item, or by calling back.
import type { Answer, Call, Script } from './answers.ts';
import type { Answered } from './trace.ts';
import type { World } from './world.ts';

/** The answer of the call that is the nth of its path, from 0. */
export function answerFor(scripted: Script[string] | undefined, nth: number): Answer | undefined {
  if (scripted === undefined || 'is' in scripted) return undefined;
  if (!isList(scripted)) return scripted;
  return scripted[Math.min(nth, scripted.length - 1)];
}

function isList(scripted: Answer | readonly Answer[]): scripted is readonly Answer[] {
  return Array.isArray(scripted);
}

/** What a trace shows of an answer. */
export function answeredBy(answer: Answer): Answered | undefined {
  if ('returns' in answer) return answer.returns === undefined ? undefined : { kind: 'returned', value: answer.returns };
  if ('throws' in answer) return { kind: 'threw', error: answer.throws };
  if ('resolves' in answer) return { kind: 'resolved', value: answer.resolves };
  if ('rejects' in answer) return { kind: 'rejected', error: answer.rejects };
  if ('callsBack' in answer) return { kind: 'called back', value: answer.callsBack };
  return undefined;
}

export function give(world: World, call: Call, answer: Answer): unknown {
  if ('returns' in answer) return answer.returns;
  if ('throws' in answer) throw answer.throws;
  if ('resolves' in answer) return world.answerLater(call.path, () => answer.resolves);
  if ('rejects' in answer) {
    return world.answerLater(call.path, () => {
      throw answer.rejects;
    });
  }
  if ('iterates' in answer) return iterate(world, call.path, answer.iterates);
  if ('callsBack' in answer) return callBack(world, call, answer.callsBack);
  return answer.acts(call);
}

/** Calls the last function among the arguments; a call without one is not answered. */
function callBack(world: World, { path, args }: Call, values: readonly unknown[]): void {
  const callback = args.findLast((each): each is (...args: readonly unknown[]) => unknown => typeof each === 'function');
  if (callback !== undefined) world.callLater(path, () => void callback(...values));
}

/** One item at a time, each released by the schedule; alive until it is used up or left. */
export async function* iterate(world: World, path: string, items: readonly unknown[]): AsyncGenerator {
  const ended = world.keepAlive(`iteration ${path}`);
  try {
    for (const [at, item] of items.entries()) {
      yield await world.answerLater(`${path}[${at}]`, () => {
        if (item instanceof Error) throw item;
        return item;
      });
    }
  } finally {
    ended();
  }
}
