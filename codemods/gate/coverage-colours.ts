// The colours of coverage: from bright orange to dark blue, so that they stay apart for every kind of colour blindness and in grey.
import type { FileFacts } from './facts.ts';
import { percentOf } from './facts.ts';

export interface CoverageStep {
  /** Class of the marks that have this colour. */
  readonly name: string;
  /** What the legend says. */
  readonly label: string;
  /** The first percentage above the step. */
  readonly below: number;
  readonly fill: string;
  /** Colour of text on the fill, with a contrast of at least 4.5. */
  readonly ink: string;
}

const dark = '#14181f';
const light = '#ffffff';

/** Steps by rising coverage; the last is complete coverage alone. */
export const coverageSteps: readonly CoverageStep[] = [
  { name: 'c0', label: 'below 25%', below: 25, fill: '#ffd166', ink: dark },
  { name: 'c1', label: '25–50%', below: 50, fill: '#f9a03f', ink: dark },
  { name: 'c2', label: '50–75%', below: 75, fill: '#ea8a5e', ink: dark },
  { name: 'c3', label: '75–90%', below: 90, fill: '#9d79b5', ink: dark },
  { name: 'c4', label: '90–100%', below: 100, fill: '#3a76b8', ink: light },
  { name: 'c5', label: '100%', below: Infinity, fill: '#174a82', ink: light },
];

/** Files without a coverage of their own: nothing in them to cover, or released from coverage. */
export const plainSteps: readonly CoverageStep[] = [
  { name: 'none', label: 'nothing to cover', below: Infinity, fill: '#dcdfe4', ink: dark },
  { name: 'exempt', label: 'exempt', below: Infinity, fill: '#dcdfe4', ink: dark },
];

/** Class of a share of covered lines. */
export function coverageClass(covered: number, coverable: number): string {
  if (coverable === 0) return 'none';
  const percent = percentOf(covered, coverable);
  return coverageSteps.find(({ below }) => percent < below)?.name ?? 'c5';
}

/** Class of a file's mark. */
export function classOf(file: FileFacts): string {
  return file.exempt === undefined ? coverageClass(file.covered, file.coverable) : 'exempt';
}
