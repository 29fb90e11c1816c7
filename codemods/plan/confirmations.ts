// Steps that are done but not yet confirmed: what says so (a test run) takes its time while later steps are carried out.
import { setImmediate } from 'node:timers/promises';
import type { Snapshot } from '../kernel/workspace.ts';
import type { StepFailure, StepRecord } from './step-record.ts';

interface Waiting {
  /** Place of the step's record. */
  readonly at: number;
  /** The project as the step found it. */
  readonly before: Snapshot;
  readonly answer: Promise<StepFailure | undefined>;
}

interface Answered {
  readonly waiting: Waiting;
  readonly failure?: StepFailure;
  readonly thrown?: unknown;
}

/** A step that was not confirmed. */
export interface Unconfirmed {
  readonly at: number;
  readonly before: Snapshot;
  readonly failure: StepFailure;
}

/** The event loop turns that a message of another process needs to arrive and to be answered. */
const TURNS = 3;

/** Answers are taken in the order of the steps: the first that fails decides. */
export class Confirmations {
  readonly #answers: Promise<Answered>[] = [];
  readonly #bad: Answered[] = [];

  add(at: number, before: Snapshot, answer: Promise<StepFailure | undefined>): void {
    const waiting = { at, before, answer };
    const settled = answer.then(
      (failure): Answered => (failure === undefined ? { waiting } : { waiting, failure }),
      (thrown: unknown): Answered => ({ waiting, thrown }),
    );
    this.#answers.push(
      settled.then((answered) => {
        if (answered.failure !== undefined || 'thrown' in answered) this.#bad.push(answered);
        return answered;
      }),
    );
  }

  /** What is known by now, after letting other processes speak. Throws what a confirmation threw. */
  async known(): Promise<Unconfirmed | undefined> {
    if (this.#answers.length > 0) for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
    return this.#first();
  }

  /** What all of them say. */
  async all(): Promise<Unconfirmed | undefined> {
    await Promise.all(this.#answers);
    return this.#first();
  }

  #first(): Unconfirmed | undefined {
    const [first] = this.#bad.toSorted((a, b) => a.waiting.at - b.waiting.at);
    if (first === undefined) return undefined;
    if (first.failure === undefined) throw first.thrown;
    return { at: first.waiting.at, before: first.waiting.before, failure: first.failure };
  }
}

/** The records once a step is undone: it failed, and nothing after it ran. */
export function withUndone(records: readonly StepRecord[], { at, failure }: Unconfirmed): readonly StepRecord[] {
  return records.map((record, index): StepRecord => {
    if (index < at) return record;
    if (index === at) return { ...record, status: 'failed', failure };
    return { ...record, status: 'not-run', operations: [], files: [], promised: [], milliseconds: 0 };
  });
}
