// Compiles one module of a subject to a function body with counters; equal texts are compiled once.
import { createHash } from 'node:crypto';
import { ts } from '../kernel/parse-source.ts';
import { instrumentation } from './instrument.ts';
import type { Point } from './instrument.ts';

export interface CompiledModule {
  readonly code: string;
  readonly points: readonly Point[];
}

const compiled = new Map<string, CompiledModule>();
/** Mutants are compiled by the thousand; the oldest texts go first. */
const mostKept = 500;

export function compileModule(path: string, text: string): CompiledModule {
  const key = createHash('sha256').update(`${path}\n${text}`).digest('hex');
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const { points, transformer } = instrumentation();
  const plain = /\.[cm]?js$/.test(path);
  const { outputText } = ts.transpileModule(text, {
    // With the ending of an ES module its imports and exports would stay as they are.
    fileName: path.replace(/\.[cm]([jt]s)$/, '.$1'),
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      allowJs: plain,
      useDefineForClassFields: true,
    },
    transformers: { before: [transformer] },
  });
  const made = { code: outputText, points };
  if (compiled.size >= mostKept) {
    const [oldest] = compiled.keys();
    if (oldest !== undefined) compiled.delete(oldest);
  }
  compiled.set(key, made);
  return made;
}
