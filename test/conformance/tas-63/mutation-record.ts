// The stored result of the mutation run: scores by subject with the hashes of what they were measured on.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
    ...textsIn(join(import.meta.dirname, 'subjects')),
    JSON.stringify(spec.ranges),
  ];
  return createHash('sha256').update(texts.join('\n\u0000')).digest('hex').slice(0, 16);
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
