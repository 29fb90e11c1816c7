// The controlled surroundings of one scenario: clock, ids, randomness, timers, flows, and the order in which answers arrive.
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { createControlledTimers } from './controlled-timers.ts';
import type { ControlledTimers } from './controlled-timers.ts';
import { proofError } from './proof-errors.ts';
import { randomSource } from './random-source.ts';
import { pickerOf } from './schedule.ts';
import type { Schedule } from './schedule.ts';
import { mainFlow } from './trace.ts';
import type { Effect, RenderedEffect } from './trace.ts';
import { renderEffect } from './render-effect.ts';
import { clockStartsAtMs } from './normalisers.ts';
import type { Normaliser } from './normalisers.ts';

export interface WorldOptions {
  readonly schedule: Schedule;
  /** Releases, timers and turns of loops after which a scenario counts as endless; default 20,000. */
  readonly stepBound?: number;
  /** What is replaced in the text of effects. */
  readonly normalisers?: readonly Normaliser[];
  /** Where the wall clock starts; default 2026-01-01T00:00:00Z. */
  readonly startsAtMs?: number;
}

interface Pending {
  readonly label: string;
  readonly release: () => void;
}

/** A scenario may run so many statements for each step it may take. */
const statementsPerStep = 20;

interface Flow {
  readonly world: World;
  readonly name: string;
}

/** A flow travels along its awaits, and with it the world it belongs to. */
const flows = new AsyncLocalStorage<Flow>();

export class World {
  readonly effects: Effect[] = [];
  readonly timers: ControlledTimers;
  readonly random: () => number;
  /** Where the wall clock started. */
  readonly startsAtMs: number;
  readonly clock: { now(): Date; monotonicMs(): number };
  readonly ids: { uuid(): string };
  readonly #pending: Pending[] = [];
  readonly #alive = new Map<string, number>();
  readonly #rendered = new WeakMap<Effect, RenderedEffect>();
  readonly #normalisers: readonly Normaliser[];
  readonly #pick: (count: number) => number;
  readonly #bound: number;
  #elapsedMs = 0;
  #drawnIds = 0;
  #steps = 0;
  #runs = 0;
  #choices = 0;
  #stray: Effect | undefined;
  #fault: Error | undefined;
  readonly #checks: (() => Error | undefined)[] = [];

