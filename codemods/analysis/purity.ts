// What a piece of code does besides computing a value, what in it can throw, and what it reads that can change.
import { type CallExpression, Node, type NewExpression, type Symbol as TsSymbol, SyntaxKind, type Type } from 'ts-morph';
import { builtinFunction, builtinMember, type BuiltinKind } from './builtins.ts';
import { isModuleLevel, isWithin, nameUses, writeOf } from './name-uses.ts';
import { mutableRead } from './immutability.ts';
import { isLanguageFile } from './type-text.ts';

export type EffectKind = 'await' | 'this' | 'state' | 'call' | 'clock' | 'random' | 'mutation' | 'coercion';

export interface Effect {
  readonly kind: EffectKind;
  readonly node: Node;
  readonly why: string;
}

export interface Purity {
  /** Why it is not a function of its inputs alone; empty when it is. */
  readonly effects: readonly Effect[];
  /** What in it can throw. */
  readonly throws: readonly Node[];
  /** Reads of fields that others may change meanwhile. */
  readonly mutableReads: readonly Node[];
}

interface Report {
  readonly effects: Effect[];
  readonly throws: Node[];
  readonly mutableReads: Node[];
}

interface Context {
  readonly piece: readonly Node[];
  /** Functions being looked at, so that recursion ends. */
  readonly open: ReadonlySet<Node>;
  /** Nodes that are taken out of the piece before it becomes a function. */
  readonly lifted: readonly Node[];
}

/** Looks at the nodes and at the functions of the project they call. `lifted` nodes are left out: they become arguments. */
export function purityOf(piece: readonly Node[], lifted: readonly Node[] = []): Purity {
  const report: Report = { effects: [], throws: [], mutableReads: [] };
  const context: Context = { piece, open: new Set(), lifted };
  for (const node of piece) visit(node, context, report);
  return report;
}

function visit(node: Node, context: Context, report: Report): void {
  if (context.lifted.includes(node)) return;
  if (Node.isTypeNode(node) && !Node.isExpression(node)) return;
  inspect(node, context, report);
  node.forEachChild((child) => visit(child, context, report));
}

function inspect(node: Node, context: Context, report: Report): void {
  const add = (kind: EffectKind, why: string): number => report.effects.push({ kind, node, why });
  if (Node.isAwaitExpression(node)) add('await', 'it waits');
  else if (Node.isYieldExpression(node)) add('await', 'it hands control out');
  else if (Node.isThisExpression(node) || Node.isSuperExpression(node)) add('this', `it uses ${node.getText()}`);
  else if (Node.isThrowStatement(node)) report.throws.push(node);
  else if (Node.isCallExpression(node)) inspectCall(node, context, report);
  else if (Node.isNewExpression(node)) inspectNew(node, context, report);
  else if (Node.isTaggedTemplateExpression(node)) add('call', `it calls the tag ${node.getTag().getText()}`);
  else if (Node.isDeleteExpression(node)) add('mutation', 'it deletes a property');
  else if (Node.isPropertyAccessExpression(node)) inspectAccess(node, context, report);
  else if (Node.isElementAccessExpression(node) || Node.isSpreadAssignment(node)) inspectRead(node, report);
  else if (Node.isIdentifier(node)) inspectName(node, context, report);
  else inspectCoercion(node, report);
  inspectWrite(node, context, report);
}

function inspectRead(node: Node, report: Report): void {
  if (mutableRead(node)) report.mutableReads.push(node);
}

/** A getter of a class runs code; a property of an interface is taken for data. */
function inspectAccess(node: Node, context: Context, report: Report): void {
  const getter = node
    .getSymbol()
    ?.getDeclarations()
    .find((each) => Node.isGetAccessorDeclaration(each));
  if (getter !== undefined) followFunction(getter, node, context, report);
  if (node.getType().isAny()) report.effects.push({ kind: 'call', node, why: `the type of ${node.getText()} is any` });
  inspectRead(node, report);
}

function inspectName(node: Node, context: Context, report: Report): void {
  const [use] = nameUses([node]);
  if (use === undefined || use.declares || use.typeOnly) return;
  const declaration = originOf(use.symbol) ?? use.declaration;
  if (isAmbient(declaration)) report.effects.push({ kind: 'state', node, why: `${node.getText()} belongs to the platform` });
  if (!isModuleLevel(use.declaration)) return;
  if (
    Node.isVariableDeclaration(declaration) &&
    !isLanguageFile(declaration.getSourceFile().getFilePath()) &&
    isState(declaration)
  ) {
    report.effects.push({ kind: 'state', node, why: `${node.getText()} is state of a module` });
  }
  if (isWithin(node, context.piece) && use.writes)
    report.effects.push({ kind: 'mutation', node, why: `it assigns ${node.getText()}` });
}

/** A variable of the platform, such as `process`: nobody knows who writes it. */
function isAmbient(declaration: Node): boolean {
  const file = declaration.getSourceFile();
  return Node.isVariableDeclaration(declaration) && file.isDeclarationFile() && !isLanguageFile(file.getFilePath());
}

