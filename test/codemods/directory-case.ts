// A case of a codemod in a directory: options.json, before/, and after/ or refused.txt or unchanged.txt.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ts } from '../../codemods/kernel/parse-source.ts';
import type { ExampleFiles, ExampleResult } from '../../codemods/kernel/doc-examples.ts';
import { listFiles } from '../../codemods/kernel/list-files.ts';
import type { ExampleCase } from './check-example.ts';

function filesUnder(folder: string): ExampleFiles {
  return Object.fromEntries(listFiles(folder, ['**/*']).map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

function resultOf(folder: string): ExampleResult {
  const refused = join(folder, 'refused.txt');
  if (existsSync(refused)) return { kind: 'refused', code: readFileSync(refused, 'utf8').trim() };
  if (existsSync(join(folder, 'unchanged.txt'))) return { kind: 'unchanged' };
  return { kind: 'changed', files: filesUnder(join(folder, 'after')) };
}

/** The compiler options of a tsconfig.json in `before`, which is optional. */
function compilerOptionsOf(before: ExampleFiles): ts.CompilerOptions {
  const text = before['tsconfig.json'];
  if (text === undefined) return {};
  const parsed: unknown = ts.parseConfigFileTextToJson('tsconfig.json', text).config;
  const options: unknown =
    typeof parsed === 'object' && parsed !== null && 'compilerOptions' in parsed ? parsed.compilerOptions : {};
  return ts.convertCompilerOptionsFromJson(options, '/workspace').options;
}

export function directoryCase(folder: string): ExampleCase {
  const before = filesUnder(join(folder, 'before'));
  const options: unknown = JSON.parse(readFileSync(join(folder, 'options.json'), 'utf8'));
  if (typeof options !== 'object' || options === null) throw new Error(`${folder}/options.json is no object`);
  return { name: folder, options, before, result: resultOf(folder), compilerOptions: compilerOptionsOf(before) };
}
