// The numbers that say whether a merge is worth it, and the rules that refuse it when it is not.
import { commentsOf } from '../kernel/comments.ts';
import { leastSimilarity } from './clone-alignment.ts';

/** Below this share of common tokens two pieces of code are not versions of one. */
export const LEAST_SIMILARITY = 0.8;

/** The helper and its calls may have this share of the lines that the clones had. */
export const MOST_LINES_SHARE = 0.8;

export const MOST_PARAMETERS = 6;

/** A helper with a greater share of optional lines does not say any more what it does. */
export const MOST_CONDITIONAL_SHARE = 0.4;

/** A rule that an operation may override with a reason. */
export type MergeRule = 'similarity' | 'net-lines' | 'parameters' | 'conditional-lines';

export interface RuleResult {
  readonly rule: MergeRule;
  readonly code: string;
  readonly holds: boolean;
  /** What was measured, and the bound. */
  readonly numbers: string;
}

export interface Measured {
  readonly originals: readonly string[];
  readonly helper: string;
  readonly calls: readonly string[];
  readonly parameters: number;
  /** How the helper reaches what is optional: `descriptor.x`. */
  readonly optional: readonly string[];
}

/** Lines with code: no blank ones, none that hold only a comment. */
export function codeLines(text: string): number {
  let code = text;
  for (const { start, end } of commentsOf('code.ts', text)) {
    code = code.slice(0, start) + code.slice(start, end).replaceAll(/[^\n]/g, ' ') + code.slice(end);
  }
  return code.split('\n').filter((line) => line.trim() !== '').length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function rounded(share: number): string {
  return share.toFixed(2);
}

/** How alike the clones are. */
export function similarityRule(originals: readonly string[]): RuleResult {
  const similarity = leastSimilarity(originals);
  return {
    rule: 'similarity',
    code: 'REFIT_MERGE_SIMILARITY',
    holds: similarity >= LEAST_SIMILARITY,
    numbers: `token similarity of the least similar pair ${rounded(similarity)}, at least ${rounded(LEAST_SIMILARITY)}`,
  };
}

/** The rules with their numbers, in the order they are judged. */
export function rulesOf(measured: Measured): readonly RuleResult[] {
  const before = sum(measured.originals.map(codeLines));
  const helper = codeLines(measured.helper);
  const calls = sum(measured.calls.map(codeLines));
  const share = (helper + calls) / before;
  const conditional =
    measured.helper.split('\n').filter((line) => measured.optional.some((reach) => line.includes(reach))).length / helper;
  return [
    similarityRule(measured.originals),
    {
      rule: 'net-lines',
      code: 'REFIT_MERGE_NET_LINES',
      holds: share < MOST_LINES_SHARE,
      numbers: `${String(helper)} lines of helper and ${String(calls)} of calls for ${String(before)} lines of clones: ${rounded(share)}, below ${rounded(MOST_LINES_SHARE)}`,
    },
    {
      rule: 'parameters',
      code: 'REFIT_MERGE_PARAMETERS',
      holds: measured.parameters <= MOST_PARAMETERS,
      numbers: `${String(measured.parameters)} parameters, at most ${String(MOST_PARAMETERS)}`,
    },
    {
      rule: 'conditional-lines',
      code: 'REFIT_MERGE_CONDITIONAL',
      holds: conditional <= MOST_CONDITIONAL_SHARE,
      numbers: `${rounded(conditional)} of the helper's lines are optional, at most ${rounded(MOST_CONDITIONAL_SHARE)}`,
    },
  ];
}
