// The imports of a file, of values and of types, static and dynamic, resolved to project paths.
import { posix } from 'node:path';
import { lineOf, ts, walk } from '../kernel/parse-source.ts';
import type { HouseFile } from './house-file.ts';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Names as the other module calls them; empty for `import *`, `export *` and dynamic imports. */
  readonly names: readonly string[];
  /** Project path for a relative import, undefined for a package or `node:`. */
  readonly target: string | undefined;
}

function specifierOf(node: ts.Node): ts.StringLiteral | undefined {
  const literal = (candidate: ts.Node | undefined): ts.StringLiteral | undefined =>
    candidate !== undefined && ts.isStringLiteral(candidate) ? candidate : undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier);
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? literal(node.argument.literal) : undefined;
  const dynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return dynamic ? literal(node.arguments[0]) : undefined;
}

function namesOf(node: ts.Node): readonly string[] {
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : undefined;
  const elements = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
  return elements.map((element) => (element.propertyName ?? element.name).text);
}

/** The project path that `specifier` means in the file at `from`, or undefined for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), specifier)) : undefined;
}

export function importsOf(file: HouseFile): readonly Import[] {
  const found: Import[] = [];
  walk(file.source, (node) => {
    const literal = specifierOf(node);
    if (literal === undefined) return;
    const specifier = literal.text;
    const line = lineOf(file.source, literal.getStart(file.source));
    found.push({ specifier, line, names: namesOf(node), target: resolveImport(file.path, specifier) });
  });
  return found;
}

/** `pg` for `pg/lib/client`, `@scope/name` for `@scope/name/part`. */
export function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
