// Where code names something: each use with what it is bound to and whether it reads, writes or is only a type.
import { type Identifier, Node, type SourceFile, type Symbol as TsSymbol, SyntaxKind } from 'ts-morph';
import { lineOf, ts, walk } from '../kernel/parse-source.ts';

export interface NameUse {
  readonly identifier: Identifier;
  readonly symbol: TsSymbol;
  /** The declaration that gives the name its meaning (the import specifier for an imported name). */
  readonly declaration: Node;
  readonly reads: boolean;
  readonly writes: boolean;
  readonly declares: boolean;
  readonly typeOnly: boolean;
}

/** Names that say which member or label is meant, not what is in scope. */
function isScoped(node: Identifier): boolean {
  const parent = node.getParent();
  if (Node.isPropertyAccessExpression(parent)) return parent.getNameNode() !== node;
  if (Node.isQualifiedName(parent)) return parent.getRight() !== node;
  if (Node.isBindingElement(parent)) return parent.getPropertyNameNode() !== node;
  if (Node.isPropertyAssignment(parent) || Node.isEnumMember(parent) || Node.isJsxAttribute(parent))
    return parent.getNameNode() !== node;
  if (Node.isMethodDeclaration(parent) || Node.isPropertyDeclaration(parent)) return parent.getNameNode() !== node;
  if (Node.isGetAccessorDeclaration(parent) || Node.isSetAccessorDeclaration(parent)) return parent.getNameNode() !== node;
  if (Node.isPropertySignature(parent) || Node.isMethodSignature(parent)) return parent.getNameNode() !== node;
  if (Node.isMetaProperty(parent) || Node.isNamedTupleMember(parent)) return false;
  return !(Node.isLabeledStatement(parent) || Node.isBreakStatement(parent) || Node.isContinueStatement(parent));
}

function isDeclarationName(node: Identifier): boolean {
  const parent = node.getParent();
  const declares =
    Node.isVariableDeclaration(parent) ||
    Node.isParameterDeclaration(parent) ||
    Node.isBindingElement(parent) ||
    Node.isFunctionDeclaration(parent) ||
    Node.isFunctionExpression(parent) ||
    Node.isClassDeclaration(parent) ||
    Node.isClassExpression(parent) ||
    Node.isTypeAliasDeclaration(parent) ||
    Node.isInterfaceDeclaration(parent) ||
    Node.isEnumDeclaration(parent) ||
    Node.isTypeParameterDeclaration(parent);
  return declares && parent.getNameNode() === node;
}

function isTypePosition(node: Node): boolean {
  for (let at = node.getParent(); at !== undefined; at = at.getParent()) {
    if (Node.isExpressionWithTypeArguments(at)) return !isClassHeritage(at);
    if (Node.isTypeNode(at)) return true;
    if (Node.isExpression(at) || Node.isStatement(at)) return false;
  }
  return false;
}

/** `class A extends B` evaluates B; `implements B` and the bases of an interface are types. */
function isClassHeritage(node: Node): boolean {
  const clause = node.getParent();
  return (
    Node.isHeritageClause(clause) &&
    clause.getToken() === SyntaxKind.ExtendsKeyword &&
    !Node.isInterfaceDeclaration(clause.getParent())
  );
}

const compound = new Set([SyntaxKind.PlusPlusToken, SyntaxKind.MinusMinusToken]);

/** Whether the node is (part of) the target of an assignment: `x = `, `[x] = `, `({ a: x } = `, `x++`, `for (x of …)`. */
export function writeOf(node: Node): 'none' | 'write' | 'update' {
  const parent = node.getParent();
  if (Node.isBinaryExpression(parent) && parent.getLeft() === node) {
    const operator = parent.getOperatorToken().getKind();
    if (operator === SyntaxKind.EqualsToken) return 'write';
    return operator > SyntaxKind.EqualsToken && operator <= SyntaxKind.LastAssignment ? 'update' : 'none';
  }
  if (Node.isPrefixUnaryExpression(parent) || Node.isPostfixUnaryExpression(parent)) {
    return compound.has(parent.getOperatorToken()) ? 'update' : 'none';
  }
  if ((Node.isForOfStatement(parent) || Node.isForInStatement(parent)) && parent.getInitializer() === node) return 'write';
  if (Node.isPropertyAssignment(parent) && parent.getInitializer() === node) return patternWrite(parent.getParent());
  if (Node.isShorthandPropertyAssignment(parent)) return patternWrite(parent.getParent());
  const wraps = Node.isArrayLiteralExpression(parent) || Node.isSpreadElement(parent) || Node.isSpreadAssignment(parent);
  if (wraps || Node.isParenthesizedExpression(parent) || Node.isAsExpression(parent) || Node.isNonNullExpression(parent))
    return patternWrite(parent);
  return 'none';
}

