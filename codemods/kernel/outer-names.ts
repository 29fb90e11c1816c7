// The names a file's code uses from its outermost scope, as values or only as types.
import type { SourceFile } from 'ts-morph';
import { ts, walk } from './parse-source.ts';
import type { Workspace } from './workspace.ts';

export type UseKind = 'value' | 'type';

/** Name → whether one of its uses is evaluated. */
export type OuterNames = ReadonlyMap<string, UseKind>;

/** Whether an identifier names a member, a label or what it stands in declares, and so uses no name of the file's scope. */
function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isMetaProperty(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  if (ts.isBindingElement(parent)) return parent.propertyName === node || parent.name === node;
  if (ts.isExportSpecifier(parent)) return parent.propertyName !== undefined && parent.name === node;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return parent.label === node;
  if (ts.isImportTypeNode(parent)) return true;
  return declaresName(parent, node);
}

function declaresName(parent: ts.Node, node: ts.Identifier): boolean {
  const named =
    ts.isClassElement(parent) ||
    ts.isTypeElement(parent) ||
    ts.isObjectLiteralElement(parent) ||
    ts.isEnumMember(parent) ||
    ts.isNamedTupleMember(parent) ||
    ts.isJsxAttribute(parent) ||
    isDeclaration(parent);
  return named && parent.name === node;
}

function isDeclaration(
  node: ts.Node,
): node is
  | ts.VariableDeclaration
  | ts.ParameterDeclaration
  | ts.FunctionLikeDeclaration
  | ts.ClassLikeDeclaration
  | ts.TypeParameterDeclaration {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isClassLike(node) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node)
  );
}

/** Whether the identifier stands in a type, so that nothing is left of it at run time. */
function isInType(node: ts.Identifier): boolean {
  let at: ts.Node = node;
  while (ts.isQualifiedName(at.parent) || ts.isPropertyAccessExpression(at.parent)) at = at.parent;
  const { parent } = at;
  if (ts.isExpressionWithTypeArguments(parent)) {
    const clause = parent.parent;
    return (
      ts.isHeritageClause(clause) &&
      (clause.token === ts.SyntaxKind.ImplementsKeyword || ts.isInterfaceDeclaration(clause.parent))
    );
  }
  return ts.isTypeReferenceNode(parent) || ts.isTypeQueryNode(parent) || ts.isTypePredicateNode(parent);
}

function isImportOrReexport(node: ts.Node): boolean {
  return ts.isImportDeclaration(node) || (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined);
}

/** Names that something inside the file declares besides its imports: they may hide an import. */
function declaredInside(source: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  walk(source, (node) => {
    const declared = isDeclaration(node) || ts.isBindingElement(node);
    if (declared && node.name !== undefined && ts.isIdentifier(node.name)) names.add(node.name.text);
  });
  return names;
}

/** Whether the identifier means an import, not a declaration of the same name that hides it. */
function meansImport(checker: ts.TypeChecker, node: ts.Identifier): boolean {
  const shorthand = ts.isShorthandPropertyAssignment(node.parent);
  const symbol = shorthand ? checker.getShorthandAssignmentValueSymbol(node.parent) : checker.getSymbolAtLocation(node);
  return symbol === undefined || (symbol.flags & ts.SymbolFlags.Alias) !== 0;
}

/**
 * The names the file's code uses, import and re-export lists and members left out. Types are asked only for
 * names that are imported and also declared inside the file.
 */
export function outerNamesUsed(workspace: Workspace, file: SourceFile): OuterNames {
  const source = file.compilerNode;
  const uses = new Map<string, UseKind>();
  const hidden = declaredInside(source);
  const imported = new Set(importedNames(source));
  let checker: ts.TypeChecker | undefined;
  const visit = (node: ts.Node): void => {
    if (isImportOrReexport(node)) return;
    ts.forEachChild(node, visit);
    if (!ts.isIdentifier(node) || isOnlyAName(node)) return;
    if (hidden.has(node.text) && imported.has(node.text)) {
      checker ??= workspace.project.getTypeChecker().compilerObject;
      if (!meansImport(checker, node)) return;
    }
    if (uses.get(node.text) !== 'value') uses.set(node.text, isInType(node) ? 'type' : 'value');
  };
  visit(source);
  return uses;
}

function importedNames(source: ts.SourceFile): readonly string[] {
  return source.statements.filter(ts.isImportDeclaration).flatMap((declaration) => {
    const clause = declaration.importClause;
    const bindings = clause?.namedBindings;
    const named = bindings === undefined ? [] : ts.isNamespaceImport(bindings) ? [bindings] : [...bindings.elements];
    return [clause?.name, ...named.map((each) => each.name)].filter((name) => name !== undefined).map((name) => name.text);
  });
}