  constructor({ schedule, stepBound = 20_000, normalisers = [], startsAtMs = clockStartsAtMs }: WorldOptions) {
    this.#normalisers = normalisers;
    this.#pick = pickerOf(schedule);
    this.#bound = stepBound;
    this.startsAtMs = startsAtMs;
    this.random = randomSource(1);
    this.timers = createControlledTimers({ nowMs: () => this.#elapsedMs });
    this.clock = { now: () => new Date(this.nowMs()), monotonicMs: () => this.monotonicMs() };
    this.ids = { uuid: () => this.#nextId() };
  }

  /** Milliseconds since 1970; stands still between timers. */
  nowMs(): number {
    return this.startsAtMs + this.#elapsedMs;
  }

  /** Goes on by one millisecond at each reading, so that no duration is zero. */
  monotonicMs(): number {
    this.#elapsedMs += 1;
    return this.#elapsedMs;
  }

  /** Notes an effect under the flow it happens in; its text is made now, before anybody changes an argument. */
  record(effect: Omit<Effect, 'flow'>): void {
    const flow = flows.getStore();
    const noted = { flow: flow?.name ?? mainFlow, ...effect };
    if (flow !== undefined && flow.world !== this) this.#stray ??= noted;
    this.#note(noted);
  }

  /** The texts of the effects, as they were when each happened. */
  renderedEffects(): readonly RenderedEffect[] {
    return this.effects.flatMap((effect) => this.#rendered.get(effect) ?? []);
  }

  /** An effect that another scenario's flow left in this world: that scenario went on when it was judged to be over. */
  get stray(): Effect | undefined {
    return this.#stray;
  }

  /** Throws a fault of the set-up; the scenario is not judged then, whoever catches the error. */
  refuse(fault: Error): never {
    this.#fault ??= fault;
    throw fault;
  }

  /** The first fault of the set-up. */
  get fault(): Error | undefined {
    return this.#fault;
  }

  /** Asks `find`, once the scenario is over, whether the set-up has a gap; see `RunOptions.refuseGaps`. */
  checkAtEnd(find: () => Error | undefined): void {
    this.#checks.push(find);
  }

  /** The first gap that is found. */
  gap(): Error | undefined {
    for (const find of this.#checks) {
      const found = find();
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #note(effect: Effect): void {
    this.effects.push(effect);
    this.#rendered.set(effect, renderEffect(effect, this.#normalisers));
  }

  /** Runs `work`, and all it awaits, as a flow of its own: its effects have no order towards other flows. */
  flow<T>(name: string, work: () => T): T {
    return flows.run({ world: this, name }, work);
  }

  /**
   * From here on the running continuation, and all it awaits, is the flow `name`: for a loop that the subject
   * spawned, called by a stand-in within the loop's own turn (not where the loop is spawned: that is still its maker's flow).
   */
  enterFlow(name: string): void {
    flows.enterWith({ world: this, name });
  }

  /** A promise that settles when the schedule releases it. */
  answerLater<T>(label: string, settle: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#pending.push({
        label,
        release: () => {
          try {
            resolve(settle());
          } catch (error) {
            reject(error);
          }
        },
      });
    });
  }

  /** Calls back, in the flow it belongs to, when the schedule says so; what the callback throws nobody takes. */
  callLater(label: string, callBack: () => void): void {
    const inFlow = AsyncResource.bind(callBack);
    this.#pending.push({ label, release: () => this.#catching(inFlow) });
  }

  #catching(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.recordUnhandled('uncaughtException', error);
    }
  }

  /** Resolves when no answer waits any more: timers fire only then. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.timers.setTimeout(() => resolve(), 1);
    });
  }

  /** Keeps `label` in the list of what is alive until the returned function is called. */
  keepAlive(label: string): () => void {
    this.#alive.set(label, (this.#alive.get(label) ?? 0) + 1);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const left = (this.#alive.get(label) ?? 1) - 1;
      if (left === 0) this.#alive.delete(label);
      else this.#alive.set(label, left);
    };
  }

  /** Releases one answer, or lets one timer fire where no answer waits. False when there was neither. */
  step({ timers }: { readonly timers: boolean }): boolean {
    if (this.#pending.length > 0) {
      this.countStep();
      if (this.#pending.length > 1) this.#choices += 1;
      const [next] = this.#pending.splice(this.#pick(this.#pending.length), 1);
      next?.release();
      return true;
    }
    const due = timers ? this.timers.takeNext() : undefined;
    if (due === undefined) return false;
    this.countStep();
    this.#elapsedMs = Math.max(this.#elapsedMs, due.atMs);
    this.#catching(() => due.fire());
    return true;
  }

  /** An error of the subject that nobody takes: node would end the process, so it is an effect. */
  recordUnhandled(operation: 'uncaughtException' | 'unhandledRejection', error: unknown): void {
    // Of an endless scenario nothing but its end is told.
    if (!this.isEndless) this.#note({ flow: mainFlow, target: 'process', operation, args: [error] });
  }

  /** Counts a statement that ran, so that a recursion without loops, timers and answers ends too. */
  countStatement(): void {
    this.#runs += 1;
    if (this.#runs > this.#bound * statementsPerStep) this.countStep();
  }

  /** Counts a step; throws once the bound is reached, and at each step after it. */
  countStep(): void {
    this.#steps += 1;
    if (!this.isEndless) return;
    throw proofError(
      'PROOF_SCENARIO_DOES_NOT_END',
      `The scenario took more than ${this.#bound} steps (answers, timers and turns of loops, or ${statementsPerStep} statements for each); last effect: ` +
        `${this.#lastEffect()}. Let a dependency answer so that the loop ends, or raise stepBound.`,
    );
  }

  get isEndless(): boolean {
    return this.#steps > this.#bound || this.#runs > this.#bound * statementsPerStep;
  }

  /** How often more than one answer waited, so that the schedule decided. */
  get choices(): number {
    return this.#choices;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Timers, listeners, loops and answers that are still there; with how often where more than once. */
  alive(): readonly string[] {
    const counted = new Map(this.#alive);
    for (const label of [...this.timers.pending(), ...this.#pending.map((each) => `answer ${each.label}`)])
      counted.set(label, (counted.get(label) ?? 0) + 1);
    return [...counted].map(([label, count]) => (count === 1 ? label : `${label} (${count})`)).toSorted();
  }

  #lastEffect(): string {
    const last = this.effects.at(-1);
    return last === undefined ? 'none' : `${last.target}.${last.operation}`;
  }

  #nextId(): string {
    this.#drawnIds += 1;
    return `00000000-0000-4000-8000-${this.#drawnIds.toString(16).padStart(12, '0')}`;
  }
}
