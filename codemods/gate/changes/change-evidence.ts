// What the judge is given of a change: the texts of both sides, and the coverage the base had.
import type { FileCoverage } from '../coverage-model.ts';
import type { TextFacts } from '../source-facts.ts';
import type { SourceText } from './trace-lines.ts';

/** Files that are other than in the base; one that is new or gone is on one side only. */
export interface ChangedTexts {
  readonly base: readonly SourceText[];
  readonly present: readonly SourceText[];
}

/** Of the base's source files, by file. */
export interface CoverageOfBase {
  readonly files: ReadonlyMap<string, FileCoverage>;
  readonly facts: ReadonlyMap<string, Pick<TextFacts, 'inlineTests'>>;
}

export interface ChangeEvidence {
  /** As it was named. */
  readonly ref: string;
  /** The merge base of it and HEAD. */
  readonly commit: string;
  readonly sources: ChangedTexts;
  readonly tests: ChangedTexts;
  /** Absent when no coverage of the base was given. */
  readonly coverage?: CoverageOfBase;
  readonly notes: readonly string[];
}
