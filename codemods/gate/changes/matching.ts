// Which code line of the base each present code line is: pairs that are found once and never taken back.
import type { CodeLine } from './code-lines.ts';

/** The code lines of several files, one file after another. */
export interface Side {
  readonly lines: readonly CodeLine[];
  /** For each line, the number of its file. */
  readonly files: readonly number[];
}

/** Consecutive lines of one file of each side that are pairwise equal. */
export interface Run {
  readonly base: number;
  readonly present: number;
  readonly length: number;
}

/** Indices of a part of each side, `to` not included. */
export interface Window {
  readonly base: { readonly from: number; readonly to: number };
  readonly present: { readonly from: number; readonly to: number };
}

const FREE = -1;
/** Part of a statement that was only broken into lines differently: the same code, without a line of its own on the other side. */
const PART = -2;

/** Pairs of lines; a line of either side is in one pair at most. */
export class Matching {
  readonly base: Side;
  readonly present: Side;
  readonly #toPresent: number[];
  readonly #toBase: number[];

  constructor(base: Side, present: Side) {
    this.base = base;
    this.present = present;
    this.#toPresent = base.lines.map(() => FREE);
    this.#toBase = present.lines.map(() => FREE);
  }

  isBaseFree(at: number): boolean {
    return this.#toPresent[at] === FREE;
  }

  isPresentFree(at: number): boolean {
    return this.#toBase[at] === FREE;
  }

  /** The base line a present line is paired with; undefined when it is new, or part of a statement broken differently. */
  baseOf(present: number): number | undefined {
    const found = this.#toBase[present];
    return found === undefined || found < 0 ? undefined : found;
  }

  presentOf(base: number): number | undefined {
    const found = this.#toPresent[base];
    return found === undefined || found < 0 ? undefined : found;
  }

  /** Whether both are still free and say the same. */
  canPair(base: number, present: number): boolean {
    return (
      this.isBaseFree(base) && this.isPresentFree(present) && this.base.lines[base]?.key === this.present.lines[present]?.key
    );
  }

  arePaired(base: number, present: number): boolean {
    return this.#toPresent[base] === present;
  }

  /** Whether the two indices are `step` further in the same files as these. */
  staysInFiles(base: number, present: number, step: Readonly<{ base: number; present: number }>): boolean {
    return (
      this.base.files[base + step.base] === this.base.files[base] &&
      this.present.files[present + step.present] === this.present.files[present]
    );
  }

  pair(base: number, present: number): void {
    this.#toPresent[base] = present;
    this.#toBase[present] = base;
  }

  pairRun(run: Run): void {
    for (let at = 0; at < run.length; at += 1) this.pair(run.base + at, run.present + at);
  }

  keepPresent(at: number): void {
    this.#toBase[at] = PART;
  }

  keepBase(at: number): void {
    this.#toPresent[at] = PART;
  }
}
