// Checks that acts wait for each other and that a failure does not stop the queue.
import { expect, it } from 'vitest';
import { createInTurn } from '../../src/orchestration/in-turn.ts';

it('runs one act after the other, also after a failure', async () => {
  const inTurn = createInTurn();
  const log: string[] = [];
  const act =
    (name: string, fails = false) =>
    async (): Promise<string> => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
  const results = await Promise.allSettled([inTurn(act('a')), inTurn(act('b', true)), inTurn(act('c'))]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});
