// Goldens: the traces of a subject as a text file that a person can review, one block a case, in stable order.
import { reasonOf } from '../kernel/refit-error.ts';
import type { RefitError } from '../kernel/refit-error.ts';
import { bareLabel, bareOrQuoted, bareTitle, unquoted } from './bare-or-quoted.ts';
import { followReferences, writeReferences } from './golden-references.ts';
import { proofError } from './proof-errors.ts';
import { parseEffectLine } from './parse-effect-line.ts';
import type { Normaliser } from './normalisers.ts';
import { listPattern, readScheduleList, writeScheduleList } from './schedule-list.ts';
import { traceLines } from './trace.ts';
import type { RenderedEffect, RenderedTrace } from './trace.ts';

/** Traces by the name of the schedule: `all` where all agree, or one for each. */
export interface GoldenCase {
  readonly name: string;
  readonly traces: ReadonlyMap<string, RenderedTrace>;
}

export interface Golden {
  readonly subject: string;
  readonly header: readonly string[];
  readonly cases: readonly GoldenCase[];
}

const format = '# refit trace golden, format 2';
/** Format 1 had a block for each schedule, and is read like the blocks of today. */
const readFormats: ReadonlySet<string | undefined> = new Set(['# refit trace golden, format 1', format]);

export function goldenHeader(
  subject: string,
  normalisers: readonly Normaliser[],
  schedules: readonly string[],
): readonly string[] {
  return [
    format,
    `# subject: ${bareOrQuoted(subject, bareLabel)}`,
    `# schedules: ${schedules.join(', ')}`,
    ...normalisers.map(({ name, describe }) => `# normalised: ${name} (${describe})`.replace(/\p{Cc}+/gu, ' ')),
  ];
}

export function writeGolden({ header, cases }: Golden): string {
  return `${[header.join('\n'), ...cases.flatMap(caseBlocks)].join('\n\n')}\n`;
}

/** A trace, and the schedules that have it. */
interface Group {
  readonly trace: RenderedTrace;
  readonly schedules: string[];
}

function groupEqual(traces: ReadonlyMap<string, RenderedTrace>): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const [schedule, trace] of traces) {
    const text = traceLines(trace).join('\n');
    const group = groups.get(text);
    if (group === undefined) groups.set(text, { trace, schedules: [schedule] });
    else group.schedules.push(schedule);
  }
  return [...groups.values()];
}

/** A block for each trace; those after the first say what they have in common with it by the numbers of its lines. */
function caseBlocks({ name, traces }: GoldenCase): readonly string[] {
  const groups = groupEqual(traces);
  const first = groups[0] === undefined ? [] : traceLines(groups[0].trace);
  return groups.map(({ trace, schedules }, at) => {
    const label = schedules.length === 1 && schedules[0] === allSchedules ? '' : ` [${writeScheduleList(schedules)}]`;
    const lines = traceLines(trace);
    return [`== ${bareOrQuoted(name, bareTitle)}${label}`, ...(at === 0 ? lines : writeReferences(lines, first))].join('\n');
  });
}

export const allSchedules = 'all';

/** Reads a golden back; `path` is for the messages. */
export function readGolden(text: string, path: string): Golden {
  const [head = '', ...blocks] = text.replace(/\n+$/, '').split('\n\n');
  const header = head.split('\n');
  if (!readFormats.has(header[0])) {
    throw proofError(
      'PROOF_GOLDEN_MALFORMED',
      `${path}: found ${JSON.stringify(header[0])}, expected "${format}". Record it again.`,
    );
  }
  const cases = new Map<string, CaseRead>();
  for (const block of blocks) addBlock(cases, block, path);
  const subject = header.find((line) => line.startsWith('# subject: '))?.slice('# subject: '.length) ?? '';
  return {
    subject: readName(subject, path),
    header: [format, ...header.slice(1)],
    cases: [...cases].map(([name, { traces }]) => ({ name, traces })),
  };
}

interface CaseRead {
  readonly traces: Map<string, RenderedTrace>;
  /** Lines of its first block, without the title. */
  readonly first: readonly string[];
}

const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
const titlePattern = new RegExp(String.raw`^== (?<name>${quoted}|(?!").+?)(?: \[(?<schedules>${listPattern})\])?$`);

function addBlock(cases: Map<string, CaseRead>, block: string, path: string): void {
  const [title = '', ...body] = block.split('\n');
  const parsed = titlePattern.exec(title)?.groups;
  if (parsed?.['name'] === undefined) throw malformedBlock(path, title);
  const name = readName(parsed['name'], path);
  const known = cases.get(name);
  const lines = followed(body, known?.first ?? [], path);
  const trace = readTrace(lines, title, path);
  const { traces } = known ?? { traces: new Map<string, RenderedTrace>() };
  if (known === undefined) cases.set(name, { traces, first: lines });
  for (const schedule of readSchedules(parsed['schedules'], path)) {
    if (traces.has(schedule))
      throw malformed(path, `the block ${JSON.stringify(title)} stands there twice. Give each case its own name.`);
    traces.set(schedule, trace);
  }
}

function readTrace(lines: readonly string[], title: string, path: string): RenderedTrace {
  const end = lines.findIndex((line) => line.startsWith('=> '));
  const alive = lines.slice(end + 1);
  if (end === -1 || !alive.every((line) => line.startsWith('alive: '))) throw malformedBlock(path, title);
  return {
    effects: lines.slice(0, end).map((line) => readEffect(line, path)),
    outcome: lines[end]?.slice('=> '.length) ?? '',
    alive: alive.map((line) => readName(line.slice('alive: '.length), path)),
  };
}

function malformedBlock(path: string, title: string): RefitError {
  return malformed(
    path,
    `a block begins with ${JSON.stringify(title)}; expected "== case", effects, one "=> outcome", "alive: …".`,
  );
}

function followed(lines: readonly string[], first: readonly string[], path: string): readonly string[] {
  try {
    return followReferences(lines, first);
  } catch (error) {
    throw malformed(path, reasonOf(error), error);
  }
}

function readSchedules(list: string | undefined, path: string): readonly string[] {
  if (list === undefined) return [allSchedules];
  try {
    return readScheduleList(list);
  } catch (error) {
    throw malformed(path, `${JSON.stringify(list)} is no list of schedules.`, error);
  }
}

function readEffect(line: string, path: string): RenderedEffect {
  try {
    return parseEffectLine(line);
  } catch (error) {
    throw malformed(path, reasonOf(error), error);
  }
}

function readName(text: string, path: string): string {
  try {
    return unquoted(text);
  } catch (error) {
    throw malformed(path, `${JSON.stringify(text)} is no quoted name.`, error);
  }
}

function malformed(path: string, found: string, cause?: unknown): RefitError {
  return proofError('PROOF_GOLDEN_MALFORMED', `${path}: ${found} Record it again, or correct the line.`, cause);
}
