// A claim a plan makes about code, checkable: the lint checks those about the input, the executor those about the result.
import type { Workspace } from '../kernel/workspace.ts';

/** What a check of one claim found. */
export interface ClaimResult {
  readonly holds: boolean;
  /** What the code says, with the number or name found. */
  readonly found: string;
  /** File and line where it was looked at, when there is one. */
  readonly at?: string;
}

/** Names, numbers and lists of names a claim quotes. */
export type Quotes = Readonly<Record<string, string | number | readonly string[]>>;

/** One checkable sentence of a plan. */
export interface Claim {
  /** The sentence, with its numbers and names, as a reader of the plan sees it. */
  readonly says: string;
  /** Where the plan says it (section or table), or why it is asked for. */
  readonly source?: string;
  /** Everything the sentence quotes, so that a mutation of one of them must be noticed. */
  readonly quotes: Quotes;
  /** The same claim with other quotes. */
  withQuotes(quotes: Quotes): Claim;
  check(workspace: Workspace): ClaimResult;
}
