// Puts the package as it is shipped (compiled, not through tsx) into the generated project.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const repository = join(import.meta.dirname, '../..');

/** Compiles into node_modules of the project at `root`; answers with the path of the `refit` executable. */
export function installPackage(root: string): string {
  const target = join(root, 'node_modules/tasker-refit');
  mkdirSync(target, { recursive: true });
  cpSync(join(repository, 'package.json'), join(target, 'package.json'));
  symlinkSync(join(repository, 'node_modules'), join(target, 'node_modules'));
  const compiler = join(repository, 'node_modules/typescript/bin/tsc');
  const options = ['-p', 'tsconfig.build.json', '--noCheck', '--declaration', 'false', '--sourceMap', 'false'];
  execFileSync(process.execPath, [compiler, ...options, '--outDir', join(target, 'dist')], { cwd: repository });
  return join(target, 'dist/codemods/cli/bin.js');
}
