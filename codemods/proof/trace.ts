// What a scenario leaves behind: its effects in order, how it ended, and what is still alive.
import { bareInBrackets, bareLabel, bareOperation, bareOrQuoted, bareTarget } from './bare-or-quoted.ts';

/** One thing the subject did to its surroundings. */
export interface Effect {
  /** The logical flow it belongs to: within one flow the order counts. */
  readonly flow: string;
  /** Path of the dependency, such as `context.log`. */
  readonly target: string;
  /** What was done: the method's name, `get`, `set`, `construct`, `call`, or a word of a typed adapter. */
  readonly operation: string;
  readonly args: readonly unknown[];
  /** What the dependency answered; absent where it answered nothing. */
  readonly answer?: Answered;
}

export type Answered =
  | { readonly kind: 'returned' | 'resolved' | 'called back'; readonly value: unknown }
  | { readonly kind: 'threw' | 'rejected'; readonly error: unknown };

/** How the scenario ended. */
export type Outcome =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown };

export interface Trace {
  readonly effects: readonly Effect[];
  readonly outcome: Outcome;
  /** Loops, timers, listeners and pending answers that outlive the scenario; sorted. */
  readonly alive: readonly string[];
}

/** A trace as text, value by value, ready to compare and to store. */
export interface RenderedEffect {
  readonly flow: string;
  readonly target: string;
  readonly operation: string;
  readonly args: readonly string[];
  readonly answer: string;
}

export interface RenderedTrace {
  readonly effects: readonly RenderedEffect[];
  readonly outcome: string;
  readonly alive: readonly string[];
}

/** The line of an effect in a golden and in a report. */
export function effectLine({ flow, target, operation, args, answer }: RenderedEffect): string {
  const who = flow === mainFlow ? '' : `[${bareOrQuoted(flow, bareInBrackets)}] `;
  const where = `${bareOrQuoted(target, bareTarget)}.${bareOrQuoted(operation, bareOperation)}`;
  return `${who}${where}(${args.join(', ')})${answer === '' ? '' : ` ${answer}`}`;
}

export const mainFlow = 'main';

/** The lines of a trace, without the flows' order lost. */
export function traceLines({ effects, outcome, alive }: RenderedTrace): readonly string[] {
  return [...effects.map(effectLine), `=> ${outcome}`, ...alive.map(aliveLine)];
}

/** The line of what is still alive. */
export function aliveLine(label: string): string {
  return `alive: ${bareOrQuoted(label, bareLabel)}`;
}
