// Copies of the sample projects in fixtures/coverage, their reports put into the folder of the copy.
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const repository = join(import.meta.dirname, '../../..');

/** Absolute folder of a sample as it is committed. */
export function sampleFolder(name: string): string {
  return join(repository, 'fixtures/coverage', name);
}

/** A copy of a sample that is removed after the test; its reports, written in /project, speak of the copy. */
export function sampleProject(name: string): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'refit-sample-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  cpSync(sampleFolder(name), root, { recursive: true });
  const reports = join(root, 'report');
  // Written last, so that no source is newer than its report.
  for (const file of existsSync(reports) ? readdirSync(reports) : []) {
    const text = readFileSync(join(reports, file), 'utf8');
    writeFileSync(join(reports, file), text.replaceAll(`/project/${name}`, root));
  }
  return root;
}

/** A copy without reports, in which the packages of this repository can be imported. */
export function unmeasuredProject(name: string): string {
  const root = sampleProject(name);
  rmSync(join(root, 'report'), { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  return root;
}
