// Floors of coverage: of the project, of a folder, of a file, or of each file under a folder.
import { isUnder } from '../kernel/glob.ts';
import type { Floor } from './config.ts';
import type { Metric } from './coverage-model.ts';
import { metrics } from './coverage-model.ts';
import type { FileFacts, Totals } from './facts.ts';
import { exactPercent, measured, percentOf, totalOf } from './facts.ts';
import type { Failure, FailureCode } from './failure.ts';

/** One floor and what was measured under it, files released from coverage left out. */
export interface FloorResult {
  readonly floor: Floor;
  readonly measured: Totals;
  readonly pass: boolean;
}

const codes: Readonly<Record<Metric, FailureCode>> = {
  lines: 'GATE_FLOOR_LINES',
  branches: 'GATE_FLOOR_BRANCHES',
  functions: 'GATE_FLOOR_FUNCTIONS',
  statements: 'GATE_FLOOR_STATEMENTS',
};

/** Line numbers as ranges, the first five of them. */
export function ranges(lines: readonly number[]): string {
  const parts: { from: number; to: number }[] = [];
  for (const line of lines) {
    const last = parts.at(-1);
    if (last !== undefined && line === last.to + 1) last.to = line;
    else parts.push({ from: line, to: line });
  }
  const shown = parts.slice(0, 5).map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  return parts.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
}

function openOf(file: FileFacts, metric: Metric): number {
  const { total, covered } = measured(file, metric);
  return total - covered;
}

/** The three files with the most to gain, with the lines or the number of what no test reached. */
function cheapest(files: readonly FileFacts[], metric: Metric): readonly FileFacts[] {
  return files
    .filter((file) => openOf(file, metric) > 0)
    .toSorted((left, right) => openOf(right, metric) - openOf(left, metric) || (left.file < right.file ? -1 : 1))
    .slice(0, 3);
}

function nameOf(file: FileFacts, metric: Metric): string {
  if (metric === 'lines' && file.openLines.length > 0) return `${file.file}:${ranges(file.openLines)}`;
  return `${file.file} (${openOf(file, metric)} ${metric === 'branches' ? 'arms' : metric})`;
}

/** Files that a floor sums over. */
export function counted(files: readonly FileFacts[], under: string): readonly FileFacts[] {
  return files.filter((file) => file.exempt === undefined && isUnder(file.file, under));
}

/** One place and what it has to reach. */
interface Demand {
  readonly at: string;
  readonly files: readonly FileFacts[];
  readonly metric: Metric;
  readonly required: number;
}

function shortfall({ at, files, metric, required }: Demand): readonly Failure[] {
  const code = codes[metric];
  const silent = files.find((file) => metric !== 'lines' && file.unknown.includes(metric));
  if (silent !== undefined && required > 0) {
    const message = `${at} requires ${required} % of ${metric}, and the report says nothing of them in ${silent.file}. Write coverage-final.json, or drop that floor.`;
    return [{ code, file: at, message, required }];
  }
  const { total, covered } = measured(totalOf(files), metric);
  if (covered * 100 >= required * total) return [];
  const worst = cheapest(files, metric);
  const found = `${metric} ${exactPercent(covered, total)} % (${covered} of ${total})`;
  const gain = worst.map((file) => nameOf(file, metric)).join('; ');
  const line = worst.length === 1 && worst[0]?.file === at ? worst[0].openLines[0] : undefined;
  return [
    {
      code,
      file: at,
      message: `${at} has ${found}, required ${required} %. Most to gain: ${gain}.`,
      measured: percentOf(covered, total),
      required,
      ...(line !== undefined && { line }),
    },
  ];
}

function demandsOf(floor: Floor, files: readonly FileFacts[]): readonly Demand[] {
  const under = counted(files, floor.under);
  const places =
    floor.each === true ? under.map((file) => ({ at: file.file, files: [file] })) : [{ at: floor.under, files: under }];
  return places.flatMap((place) => metrics.map((metric) => ({ ...place, metric, required: floor[metric] ?? 0 })));
}

function failuresOf(floor: Floor, files: readonly FileFacts[]): readonly Failure[] {
  if (counted(files, floor.under).length > 0) return demandsOf(floor, files).flatMap(shortfall);
  const message = `The floor of ${floor.under} has no source file under it. Correct its \`under\`, or remove it.`;
  return [{ code: 'GATE_FLOOR_EMPTY', file: floor.under, message }];
}

export interface FloorVerdicts {
  readonly results: readonly FloorResult[];
  readonly failures: readonly Failure[];
}

/** Judges every floor, in their order. */
export function floorRules(floors: readonly Floor[], files: readonly FileFacts[]): FloorVerdicts {
  const judged = floors.map((floor) => ({ floor, failures: failuresOf(floor, files) }));
  return {
    results: judged.map(({ floor, failures }) => ({
      floor,
      measured: totalOf(counted(files, floor.under)),
      pass: failures.length === 0,
    })),
    failures: judged.flatMap(({ failures }) => failures),
  };
}
