// Runs asynchronous acts one after the other, so that the start and stop of a service never interleave.

export type InTurn = <T>(act: () => Promise<T>) => Promise<T>;

/** Each act begins when the one before has ended, whether well or badly. */
export function createInTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const result = last.then(act);
    last = result.catch(() => undefined);
    return result;
  };
}
