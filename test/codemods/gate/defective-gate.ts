// Small re-creations of the fourteen defects of a real project's coverage scripts, written anew to hold the gate against.

export interface Unit {
  readonly name: string;
  readonly covered: number;
  readonly total: number;
}

type Thresholds = Readonly<Record<string, number>>;

const percent = ({ covered, total }: Unit): number => (total === 0 ? 0 : (covered * 100) / total);

/** G-1: without a file of thresholds there are none, and everything is above nothing. */
export function g1Passes(units: readonly Unit[], thresholds: Thresholds | undefined): boolean {
  return units.every((unit) => percent(unit) >= (thresholds?.[unit.name] ?? 0));
}

/** G-2: only units that brought a report are looked at. */
export function g2Passes(reports: readonly Unit[], thresholds: Thresholds): boolean {
  return reports.every((unit) => percent(unit) >= (thresholds[unit.name] ?? 0));
}

/** G-3: what does not parse is skipped with a warning. */
export function g3Passes(texts: readonly string[], threshold: number): boolean {
  return texts.every((text) => {
    try {
      return (JSON.parse(text) as { percent: number }).percent >= threshold;
    } catch {
      return true;
    }
  });
}

/** G-4: an aggregate that is there is taken, whatever commit it is of. */
export function g4Passes(
  aggregate: { readonly commit: string; readonly percent: number },
  _head: string,
  threshold: number,
): boolean {
  return aggregate.percent >= threshold;
}

/** G-5: the tool's own total decides, the list of files only decorates. */
export function g5Passes(total: Unit, _files: readonly Unit[], threshold: number): boolean {
  return percent(total) >= threshold;
}

/** G-6: a filter that matches no file is dropped. */
export function g6Files(files: readonly string[], prefix: string): readonly string[] {
  const matching = files.filter((file) => file.startsWith(prefix));
  return matching.length > 0 ? matching : files;
}

/** G-7: lines are all that is judged. */
export function g7Passes(lines: Unit, _branches: Unit, threshold: number): boolean {
  return percent(lines) >= threshold;
}

/** G-8: the lines of inline tests are coverable, and covered since they run. */
export function g8Percent(code: Unit, inlineTests: Unit): number {
  return percent({ name: 'all', covered: code.covered + inlineTests.covered, total: code.total + inlineTests.total });
}

/** G-9: lines of any language are added up. */
export function g9Total(units: readonly Unit[]): number {
  return units.reduce((sum, unit) => sum + unit.total, 0);
}

/** G-10: of two reports on a file the one with more covered lines wins. */
export function g10Covered(first: readonly number[], second: readonly number[]): number {
  return Math.max(first.length, second.length);
}

/** G-11: no report is a report of zeros, and the unit is not listed. */
export function g11Passes(report: Unit | undefined, thresholds: Thresholds): boolean {
  const unit = report ?? { name: 'typescript', covered: 0, total: 0 };
  return percent(unit) >= (thresholds[unit.name] ?? 0);
}

/** G-12: whatever ran is collected, failed tests or not. */
export function g12Passes(unit: Unit, _failedTests: number, threshold: number): boolean {
  return percent(unit) >= threshold;
}

/** G-13: nobody asks which test files were run. */
export function g13Passes(unit: Unit, _testFiles: readonly string[], _ran: readonly string[]): boolean {
  return unit.total > 0;
}

/** G-14: dead code that its tests keep warm counts as covered. */
export function g14Passes(unit: Unit, _deadMembers: number, threshold: number): boolean {
  return percent(unit) >= threshold;
}
