// Measures how many mutants of each extracted module its own tests kill, two modules at a time, and stores it.
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { scoreOf } from '../../../codemods/proof/run-mutants.ts';
import {
  extractedModules,
  moduleSurvivorOf,
  readModuleRecord,
  sourcesOfModule,
  writeModuleRecord,
} from './module-mutation-record.ts';
import type { ExtractedModule } from './module-mutation-record.ts';
import type { SubjectMutation } from './mutation-record.ts';
import { runModuleMutants } from './run-module-mutants.ts';

async function measure(module: ExtractedModule, sources: string): Promise<SubjectMutation> {
  const startedAt = performance.now();
  const results = await runModuleMutants(module);
  process.stderr.write(`${module.name}: ${results.length} mutants, ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
  const survivors = results.filter(({ verdict }) => verdict === 'survived').map((result) => moduleSurvivorOf(module, result));
  return { name: module.name, sources, ...scoreOf(results), survivors };
}

/** The record of all extracted modules, those measured again whose sources changed, or that `only` names. */
export async function measureModules(only: readonly string[] | undefined): Promise<readonly SubjectMutation[]> {
  const modules = extractedModules();
  const stored = new Map(readModuleRecord().map((each) => [each.name, each]));
  const record = (): readonly SubjectMutation[] => modules.flatMap(({ name }) => stored.get(name) ?? []);
  const queue = modules.filter((each) =>
    only === undefined ? stored.get(each.name)?.sources !== sourcesOfModule(each) : only.includes(each.name),
  );
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      stored.set(next.name, await measure(next, sourcesOfModule(next)));
      writeModuleRecord(record());
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  return record();
}
