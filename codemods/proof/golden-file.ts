// Goldens: the traces of a subject as a text file that a person can review, one block a case, in stable order.
import { reasonOf } from '../kernel/refit-error.ts';
import type { RefitError } from '../kernel/refit-error.ts';
import { bareInBrackets, bareLabel, bareOrQuoted, bareTitle, unquoted } from './bare-or-quoted.ts';
import { proofError } from './proof-errors.ts';
import { parseEffectLine } from './parse-effect-line.ts';
import type { Normaliser } from './normalisers.ts';
import { aliveLine, effectLine } from './trace.ts';
import type { RenderedEffect, RenderedTrace } from './trace.ts';

/** Traces by the name of the schedule group: `all`, or one for each schedule that differs. */
export interface GoldenCase {
  readonly name: string;
  readonly traces: ReadonlyMap<string, RenderedTrace>;
}

export interface Golden {
  readonly subject: string;
  readonly header: readonly string[];
  readonly cases: readonly GoldenCase[];
}

const format = 'refit trace golden, format 1';

export function goldenHeader(
  subject: string,
  normalisers: readonly Normaliser[],
  schedules: readonly string[],
): readonly string[] {
  return [
    `# ${format}`,
    `# subject: ${bareOrQuoted(subject, bareLabel)}`,
    `# schedules: ${schedules.join(', ')}`,
    ...normalisers.map(({ name, describe }) => `# normalised: ${name} (${describe})`.replace(/\p{Cc}+/gu, ' ')),
  ];
}

export function writeGolden({ header, cases }: Golden): string {
  const blocks = cases.flatMap(({ name, traces }) =>
    [...traces].map(([group, { effects, outcome, alive }]) =>
      [
        `== ${bareOrQuoted(name, bareTitle)}${group === allSchedules ? '' : ` [${bareOrQuoted(group, bareInBrackets)}]`}`,
        ...effects.map(effectLine),
        `=> ${outcome}`,
        ...alive.map(aliveLine),
      ].join('\n'),
    ),
  );
  return `${[header.join('\n'), ...blocks].join('\n\n')}\n`;
}

export const allSchedules = 'all';

/** Reads a golden back; `path` is for the messages. */
export function readGolden(text: string, path: string): Golden {
  const [head = '', ...blocks] = text.replace(/\n+$/, '').split('\n\n');
  const header = head.split('\n');
  if (header[0] !== `# ${format}`) {
    throw proofError(
      'PROOF_GOLDEN_MALFORMED',
      `${path}: found ${JSON.stringify(header[0])}, expected "# ${format}". Record it again.`,
    );
  }
  const cases = new Map<string, Map<string, RenderedTrace>>();
  for (const block of blocks) addBlock(cases, block, path);
  const subject = header.find((line) => line.startsWith('# subject: '))?.slice('# subject: '.length) ?? '';
  return { subject: readName(subject, path), header, cases: [...cases].map(([name, traces]) => ({ name, traces })) };
}

const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
const titlePattern = new RegExp(String.raw`^== (?<name>${quoted}|(?!").+?)(?: \[(?<group>${quoted}|[^\]"]+)\])?$`);

function addBlock(cases: Map<string, Map<string, RenderedTrace>>, block: string, path: string): void {
  const [title = '', ...lines] = block.split('\n');
  const parsed = titlePattern.exec(title)?.groups;
  const end = lines.findIndex((line) => line.startsWith('=> '));
  const alive = lines.slice(end + 1);
  if (parsed?.['name'] === undefined || end === -1 || !alive.every((line) => line.startsWith('alive: '))) {
    throw malformed(
      path,
      `a block begins with ${JSON.stringify(title)}; expected "== case", effects, one "=> outcome", "alive: …".`,
    );
  }
  const name = readName(parsed['name'], path);
  const group = readName(parsed['group'] ?? allSchedules, path);
  const traces = cases.get(name) ?? new Map<string, RenderedTrace>();
  if (traces.has(group))
    throw malformed(path, `the block ${JSON.stringify(title)} stands there twice. Give each case its own name.`);
  cases.set(name, traces);
  traces.set(group, {
    effects: lines.slice(0, end).map((line) => readEffect(line, path)),
    outcome: lines[end]?.slice('=> '.length) ?? '',
    alive: alive.map((line) => readName(line.slice('alive: '.length), path)),
  });
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
