// The stored result of the mutation run: scores by subject with the hashes of what they were measured on.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { goldenPath } from '../../../codemods/proof/golden-store.ts';
import type { SubjectSpec } from '../../../codemods/proof/prove.ts';
import type { MutantResult, MutationScore } from '../../../codemods/proof/run-mutants.ts';
import { goldenFolder } from './controls.ts';
import { equivalentMutants } from './equivalent-mutants.ts';
import { textOf } from './system.ts';

const proofFolder = join(import.meta.dirname, '../../../codemods/proof');
const recordPath = join(goldenFolder, 'mutation.json');

export interface Survivor {
  readonly path: string;
  readonly line: number;
  readonly kind: string;
  /** The source line, trimmed. */
  readonly text: string;
  /** Why it changes nothing; absent where nobody has said so yet. */
  readonly reason?: string;
}

export interface SubjectMutation extends MutationScore {
  readonly name: string;
  /** Content hash of the mutated files, the golden, the scenarios and the proof. */
  readonly sources: string;
  readonly survivors: readonly Survivor[];
}

/** Hash of all that decides the score: the mutated files, the golden, the scenarios, and the proof itself. */
export function sourcesOf(spec: SubjectSpec): string {
  const paths = [...new Set(spec.ranges.map(({ path }) => path))].toSorted();
  const texts = [
    ...paths.map(textOf),
    readFileSync(goldenPath(goldenFolder, spec.name), 'utf8'),
    ...textsIn(proofFolder),
    ...scenarioFiles().map((path) => readFileSync(path, 'utf8')),
    JSON.stringify(spec.ranges),
  ];
  return createHash('sha256').update(texts.join('\n\u0000')).digest('hex').slice(0, 16);
}

/** The subjects, and what they import within this folder: all that drives the system. */
export function scenarioFiles(): readonly string[] {
  const folder = join(import.meta.dirname, 'subjects');
  const found = new Set(readdirSync(folder).map((name) => join(folder, name)));
  // A set that grows while it is walked is walked to its end.
  for (const path of found) {
    for (const [, specifier = ''] of readFileSync(path, 'utf8').matchAll(/ from '(\.[^']+)'/g)) {
      const imported = join(dirname(path), specifier);
      if (imported.startsWith(import.meta.dirname)) found.add(imported);
    }
  }
  return [...found].toSorted();
}

function textsIn(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  return names.toSorted().map((name) => readFileSync(join(folder, name), 'utf8'));
}

export function readMutationRecord(): readonly SubjectMutation[] {
  try {
    return JSON.parse(readFileSync(recordPath, 'utf8')) as readonly SubjectMutation[];
  } catch {
    return [];
  }
}

export function writeMutationRecord(record: readonly SubjectMutation[]): void {
  writeFileSync(recordPath, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** A survivor with the reason that stands in the list of equivalent mutants. */
export function survivorOf(subject: string, { mutant, path }: MutantResult): Survivor {
  const text = (textOf(path).split('\n')[mutant.line - 1] ?? '').trim();
  const reason = equivalentMutants.find(
    (each) => each.subject === subject && each.path === path && each.kind === mutant.kind && each.line === text,
  )?.reason;
  return { path, line: mutant.line, kind: mutant.kind, text, ...(reason === undefined ? {} : { reason }) };
}
