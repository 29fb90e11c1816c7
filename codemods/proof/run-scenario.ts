// Runs one scenario to its end under one schedule, and renders what it did.
import { renderValue } from './render-value.ts';
import type { Normaliser } from './normalisers.ts';
import { proofError } from './proof-errors.ts';
import { noteRejections } from './note-rejections.ts';
import { fifo } from './schedule.ts';
import type { Schedule } from './schedule.ts';
import { mainFlow, traceLines } from './trace.ts';
import type { Answered, RenderedEffect, RenderedTrace } from './trace.ts';
import { World } from './world.ts';

export interface RunOptions {
  readonly schedule?: Schedule;
  readonly normalisers?: readonly Normaliser[];
  readonly stepBound?: number;
}

/** What a scenario does: builds its stand-ins in the world, drives the subject, and answers with what it saw. */
export type ScenarioRun = (world: World) => unknown;

type Ended =
  | { readonly kind: 'running' }
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown };

/** Runs until the scenario has ended and nothing is left to release; timers fire only while it has not ended. */
export async function runScenario(run: ScenarioRun, options: RunOptions = {}): Promise<RenderedTrace> {
  const { schedule = fifo, normalisers = [], stepBound } = options;
  const world = new World({ schedule, ...(stepBound === undefined ? {} : { stepBound }) });
  let ended: Ended = { kind: 'running' };
  const restore = noteRejections((error) => world.recordUnhandled('unhandledRejection', error));
  void (async () => world.flow(mainFlow, () => run(world)))().then(
    (value: unknown) => {
      ended = { kind: 'returned', value };
    },
    (error: unknown) => {
      ended = { kind: 'threw', error };
    },
  );
  const isRunning = (): boolean => ended.kind === 'running';
  try {
    do await drained();
    while (world.step({ timers: isRunning() }));
    // What the last step rejected is known only after it.
    await drained();
  } finally {
    restore();
  }
  // Counting once more throws where the subject has swallowed the error of the bound.
  if (world.isEndless) world.countStep();
  return render(world, ended, normalisers);
}

/** Everything that microtasks can do has been done. */
function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function render(world: World, ended: Ended, normalisers: readonly Normaliser[]): RenderedTrace {
  const text = (value: unknown): string => renderValue(value, normalisers);
  const effects = world.effects.map(({ flow, target, operation, args, answer }): RenderedEffect => ({
    flow,
    target,
    operation,
    args: args.map(text),
    answer: answerText(answer, text),
  }));
  return { effects, outcome: outcomeText(ended, text), alive: world.alive() };
}

function answerText(answer: Answered | undefined, text: (value: unknown) => string): string {
  if (answer === undefined) return '';
  return `${answer.kind} ${text('value' in answer ? answer.value : answer.error)}`;
}

function outcomeText(ended: Ended, text: (value: unknown) => string): string {
  if (ended.kind === 'running') return 'waits for ever';
  return ended.kind === 'returned' ? `returned ${text(ended.value)}` : `threw ${text(ended.error)}`;
}

/** Runs twice; two different traces of equal runs are an error that names the first effect that moved. */
export async function runTwice(run: ScenarioRun, options: RunOptions = {}): Promise<RenderedTrace> {
  const first = await runScenario(run, options);
  const second = await runScenario(run, options);
  const [one, other] = [traceLines(first), traceLines(second)];
  const at = one.findIndex((line, nr) => line !== other[nr]);
  const moved = at === -1 && one.length !== other.length ? Math.min(one.length, other.length) : at;
  if (moved === -1) return first;
  throw proofError(
    'PROOF_SUBJECT_NOT_DETERMINISTIC',
    `Two equal runs differ at effect ${moved + 1}: first ${one[moved] ?? 'nothing'}, then ${other[moved] ?? 'nothing'}. ` +
      'Replace the dependency that brings chance in, or take clock, ids and randomness from the world.',
  );
}
