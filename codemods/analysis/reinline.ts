// The proof of a merge: puts a call's arguments and closures back into the helper and compares with what stood there before.
import { parseSource, ts } from '../kernel/parse-source.ts';
import { Env, type Meaning, NormalForm, NotReducible, type Surrounding } from './normal-form.ts';

export interface Reinlined {
  readonly equal: boolean;
  /** Where the two normal forms part. */
  readonly difference?: string;
}

/** Characters of a normal form that a difference shows. */
const SHOWN_CHARACTERS = 160;

type Helper = ts.FunctionDeclaration | ts.MethodDeclaration;

function helperIn(text: string): { readonly helper: Helper; readonly body: ts.Block } | undefined {
  for (const code of [text, `class C {\n${text}\n}`]) {
    const [first] = parseSource('helper.ts', code).statements;
    const node = first !== undefined && ts.isClassDeclaration(first) ? first.members[0] : first;
    if (node === undefined || !(ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node))) continue;
    if (node.body !== undefined) return { helper: node, body: node.body };
  }
  return undefined;
}

function statementsOf(text: string): readonly ts.Statement[] {
  const [first] = parseSource('code.ts', `async () => {\n${text}\n}`).statements;
  const arrow = first !== undefined && ts.isExpressionStatement(first) ? first.expression : undefined;
  return arrow !== undefined && ts.isArrowFunction(arrow) && ts.isBlock(arrow.body) ? arrow.body.statements : [];
}

interface Call {
  readonly node: ts.CallExpression;
  readonly awaited: boolean;
  /** What the call's statement binds, as an expression, when it declares variables. */
  readonly bound: string | undefined;
  /** The statement, when the call is only a part of it. */
  readonly around: Surrounding | undefined;
}

function isCallOf(node: ts.Node, name: string): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) return false;
  const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  return ts.isIdentifier(callee) && callee.text === name;
}

function findCall(node: ts.Node, name: string): ts.CallExpression | undefined {
  return isCallOf(node, name) ? node : ts.forEachChild(node, (child) => findCall(child, name));
}

/** The call of the helper in a statement: all of it, what a variable is declared with, or a part. */
function callIn(text: string, name: string): Call | undefined {
  const [statement] = statementsOf(text);
  const node = statement === undefined ? undefined : findCall(statement, name);
  if (statement === undefined || node === undefined) return undefined;
  const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : undefined;
  const awaited = ts.isAwaitExpression(node.parent);
  const whole = awaited ? node.parent : node;
  const isAll = whole.parent === statement || (declared !== undefined && declared.initializer === whole);
  return {
    node,
    awaited: awaited || (ts.isReturnStatement(statement) && isAll),
    bound: isAll ? declared?.name.getText() : undefined,
    around: isAll ? undefined : { statement, call: whole },
  };
}

/** A value is computed before the helper runs: nothing in it may call, await or assign. */
function requireInert(node: ts.Node): void {
  if (ts.isArrowFunction(node)) return;
  const acts =
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isYieldExpression(node) ||
    ts.isDeleteExpression(node);
  const updates =
    (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
    node.operator >= ts.SyntaxKind.PlusPlusToken &&
    node.operator <= ts.SyntaxKind.MinusMinusToken;
  const operator = ts.isBinaryExpression(node) ? node.operatorToken.kind : ts.SyntaxKind.Unknown;
  const assigns = operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
  if (acts || updates || assigns || ts.isTaggedTemplateExpression(node))
    throw new NotReducible(`an argument is computed before the helper runs: ${node.getText()}`);
  ts.forEachChild(node, requireInert);
}

function meaningOf(argument: ts.Expression | undefined, env: Env): Meaning {
  if (argument === undefined) return { kind: 'absent' };
  requireInert(argument);
  if (!ts.isObjectLiteralExpression(argument)) return { kind: 'code', node: argument, env };
  const fields = new Map<string, ts.Node>();
  for (const property of argument.properties) {
    if (ts.isPropertyAssignment(property)) fields.set(property.name.getText(), property.initializer);
    else if (ts.isShorthandPropertyAssignment(property)) fields.set(property.name.text, property.name);
    else throw new NotReducible('the descriptor has something else than fields');
  }
  return { kind: 'object', fields, env };
}

/** What the helper's parameters and type parameters mean in a call. */
function environmentOf(helper: Helper, call: ts.CallExpression): Env {
  const outer = new Env(new Map());
  const names = new Map<string, Meaning>();
  for (const [at, parameter] of helper.parameters.entries()) {
    if (!ts.isIdentifier(parameter.name)) throw new NotReducible('a parameter of the helper is a pattern');
    names.set(parameter.name.text, meaningOf(call.arguments[at], outer));
  }
  for (const [at, parameter] of (helper.typeParameters ?? []).entries()) {
    const given = call.typeArguments?.[at];
    if (given === undefined) throw new NotReducible('the call does not give its type arguments');
    names.set(parameter.name.text, { kind: 'type', text: new NormalForm().of(given, outer) });
  }
  return new Env(names, outer);
}

function isAsync(helper: Helper): boolean {
  return helper.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword) === true;
}

function firstDifference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const from = Math.max(0, at - 40);
  return `the helper gives …${a.slice(from, from + SHOWN_CHARACTERS)}… where the clone has …${b.slice(from, from + SHOWN_CHARACTERS)}…`;
}

/**
 * Whether the helper, run as the call says, is the original: parameters, closures, texts and optional statements put in place,
 * then compared as trees. Reading a property has no effect of its own and gives the same value until something assigns it:
 * that is assumed, as `reply.value` is read once for a closure where the original read it in several places.
 */
export function reinlinedEquals(helperText: string, callText: string, originalText: string): Reinlined {
  const helper = helperIn(helperText);
  const call = helper?.helper.name === undefined ? undefined : callIn(callText, helper.helper.name.getText());
  if (helper === undefined) return { equal: false, difference: 'the helper is not one function or method with a body' };
  if (call === undefined) return { equal: false, difference: 'the statement does not call the helper' };
  if (isAsync(helper.helper) && !call.awaited)
    return { equal: false, difference: 'the helper is async and its call is not awaited' };
  try {
    const returned = call.bound === undefined ? '' : `\nreturn ${call.bound};`;
    const form = new NormalForm();
    const env = environmentOf(helper.helper, call.node);
    const { statements } = helper.body;
    const inlined = (call.around === undefined ? form.list(statements, env) : form.listInto(statements, env, call.around)).join(
      ';\n',
    );
    const original = new NormalForm().list(statementsOf(originalText + returned), new Env(new Map())).join(';\n');
    return inlined === original ? { equal: true } : { equal: false, difference: firstDifference(inlined, original) };
  } catch (thrown) {
    if (thrown instanceof NotReducible) return { equal: false, difference: thrown.message };
    throw thrown;
  }
}
