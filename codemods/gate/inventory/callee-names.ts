// Names of what a test calls, as dotted text: `expect().not.toBe`, `fc.assert`, `t.is`.
import { ts } from '../../kernel/parse-source.ts';

/** A name that is imported: where from, and what it is called there. */
export interface ImportedName {
  readonly from: string;
  /** `default`, `*`, or the exported name. */
  readonly name: string;
}

export type ImportedNames = ReadonlyMap<string, ImportedName>;

export function isRelative(specifier: string): boolean {
  return specifier.startsWith('.');
}

function isAssertModule(specifier: string): boolean {
  return /(^|[/:])assert(\/strict)?$/.test(specifier);
}

/** What a package calls it: `equal` of node:assert is `assert.equal`, under whatever name it was imported. */
function nameInPackage(local: string, imported: ImportedName): string {
  const { from, name } = imported;
  if (isRelative(from)) return local;
  const isWhole = name === 'default' || name === '*';
  if (isAssertModule(from)) return isWhole || name === 'strict' ? 'assert' : `assert.${name}`;
  return isWhole ? local : name;
}

function memberName(node: ts.ElementAccessExpression): string {
  return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : '[]';
}

/** The dotted text of an expression; what has no name is `?`. */
export function dottedName(node: ts.Expression, imported: ImportedNames): string {
  const inner = (expression: ts.Expression): string => dottedName(expression, imported);
  if (ts.isIdentifier(node)) {
    const found = imported.get(node.text);
    return found === undefined ? node.text : nameInPackage(node.text, found);
  }
  if (node.kind === ts.SyntaxKind.ThisKeyword) return 'this';
  if (ts.isPropertyAccessExpression(node)) return `${inner(node.expression)}.${node.name.text}`;
  if (ts.isElementAccessExpression(node)) return `${inner(node.expression)}.${memberName(node)}`;
  if (ts.isCallExpression(node)) return `${inner(node.expression)}()`;
  if (ts.isTaggedTemplateExpression(node)) return `${inner(node.tag)}()`;
  const isWrapper = ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node);
  return isWrapper || ts.isAwaitExpression(node) ? inner(node.expression) : '?';
}

function declaredNames(clause: ts.ImportClause): readonly (readonly [local: string, name: string])[] {
  const bindings = clause.namedBindings;
  const named: readonly (readonly [string, string])[] =
    bindings === undefined
      ? []
      : ts.isNamespaceImport(bindings)
        ? [[bindings.name.text, '*']]
        : bindings.elements.map((each) => [each.name.text, (each.propertyName ?? each.name).text]);
  return clause.name === undefined ? named : [[clause.name.text, 'default'], ...named];
}

/** The specifier of `require('…')`, awaited `import('…')` and their like. */
function loadedModule(node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isAwaitExpression(node)) return loadedModule(node.expression);
  if (!ts.isCallExpression(node)) return undefined;
  const loads =
    node.expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(node.expression) && node.expression.text === 'require');
  const [first] = node.arguments;
  return loads && first !== undefined && ts.isStringLiteralLike(first) ? first.text : undefined;
}

function boundNames(name: ts.BindingName): readonly (readonly [local: string, name: string])[] {
  if (ts.isIdentifier(name)) return [[name.text, '*']];
  if (ts.isArrayBindingPattern(name)) return [];
  return name.elements.flatMap((each): readonly (readonly [string, string])[] => {
    if (!ts.isIdentifier(each.name)) return [];
    const from = each.propertyName;
    return [[each.name.text, from !== undefined && ts.isIdentifier(from) ? from.text : each.name.text]];
  });
}

/** Names that a node brings in from another module. */
export function importedBy(node: ts.Node): readonly (readonly [local: string, imported: ImportedName])[] {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier) && node.importClause) {
    const from = node.moduleSpecifier.text;
    return declaredNames(node.importClause).map(([local, name]) => [local, { from, name }]);
  }
  const from = ts.isVariableDeclaration(node) ? loadedModule(node.initializer) : undefined;
  if (from === undefined || !ts.isVariableDeclaration(node)) return [];
  return boundNames(node.name).map(([local, name]) => [local, { from, name }]);
}
