// A database for scenarios: notes each statement with its answer, which is computed at once and arrives when the schedule says so.
import { isClockReading } from '../../../codemods/proof/normalisers.ts';
import type { Normaliser } from '../../../codemods/proof/normalisers.ts';
import { markStandIn } from '../../../codemods/proof/stand-in.ts';
import type { Answered } from '../../../codemods/proof/trace.ts';
import type { World } from '../../../codemods/proof/world.ts';
import { fresh } from './fresh-inputs.ts';

/** What statements answer, by name; one that throws did not succeed. */
export type Answers = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

/** Statements without an answer of their own resolve to undefined; each answer is a copy, as rows of a database are. */
export function recordedDatabase(world: World, answers: Answers): object {
  const statements = new Proxy(
    {},
    {
      get: (_, name) => (typeof name === 'string' && name !== 'then' ? statement(world, name, answers[name]) : undefined),
      has: () => false,
    },
  );
  return markStandIn(statements, 'db');
}

function statement(world: World, name: string, answer: Answers[string] = () => undefined) {
  return (...args: readonly unknown[]): Promise<unknown> => {
    const answered = tryAnswer(answer, args);
    world.record({ target: 'db', operation: name, args, answer: shown(answered) });
    return world.answerLater(`db.${name}`, () => {
      if ('error' in answered) throw answered.error;
      return answered.value;
    });
  };
}

function tryAnswer(answer: Answers[string], args: readonly unknown[]): Answered {
  try {
    return { kind: 'resolved', value: fresh(answer(...args)) };
  } catch (error) {
    return { kind: 'rejected', error };
  }
}

/** Many rows are told by their number: the scenario has made them. */
function shown(answered: Answered): Answered {
  if ('error' in answered || !Array.isArray(answered.value) || answered.value.length <= 3) return answered;
  return { ...answered, value: `${answered.value.length} rows` };
}

/** A statement that does not succeed. */
export function fails(text = 'connection lost'): () => never {
  return () => {
    throw new Error(text);
  };
}

/** One answer after the other; the last one stays. */
export function inTurn(...answers: readonly Answers[string][]): Answers[string] {
  let asked = 0;
  return (...args) => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    return answer?.(...args);
  };
}

/** Times that are stored as text. */
export const storedTimes: Normaliser = {
  name: 'stored times',
  describe: 'texts in the field at that are times on 2026-01-01, the day of the clock',
  replace: (value, key) =>
    key === 'at' && typeof value === 'string' && isClockReading(Date.parse(value)) ? '<time>' : undefined,
};
