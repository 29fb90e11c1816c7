// Writes and removes the record of a run, whole or not at all.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RunRecord } from './run-record.ts';

/** Where the record of a run is: beside the copy it is to write, or in a folder of the project that no command reads. */
export function recordPath(target: { readonly out?: string; readonly root: string }): string {
  if (target.out === undefined) return join(target.root, '.refit-run/run.json');
  return join(dirname(target.out), `.${basename(target.out)}.refit-run/run.json`);
}

export function writeRunRecord(path: string, record: RunRecord): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(join(dirname(path), '.gitignore'), '*\n');
  writeFileSync(`${path}.partial`, JSON.stringify(record));
  renameSync(`${path}.partial`, path);
}

/** The run is over: there is nothing left to resume. */
export function removeRunRecord(path: string): void {
  rmSync(dirname(path), { recursive: true, force: true });
}