/** What an imported name stands for. */
function originOf(symbol: TsSymbol): Node | undefined {
  const target = symbol.isAlias() ? (symbol.getAliasedSymbol() ?? symbol) : symbol;
  return target.getDeclarations()[0];
}

/** Whether a variable of a module can have different values, or its value different contents. */
function isState(declaration: Node): boolean {
  if (!Node.isVariableDeclaration(declaration)) return false;
  const list = declaration.getParent();
  if (!Node.isVariableDeclarationList(list) || !list.getDeclarationKind().startsWith('const')) return true;
  const type = declaration.getType();
  return !isPrimitive(type) && !isFrozen(type) && type.getCallSignatures().length === 0 && isChangedIn(declaration);
}

function isFrozen(type: Type): boolean {
  if (type.isReadonlyArray() || type.isTuple()) return true;
  const name = type.getSymbol()?.getName() ?? '';
  return name === 'ReadonlyMap' || name === 'ReadonlySet' || name === 'RegExp';
}

/** Exported: anyone may change it. Else every use must be a plain read. */
function isChangedIn(declaration: Node): boolean {
  if (!Node.isVariableDeclaration(declaration)) return true;
  if (declaration.isExported() && !/^as const$/.test(declaration.getInitializer()?.getText().slice(-8) ?? '')) return true;
  const symbol = declaration.getSymbol();
  return nameUses([declaration.getSourceFile()]).some(
    (use) => use.symbol === symbol && !use.declares && !isPlainRead(use.identifier),
  );
}

function isPlainRead(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isTypeQuery(parent)) return true;
  const access = Node.isPropertyAccessExpression(parent) || Node.isElementAccessExpression(parent);
  if (!access || parent.getExpression() !== node) return false;
  if (writeOf(parent) !== 'none' || Node.isDeleteExpression(parent.getParent())) return false;
  const call = parent.getParent();
  if (!Node.isCallExpression(call) || call.getExpression() !== parent)
    return isPrimitive(parent.getType()) || isPlainRead(parent);
  return Node.isPropertyAccessExpression(parent) && ['total', 'throws'].includes(builtinMember(parent.getName()));
}

/** Texts, numbers, flags, null and undefined: turning them into a text runs no code. */
export function isPrimitive(type: Type): boolean {
  if (type.isUnion()) return type.getUnionTypes().every(isPrimitive);
  if (type.isEnum() || type.isEnumLiteral()) return true;
  const simple = type.isString() || type.isNumber() || type.isBoolean() || type.isLiteral() || type.isTemplateLiteral();
  return simple || type.isBigInt() || type.isNull() || type.isUndefined();
}

const primitiveOperators = new Set([
  SyntaxKind.PlusToken,
  SyntaxKind.MinusToken,
  SyntaxKind.AsteriskToken,
  SyntaxKind.SlashToken,
  SyntaxKind.PercentToken,
  SyntaxKind.LessThanToken,
  SyntaxKind.GreaterThanToken,
  SyntaxKind.LessThanEqualsToken,
  SyntaxKind.GreaterThanEqualsToken,
  SyntaxKind.EqualsEqualsToken,
]);

/** Turning an object into a text or a number runs its own methods. */
function inspectCoercion(node: Node, report: Report): void {
  const operands: Node[] = [];
  if (Node.isTemplateExpression(node)) operands.push(...node.getTemplateSpans().map((span) => span.getExpression()));
  if (Node.isBinaryExpression(node) && primitiveOperators.has(node.getOperatorToken().getKind()))
    operands.push(node.getLeft(), node.getRight());
  for (const operand of operands) {
    if (isPrimitive(operand.getType())) continue;
    report.effects.push({
      kind: 'coercion',
      node: operand,
      why: `${operand.getText()} is an object that is turned into a text or a number`,
    });
  }
  if (Node.isNonNullExpression(node)) report.throws.push(node);
}

/** Assignments to what was made here are no effect. */
function inspectWrite(node: Node, context: Context, report: Report): void {
  if (writeOf(node) === 'none' || !(Node.isPropertyAccessExpression(node) || Node.isElementAccessExpression(node))) return;
  if (isFresh(node.getExpression(), context)) return;
  report.effects.push({ kind: 'mutation', node, why: `it changes ${node.getText()}` });
}

/** A value that was made in the piece and is still its own: a literal, a copy, a new collection. */
function isFresh(node: Node, context: Context): boolean {
  if (Node.isObjectLiteralExpression(node) || Node.isArrayLiteralExpression(node) || Node.isNewExpression(node)) return true;
  if (Node.isCallExpression(node)) return isFreshCall(node, context);
  if (!Node.isIdentifier(node)) return false;
  const declaration = node.getSymbol()?.getDeclarations()[0];
  if (!Node.isVariableDeclaration(declaration) || !isWithin(declaration, context.piece)) return false;
  const value = declaration.getInitializer();
  return value !== undefined && isFresh(value, context);
}

