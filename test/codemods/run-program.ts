// Runs small TypeScript programs of several files and collects what they pass to `out`.
import { posix } from 'node:path';
import { runInNewContext } from 'node:vm';
import { ts } from '../../codemods/kernel/parse-source.ts';

/** Declared in every program that uses it. */
export const outDeclaration = 'declare const out: (value: unknown) => void;\n';

type Files = Readonly<Record<string, string>>;

/** Turns of the event loop after which every promise of a test program has settled. */
const TURNS = 5;

function pathOf(importer: string, specifier: string): string {
  return posix.join(posix.dirname(importer), specifier).replace(/\.js$/, '.ts');
}

/** What the entry and the files it imports pass to `out`, as JSON, in order. */
export async function runProgram(files: Files, entry: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const out = (value: unknown): number => lines.push(JSON.stringify(value) ?? 'undefined');
  const loaded = new Map<string, object>();
  const load = (path: string): object => {
    const known = loaded.get(path);
    if (known !== undefined) return known;
    const exports = {};
    loaded.set(path, exports);
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
    const { outputText } = ts.transpileModule(files[path] ?? `throw new Error('no ${path}')`, { compilerOptions });
    runInNewContext(outputText, { out, exports, require: (specifier: string) => load(pathOf(path, specifier)) });
    return exports;
  };
  load(entry);
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return lines;
}
