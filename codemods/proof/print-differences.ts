// Prints differences for a person: by case, each once, with the schedules that show it.
import { allSchedules } from './golden-file.ts';
import type { CaseDifference } from './prove.ts';
import { writeScheduleList } from './schedule-list.ts';
import { differenceLine } from './write-golden.ts';

/** Differences by case; equal ones of several schedules are one, which names them. Empty where there are none. */
export function printDifferences(differences: readonly CaseDifference[]): string {
  const names = [...new Set(differences.map((difference) => difference.case))];
  return names.map((name) => [name, ...linesOf(differences.filter((each) => each.case === name))].join('\n')).join('\n\n');
}

function linesOf(differences: readonly CaseDifference[]): readonly string[] {
  const schedulesByLine = new Map<string, Set<string>>();
  for (const difference of differences) {
    const line = differenceLine(difference);
    schedulesByLine.set(line, (schedulesByLine.get(line) ?? new Set()).add(difference.schedule));
  }
  return [...schedulesByLine].map(([line, schedules]) => `  ${withSchedules(line, schedules)}`);
}

/** The schedules stand at the end of the first line; where all agree there is nothing to say. */
function withSchedules(line: string, schedules: ReadonlySet<string>): string {
  if (schedules.has(allSchedules)) return line;
  return line.replace(/^.*/, (first) => `${first} (${writeScheduleList([...schedules])})`);
}
