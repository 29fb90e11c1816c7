// What a source file declares to others, as the compiler writes it: the text of its `.d.ts`.
import type { ts } from 'ts-morph';

/** `emit` of a program with its last parameter, which the public type does not name and the language service uses. */
interface Emitter {
  emit(...args: readonly unknown[]): unknown;
}

/** The text of the file's `.d.ts` in this program, whatever its options say of emitting; undefined where it has no such file. */
export function declarationText(program: ts.Program, path: string): string | undefined {
  const file = program.getSourceFile(path);
  if (file === undefined || file.isDeclarationFile) return undefined;
  let text = '';
  const write = (_path: string, written: string): void => {
    text = written;
  };
  const emitter: Emitter = program;
  const [onlyDeclarations, evenUnderNoEmit] = [true, true];
  emitter.emit(file, write, undefined, onlyDeclarations, undefined, evenUnderNoEmit);
  return text;
}