const copies = new Set('concat filter flat flatMap map slice toReversed toSorted entries fromEntries keys values'.split(' '));

/** They change their receiver and answer with it. */
const givesReceiver = new Set(['sort', 'reverse', 'fill', 'copyWithin', 'add']);

/** The call answers with a new collection, or with the one it was made on. */
function isFreshCall(call: CallExpression, context: Context): boolean {
  const target = call.getExpression();
  if (!Node.isPropertyAccessExpression(target) || !isLanguageSymbol(target.getSymbol())) return false;
  return copies.has(target.getName()) || (givesReceiver.has(target.getName()) && isFresh(target.getExpression(), context));
}

function isLanguageSymbol(symbol: TsSymbol | undefined): boolean {
  const declarations = symbol?.getDeclarations() ?? [];
  return declarations.length > 0 && declarations.every((each) => isLanguageFile(each.getSourceFile().getFilePath()));
}

function inspectCall(node: CallExpression, context: Context, report: Report): void {
  const target = node.getExpression();
  const symbol = target.getSymbol();
  if (isLanguageSymbol(symbol)) {
    applyBuiltin(node, builtinKind(target, 0), context, report);
    for (const argument of node.getArguments()) inspectCallback(argument, context, report);
    return;
  }
  const declaration = symbol === undefined ? undefined : originOf(symbol);
  followCall(declaration, node, context, report);
}

function builtinKind(target: Node, argumentCount: number, constructed = false): BuiltinKind {
  const named = builtinFunction(target.getText(), constructed, argumentCount);
  if (named !== 'unknown' || !Node.isPropertyAccessExpression(target)) return named;
  return builtinMember(target.getName());
}

function applyBuiltin(node: CallExpression | NewExpression, kind: BuiltinKind, context: Context, report: Report): void {
  const target = node.getExpression();
  const text = target.getText();
  if (kind === 'total') return;
  if (kind === 'throws') report.throws.push(node);
  else if (kind === 'clock') report.effects.push({ kind, node, why: `${text} reads the clock` });
  else if (kind === 'random') report.effects.push({ kind, node, why: `${text} is chance` });
  else if (kind === 'mutates') {
    if (Node.isPropertyAccessExpression(target) && isFresh(target.getExpression(), context)) return;
    report.effects.push({ kind: 'mutation', node, why: `${text} changes a value that was not made here` });
  } else report.effects.push({ kind: 'call', node, why: `${text} is not known to be pure` });
}

/** A function handed to the language is run by it; a literal one is part of the piece already. */
function inspectCallback(argument: Node, context: Context, report: Report): void {
  if (
    Node.isArrowFunction(argument) ||
    Node.isFunctionExpression(argument) ||
    argument.getType().getCallSignatures().length === 0
  )
    return;
  const symbol = argument.getSymbol();
  if (isLanguageSymbol(symbol)) return;
  followCall(symbol === undefined ? undefined : originOf(symbol), argument, context, report);
}

function inspectNew(node: NewExpression, context: Context, report: Report): void {
  const target = node.getExpression();
  const symbol = target.getSymbol();
  if (isLanguageSymbol(symbol)) return applyBuiltin(node, builtinKind(target, node.getArguments().length, true), context, report);
  const owner = symbol === undefined ? undefined : originOf(symbol);
  const made = Node.isClassDeclaration(owner) && owner.getConstructors().length === 0 && owner.getExtends() === undefined;
  if (made) return;
  report.effects.push({ kind: 'call', node, why: `the constructor of ${target.getText()} is not known to be pure` });
}

function followCall(declaration: Node | undefined, node: Node, context: Context, report: Report): void {
  const value = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : declaration;
  const known =
    value !== undefined && (Node.isFunctionDeclaration(value) || Node.isArrowFunction(value) || Node.isFunctionExpression(value));
  if (known && isWithin(value, context.piece)) return;
  if (known || (Node.isMethodDeclaration(value) && value.isStatic())) followFunction(value, node, context, report);
  else report.effects.push({ kind: 'call', node, why: `${node.getText().slice(0, LONGEST_QUOTE)} is not known to be pure` });
}

/** Characters of code a reason quotes. */
const LONGEST_QUOTE = 60;

/** A function of the project counts as what its body does. */
function followFunction(declared: Node, node: Node, context: Context, report: Report): void {
  if (context.open.has(declared)) return;
  const body =
    Node.isBodyable(declared) || Node.isArrowFunction(declared) || Node.isFunctionExpression(declared)
      ? declared.getBody()
      : undefined;
  const inner: Report = { effects: [], throws: [], mutableReads: [] };
  if (body !== undefined) visit(body, { piece: [declared], open: new Set([...context.open, declared]), lifted: [] }, inner);
  const [effect] = inner.effects;
  if (body === undefined || effect !== undefined) {
    report.effects.push({
      kind: 'call',
      node,
      why: `${node.getText().slice(0, LONGEST_QUOTE)}: ${effect?.why ?? 'its body is not in this project'}`,
    });
  }
  if (inner.throws.length > 0) report.throws.push(node);
}
