// Why a declaration must not go to another module: what it does when it is loaded, and what it says about its own path.
import { dirname } from 'node:path';
import { Node, type Statement, SyntaxKind } from 'ts-morph';
import { isInert } from '../kernel/top-level-effects.ts';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { nameUses } from './name-uses.ts';

const ownModule: ReadonlySet<string> = new Set(['__dirname', '__filename', 'require', 'module']);

/** Globals whose value is the same whenever they are read. */
const constants: ReadonlySet<string> = new Set([
  'undefined',
  'NaN',
  'Infinity',
  'Number',
  'Math',
  'Symbol',
  'String',
  'Boolean',
  'BigInt',
  'Object',
  'Array',
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'RegExp',
]);

function isGlobal(node: Node): boolean {
  const declarations = node.getSymbol()?.getDeclarations() ?? [];
  return declarations.every((each) => each.getSourceFile() !== node.getSourceFile());
}

/** A use of the module's own place: `import.meta`, `__dirname`, `require`, a path relative to the file. */
function ownPlace(node: Node, sameFolder: boolean): boolean {
  if (Node.isMetaProperty(node)) return node.getKeywordToken() === SyntaxKind.ImportKeyword;
  if (Node.isIdentifier(node)) {
    const parent = node.getParent();
    const property = Node.isPropertyAccessExpression(parent) && parent.getNameNode() === node;
    const key = Node.isPropertyAssignment(parent) || Node.isPropertyDeclaration(parent) || Node.isPropertySignature(parent);
    return ownModule.has(node.getText()) && !property && !(key && parent.getNameNode() === node) && isGlobal(node);
  }
  if (Node.isImportTypeNode(node)) return !sameFolder && node.getArgument().getText().slice(1).startsWith('.');
  if (!Node.isCallExpression(node) || node.getExpression().getKind() !== SyntaxKind.ImportKeyword) return false;
  const [argument] = node.getArguments();
  if (!Node.isStringLiteral(argument)) return true;
  return !sameFolder && argument.getLiteralText().startsWith('.');
}

function requireNoOwnPlace(statement: Statement, to: string): void {
  const sameFolder = dirname(statement.getSourceFile().getFilePath()) === dirname(to);
  const found = [statement, ...statement.getDescendants()].find((node) => ownPlace(node, sameFolder));
  if (found === undefined) return;
  const message = `\`${found.getText().split('\n')[0] ?? ''}\` means the file it stands in and would mean another one. Pass the path in, then move.`;
  throw new Refusal('REFIT_MOVE_OWN_PATH', message, placeOf(found));
}

/** Parts of a statement that run when the module is loaded. */
function loadTimeParts(statement: Statement): readonly Node[] {
  if (Node.isVariableStatement(statement))
    return statement
      .getDeclarations()
      .flatMap((each) => [each.getNameNode(), each.getInitializer()].filter((part) => part !== undefined));
  if (Node.isEnumDeclaration(statement)) return statement.getMembers().flatMap((each) => each.getInitializer() ?? []);
  if (!Node.isClassDeclaration(statement)) return [];
  const statics = statement
    .getStaticProperties()
    .filter(Node.isPropertyDeclaration)
    .flatMap((each) => each.getInitializer() ?? []);
  const names = statement.getMembers().flatMap((each) => {
    const name = Node.hasName(each) ? each.getNameNode() : undefined;
    return Node.isComputedPropertyName(name) ? [name.getExpression()] : [];
  });
  const base = statement.getExtends()?.getExpression();
  return [...(base === undefined ? [] : [base]), ...statics, ...names];
}

function effectOf(statement: Statement): Node | undefined {
  if (Node.isModuleDeclaration(statement)) return statement.hasDeclareKeyword() ? undefined : statement;
  if (Node.isClassDeclaration(statement)) {
    const decorated = [statement, ...statement.getDescendants()].find(Node.isDecorator);
    const block = statement.getStaticBlocks()[0];
    if (decorated !== undefined || block !== undefined) return decorated ?? block;
  }
  return loadTimeParts(statement).find(
    (part) =>
      (Node.isExpression(part) && !isInert(part)) || Node.isObjectBindingPattern(part) || Node.isArrayBindingPattern(part),
  );
}

/** What a load-time expression reads from places that may have another value at another moment. */
export function loadTimeReads(statements: readonly Statement[]): readonly Node[] {
  return statements.flatMap(loadTimeParts).flatMap((part) => {
    const skipped = (node: Node): boolean =>
      node.getAncestors().some((each) => each !== part && isLater(each) && each.getPos() >= part.getPos());
    if (isLater(part)) return [];
    return [part, ...part.getDescendants()].filter((node) => {
      if (!Node.isPropertyAccessExpression(node) && !Node.isElementAccessExpression(node)) return false;
      return !skipped(node) && !isConstantRoot(node);
    });
  });
}

function isLater(node: Node): boolean {
  return (
    Node.isArrowFunction(node) ||
    Node.isFunctionExpression(node) ||
    Node.isMethodDeclaration(node) ||
    Node.isClassExpression(node) ||
    Node.isTypeNode(node)
  );
}

/** `Number.MAX_VALUE`, `Color.Red`. */
function isConstantRoot(node: Node): boolean {
  const root = Node.isPropertyAccessExpression(node) || Node.isElementAccessExpression(node) ? node.getExpression() : node;
  if (Node.isPropertyAccessExpression(root) || Node.isElementAccessExpression(root)) return isConstantRoot(root);
  if (!Node.isIdentifier(root)) return false;
  if (constants.has(root.getText()) && isGlobal(root)) return true;
  const [use] = nameUses([root]);
  const symbol = use?.symbol.isAlias() === true ? use.symbol.getAliasedSymbol() : use?.symbol;
  return (symbol?.getDeclarations() ?? []).some((each) => Node.isEnumDeclaration(each));
}

/** Refuses declarations whose meaning depends on the module they stand in, or on when it is loaded. */
export function requireMovable(statements: readonly Statement[], to: string): void {
  for (const statement of statements) {
    requireNoOwnPlace(statement, to);
    const effect = effectOf(statement);
    if (effect === undefined) continue;
    const message = `\`${effect.getText().split('\n')[0] ?? ''}\` runs when its module is loaded; in another module it runs at another time, or not at all. Move it behind a function first.`;
    throw new Refusal('REFIT_MOVE_EFFECT', message, placeOf(effect));
  }
}

/** A directive (`'use client'`) holds for all of its module and does not move along. */
export function requireNoDirective(statements: readonly Node[]): void {
  for (const statement of statements) {
    const text = Node.isExpressionStatement(statement) ? statement.getExpression() : undefined;
    if (text === undefined || !Node.isStringLiteral(text)) return;
    if (text.getLiteralText() === 'use strict') continue;
    throw new Refusal(
      'REFIT_MOVE_DIRECTIVE',
      `${text.getText()} holds for the whole module, the target has none. Move the code by hand.`,
      placeOf(statement),
    );
  }
}
