// What a comparison of effect traces says about a change: the port through which a plan run asks for it.

/** Texts that stand for files of the project: absolute path → new text, null when deleted. */
export type ChangedTexts = ReadonlyMap<string, string | null>;

/** One subject traced on the changed project and compared with the goldens of the unchanged one. */
export interface TracedSubject {
  readonly subject: string;
  readonly cases: number;
  /** Random scenarios compared between the two versions. */
  readonly random: number;
  /** First differences, one line each; empty when the behaviour is the same. */
  readonly differences: readonly string[];
  /** Differences the plan itself orders, by the id of their entry. */
  readonly allowed: readonly string[];
  readonly branchesReached: number;
  readonly branches: number;
}

export interface TraceOptions {
  /** Names of the subjects; undefined: all. */
  readonly subjects?: readonly string[];
  /** Random scenarios a subject, on top of the enumerated cases. */
  readonly random: number;
}

/** The function a proof module exports as `trace`. */
export type Trace = (changed: ChangedTexts, options: TraceOptions) => Promise<readonly TracedSubject[]>;
