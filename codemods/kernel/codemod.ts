// What a codemod is: a reader of the project that proposes; only the kernel's apply step changes anything.
import type { Proposal } from './proposal.ts';
import type { Workspace } from './workspace.ts';

/** One option of a codemod, as the command line and the docs show it. `data` is JSON on the command line. */
export interface OptionSpec {
  readonly kind: 'text' | 'list' | 'flag' | 'number' | 'data';
  readonly required?: true;
  readonly help: string;
}

/** One operation on a project. Its file's head comment is its manual and its examples are its tests. */
export interface Codemod<Options extends object = object> {
  /** The name of its file without `.ts`: `<verb>-<object>`. */
  readonly name: string;
  readonly options: { readonly [Name in keyof Options & string]-?: OptionSpec };
  /**
   * Reads the workspace and fills `out`. Proposes nothing when the work is already done (a second run is empty),
   * throws a `Refusal` (through `out.refuse`) when a precondition does not hold. Must not change the workspace.
   */
  propose(workspace: Workspace, options: Options, out: Proposal): void;
}

/** A codemod with its options: one operation of a plan step. */
export interface Operation {
  readonly codemod: Codemod;
  readonly options: object;
}

/** Pairs a codemod with its options, checked by the compiler. */
export function use<Options extends object>(codemod: Codemod<Options>, options: Options): Operation {
  // Methods take their parameters bivariantly, so a codemod of these options counts as one of any; the pair made here is consistent.
  return { codemod, options };
}
