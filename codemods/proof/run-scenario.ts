// Runs one scenario to its end under one schedule, and renders what it did.
import { renderValue } from './render-value.ts';
import type { Normaliser } from './normalisers.ts';
import { proofError } from './proof-errors.ts';
import process from 'node:process';
import { RefitError } from '../kernel/refit-error.ts';
import { noteRejections } from './note-rejections.ts';
import { fifo } from './schedule.ts';
import type { Schedule } from './schedule.ts';
import { mainFlow, traceLines } from './trace.ts';
import type { RenderedTrace } from './trace.ts';
import { World } from './world.ts';

export interface RunOptions {
  readonly schedule?: Schedule;
  readonly normalisers?: readonly Normaliser[];
  readonly stepBound?: number;
  /** Throws where a strict recorder was asked for what its script does not say, or was not asked for what it says; `runTwice` always does. */
  readonly refuseGaps?: boolean;
  /** Called with the world when the scenario has been judged. */
  onEnd?(world: World): void;
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
  const world = new World({ schedule, normalisers, ...(stepBound === undefined ? {} : { stepBound }) });
  const resources = activeResources();
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
  refuseUnjudged(world, ended, resources);
  const gap = options.refuseGaps === true ? world.gap() : undefined;
  if (gap !== undefined) throw gap;
  options.onEnd?.(world);
  return {
    effects: world.renderedEffects(),
    outcome: outcomeText(ended, (value) => renderValue(value, normalisers)),
    alive: world.alive(),
  };
}

/** What is no behaviour of the subject but a fault of the set-up must not become part of a golden. */
function refuseUnjudged(world: World, ended: Ended, before: ReadonlyMap<string, number>): void {
  if (world.fault !== undefined) throw world.fault;
  if (ended.kind === 'threw' && isSetUpError(ended.error)) throw ended.error;
  if (world.stray !== undefined) {
    const { target, operation } = world.stray;
    throw proofError(
      'PROOF_SUBJECT_NOT_DETERMINISTIC',
      `${target}.${operation} was called by an earlier scenario after it was over: something in the subject waits for real time or I/O. Replace it.`,
    );
  }
  if (ended.kind !== 'running') return;
  const [kind] = [...activeResources()].find(([name, count]) => count > (before.get(name) ?? 0)) ?? [];
  if (kind === undefined) return;
  throw proofError(
    'PROOF_REAL_IO',
    `The scenario waits for real input or output (${kind}). Replace the dependency that reaches out of the process.`,
  );
}

function isSetUpError(error: unknown): error is Error {
  return error instanceof RefitError && error.code.startsWith('PROOF_');
}

/** Requests to the system that node waits for, by kind; what the process itself always has is left out. */
function activeResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (!own.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

const own: ReadonlySet<string> = new Set(['Immediate', 'TickObject', 'MessagePort', 'PipeWrap', 'TTYWrap', 'CloseReq']);

/** Everything that microtasks can do has been done. */
function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function outcomeText(ended: Ended, text: (value: unknown) => string): string {
  if (ended.kind === 'running') return 'waits for ever';
  return ended.kind === 'returned' ? `returned ${text(ended.value)}` : `threw ${text(ended.error)}`;
}

/** Runs twice; two different traces of equal runs are an error that names the first effect that moved. */
export async function runTwice(run: ScenarioRun, options: RunOptions = {}): Promise<RenderedTrace> {
  const first = await runScenario(run, { ...options, refuseGaps: true });
  const second = await runScenario(run, { ...options, refuseGaps: true });
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
