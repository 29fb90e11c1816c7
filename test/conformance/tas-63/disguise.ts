// The same system in other clothes: locals renamed, methods in another order, printed anew, files moved. Nothing of it is behaviour.
import { posix } from 'node:path';
import { parseSource, ts, walk } from '../../../codemods/kernel/parse-source.ts';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The overlay that disguises the given files; each also moves into `src/moved/`, its old place re-exports it. */
export function disguise(paths: readonly string[], textOf: (path: string) => string): ReadonlyMap<string, string> {
  const overlay = new Map<string, string>();
  for (const path of paths) {
    const moved = `src/moved/${path.slice('src/'.length).replaceAll('/', '--')}`;
    const text = printAnew(path, reverseMethods(path, renameLocals(path, textOf(path))));
    overlay.set(moved, rewriteImports(text, path, moved));
    const specifier = posix.relative(posix.dirname(path), moved).replace(/\.ts$/, '.js');
    overlay.set(path, `export * from '${specifier.startsWith('.') ? specifier : `./${specifier}`}';\n`);
  }
  return overlay;
}

function apply(text: string, edits: readonly Edit[]): string {
  const ordered = edits.toSorted((a, b) => b.start - a.start);
  return ordered.reduce((done, { start, end, text: by }) => done.slice(0, start) + by + done.slice(end), text);
}

/** Every variable, parameter and binding within a function gets a suffix. */
export function renameLocals(path: string, text: string): string {
  const source = parseSource(path, text);
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost({}),
    getSourceFile: (name) => (name === path ? source : undefined),
    readFile: () => undefined,
    fileExists: (name) => name === path,
    writeFile: () => undefined,
  };
  const checker = ts.createProgram([path], { noLib: true, noResolve: true }, host).getTypeChecker();
  const edits: Edit[] = [];
  walk(source, (node) => {
    if (!ts.isIdentifier(node)) return;
    const shorthand = ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node;
    const symbol = shorthand ? checker.getShorthandAssignmentValueSymbol(node.parent) : checker.getSymbolAtLocation(node);
    if (symbol === undefined || !isLocal(symbol)) return;
    const renamed = `${node.text}Renamed`;
    const isBinding = ts.isBindingElement(node.parent) && node.parent.name === node;
    const needsKey =
      shorthand || (isBinding && node.parent.propertyName === undefined && ts.isObjectBindingPattern(node.parent.parent));
    edits.push({ start: node.getStart(source), end: node.getEnd(), text: needsKey ? `${node.text}: ${renamed}` : renamed });
  });
  return apply(text, edits);
}

function isLocal(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).length > 0 && (symbol.declarations ?? []).every(isLocalDeclaration);
}

function isLocalDeclaration(declaration: ts.Declaration): boolean {
  if (ts.isParameter(declaration))
    return !ts.isParameterPropertyDeclaration(declaration, declaration.parent) && hasBody(declaration.parent);
  if (!ts.isVariableDeclaration(declaration) && !ts.isBindingElement(declaration)) return false;
  return ts.findAncestor(declaration, (node) => ts.isFunctionLike(node)) !== undefined;
}

function hasBody(node: ts.Node): boolean {
  return 'body' in node && node.body !== undefined;
}

/** The methods of each class in reverse; fields, constructors and accessors stay where they are. */
export function reverseMethods(path: string, text: string): string {
  const source = parseSource(path, text);
  const edits: Edit[] = [];
  walk(source, (node) => {
    if (!ts.isClassDeclaration(node)) return;
    const methods = node.members.filter(ts.isMethodDeclaration);
    for (const [at, method] of methods.entries()) {
      const other = methods[methods.length - 1 - at];
      if (other !== undefined)
        edits.push({ start: method.getFullStart(), end: method.getEnd(), text: other.getFullText(source) });
    }
  });
  return apply(text, edits);
}

export function printAnew(path: string, text: string): string {
  return ts.createPrinter({ removeComments: true }).printFile(parseSource(path, text));
}

/** Relative specifiers as they must read from the new place. */
export function rewriteImports(text: string, from: string, to: string): string {
  return text.replace(/(?<=from ['"])\.[^'"]+(?=['"])/g, (specifier) => {
    const relative = posix.relative(posix.dirname(to), posix.join(posix.dirname(from), specifier));
    return relative.startsWith('.') ? relative : `./${relative}`;
  });
}