/** A literal is a pattern when it is itself assigned to. */
function patternWrite(node: Node): 'none' | 'write' | 'update' {
  return writeOf(node);
}

function symbolOf(node: Identifier): TsSymbol | undefined {
  const parent = node.getParent();
  if (Node.isShorthandPropertyAssignment(parent)) return parent.getValueSymbol();
  return node.getSymbol();
}

function useOf(identifier: Identifier): NameUse | undefined {
  const symbol = symbolOf(identifier);
  const declaration = symbol?.getDeclarations()[0];
  if (symbol === undefined || declaration === undefined) return undefined;
  const declares = isDeclarationName(identifier);
  const write = declares ? 'none' : writeOf(identifier);
  const typeOnly = !declares && isTypePosition(identifier);
  const value = declares && Node.isVariableDeclaration(identifier.getParent()) && declaredValue(identifier);
  return {
    identifier,
    symbol,
    declaration,
    reads: !declares && write !== 'write',
    writes: write !== 'none' || value,
    declares,
    typeOnly,
  };
}

function declaredValue(identifier: Identifier): boolean {
  const parent = identifier.getParent();
  return Node.isVariableDeclaration(parent) && parent.getInitializer() !== undefined;
}

/** Every use of a name in the nodes, in the order of the text. */
export function nameUses(nodes: readonly Node[]): readonly NameUse[] {
  const identifiers: Identifier[] = [];
  const collect = (node: Node): void => {
    if (Node.isIdentifier(node) && isScoped(node)) identifiers.push(node);
  };
  for (const node of nodes) {
    collect(node);
    node.forEachDescendant(collect);
  }
  return identifiers.flatMap((identifier) => useOf(identifier) ?? []);
}

/** Names behind a dot, and of members. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  const isMember =
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isClassElement(parent) ||
    ts.isTypeElement(parent);
  return isMember && parent.name === node;
}

/** The first line on which the file's code (not its comments and texts) has the name (not as a member), or undefined. */
export function lineOfName(file: SourceFile, name: string): number | undefined {
  let found: number | undefined;
  const source = file.compilerNode;
  walk(source, (node) => {
    if (found === undefined && ts.isIdentifier(node) && node.text === name && !isMemberName(node))
      found = lineOf(source, node.getStart(source));
  });
  return found;
}

/** The scope a declaration belongs to is the module (or what is outside of it). */
export function isModuleLevel(declaration: Node): boolean {
  if (Node.isVariableDeclaration(declaration)) return Node.isSourceFile(declaration.getVariableStatement()?.getParent());
  if (Node.isBindingElement(declaration)) {
    const owner = declaration.getFirstAncestor((each) => Node.isVariableDeclaration(each) || Node.isParameterDeclaration(each));
    return owner !== undefined && isModuleLevel(owner);
  }
  if (Node.isImportSpecifier(declaration) || Node.isImportClause(declaration) || Node.isNamespaceImport(declaration)) return true;
  const parent = declaration.getParent();
  return (
    Node.isSourceFile(declaration) ||
    parent === undefined ||
    Node.isSourceFile(parent) ||
    Node.isModuleBlock(parent) ||
    Node.isEnumDeclaration(parent)
  );
}

export function isWithin(node: Node, nodes: readonly Node[]): boolean {
  const file = node.getSourceFile();
  return nodes.some((each) => each.getSourceFile() === file && each.getPos() <= node.getPos() && node.getEnd() <= each.getEnd());
}
