// Loads small TypeScript programs of several files, and collects what they pass to `out`.
import { posix } from 'node:path';
import { runInNewContext } from 'node:vm';
import { ts } from '../../codemods/kernel/parse-source.ts';

/** Declared in every program that uses it. */
export const outDeclaration = 'declare const out: (value: unknown) => void;\n';

/** Turns of the event loop after which every promise of a test program has settled. */
const TURNS = 5;

function pathOf(importer: string, specifier: string): string {
  return posix.join(posix.dirname(importer), specifier).replace(/\.js$/, '.ts');
}

/** What the module `entry` exports; `read` gives the text of a path, `globals` what the program sees besides the language. */
export function loadProgram(
  read: (path: string) => string | undefined,
  entry: string,
  globals: object = {},
): Readonly<Record<string, unknown>> {
  const loaded = new Map<string, Record<string, unknown>>();
  const load = (path: string): Record<string, unknown> => {
    const known = loaded.get(path);
    if (known !== undefined) return known;
    const exports: Record<string, unknown> = {};
    loaded.set(path, exports);
    const text = read(path);
    if (text === undefined) throw new Error(`The program imports ${path}, which is not there.`);
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
    const { outputText } = ts.transpileModule(text, { compilerOptions });
    const global = { ...globals, exports, require: (specifier: string) => load(pathOf(path, specifier)) };
    runInNewContext(outputText, global);
    return exports;
  };
  return load(entry);
}

/** What the entry and the files it imports pass to `out`, as JSON, in order. */
export async function runProgram(files: Readonly<Record<string, string>>, entry: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const out = (value: unknown): number => lines.push(JSON.stringify(value) ?? 'undefined');
  loadProgram((path) => files[path], entry, { out });
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return lines;
}
