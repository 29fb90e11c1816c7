// Rules on mutants: the share that tests kill, and functions of which they kill none.
import type { CoverageReportConfig } from '../config.ts';
import type { SourceFacts } from '../facts.ts';
import { exactPercent } from '../facts.ts';
import type { Failure } from '../failure.ts';
import type { FunctionFacts } from '../source-facts.ts';
import type { MutatedFile, Mutation } from './read-mutation.ts';

function stale(files: readonly MutatedFile[], sources: ReadonlyMap<string, SourceFacts>): readonly Failure[] {
  const again = 'Run the mutants again.';
  const known = files.filter(({ file }) => sources.has(file));
  if (known.length === 0) {
    const message = `The report of mutants has ${files[0]?.file ?? 'no file'}, and no file under \`include\`: it is of another folder. ${again}`;
    return [{ code: 'GATE_MUTATION_STALE', message }];
  }
  return known.flatMap(({ file, hash }): readonly Failure[] => {
    if (hash === undefined || hash === sources.get(file)?.hash) return [];
    return [{ code: 'GATE_MUTATION_STALE', file, message: `${file} is not what was mutated. ${again}` }];
  });
}

/** Functions of a file that have mutants, none of them killed; a function inside of such a one is not named again. */
function pinnedByNothing({ mutants }: MutatedFile, functions: readonly FunctionFacts[]): readonly FunctionFacts[] {
  const found: FunctionFacts[] = [];
  const outermost = functions.toSorted((left, right) => left.line - right.line || right.lines - left.lines);
  const ends = (each: FunctionFacts): number => each.line + each.lines - 1;
  for (const each of outermost) {
    const inside = mutants.filter((mutant) => mutant.line >= each.line && mutant.lastLine <= ends(each));
    const isNamed = found.some((outer) => outer.line <= each.line && ends(outer) >= ends(each));
    if (inside.length > 0 && !inside.some((mutant) => mutant.isKilled) && !isNamed) found.push(each);
  }
  return found;
}

function surviving(files: readonly MutatedFile[], sources: ReadonlyMap<string, SourceFacts>): readonly Failure[] {
  return files.flatMap((mutated) => {
    const functions = sources.get(mutated.file)?.functions ?? [];
    return pinnedByNothing(mutated, functions).map(({ name, line }): Failure => {
      const { file } = mutated;
      const message = `${file}:${line} ${name} can be changed in any way and no test fails: all its mutants survive. Assert what it is for.`;
      return { code: 'GATE_MUTANTS_SURVIVE', file, line, message };
    });
  });
}

function tooFew({ killed, survived }: Mutation, score: number): readonly Failure[] {
  const measured = (killed * 100) / (killed + survived);
  if (measured >= score) return [];
  const message = `Tests kill ${killed} of ${killed + survived} mutants (${exactPercent(killed, killed + survived)} %), ${score} % are asked for. Assert what the surviving ones change.`;
  return [{ code: 'GATE_MUTATION_SCORE', message, measured, required: score }];
}

/** Without a report nothing fails; a report of other texts judges nothing. */
export function mutationRules(
  mutation: Mutation | undefined,
  config: CoverageReportConfig,
  sources: readonly SourceFacts[],
): readonly Failure[] {
  if (mutation === undefined || config.mutation === undefined) return [];
  const { score = 0, functions = 0 } = config.mutation;
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const old = mutation.files === undefined ? [] : stale(mutation.files, byFile);
  if (old.length > 0) return old;
  const open = surviving(mutation.files ?? [], byFile);
  return [...tooFew(mutation, score), ...(open.length > functions ? open : [])];
}
