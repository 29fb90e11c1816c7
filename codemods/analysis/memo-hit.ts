// A method that keeps what it made in a Map: asking it again for the same key does nothing but answer.
import { ts } from '../kernel/parse-source.ts';
import { isAssignment } from './constant-values.ts';
import { boundNames, changed, listOf, parseMember, removal, type MemberText } from './member-text.ts';
import { thisUses } from './this-uses.ts';

/** The Map field a method answers from, when it is of the shape: look up and return, else make, keep and return. */
export function memoField(text: string): string | undefined {
  const member = parseMember(text);
  const body = member !== undefined && ts.isMethodDeclaration(member.node) ? member.node.body : undefined;
  const key = member !== undefined && ts.isMethodDeclaration(member.node) ? member.node.parameters[0]?.name.getText() : undefined;
  if (
    member === undefined ||
    body === undefined ||
    key === undefined ||
    boundNames(member.node).filter((each) => each === key).length !== 1
  )
    return undefined;
  if (writes(member.node, key)) return undefined;
  // Without semicolons: not every style has them.
  const flat = (node: ts.Node | undefined): string =>
    (node?.getText(member.source) ?? '').replaceAll(/\s+/g, ' ').replaceAll(';', '');
  const look = /^(?:const|let) (\w+) = this\.([#\w]+)\.get\((\w+)\)$/.exec(flat(body.statements[0]));
  if (look === null || look[3] !== key) return undefined;
  const hit = new RegExp(`^if \\(${look[1] ?? ''} !== undefined\\) (?:\\{ )?return ${look[1] ?? ''}(?: \\})?$`);
  if (!hit.test(flat(body.statements[1]))) return undefined;
  const keep = /^this\.([#\w]+)\.set\((\w+), (\w+)\)$/.exec(flat(body.statements.at(-2)));
  const answer = /^return (\w+)$/.exec(flat(body.statements.at(-1)));
  if (keep === null || keep[1] !== look[2] || keep[2] !== key || answer === null || answer[1] !== keep[3]) return undefined;
  return returnsIn(body) === 2 ? look[2] : undefined;
}

function count(node: ts.Node, is: (node: ts.Node) => boolean): number {
  let found = is(node) ? 1 : 0;
  ts.forEachChild(node, (child) => {
    found += count(child, is);
  });
  return found;
}

function returnsIn(body: ts.Block): number {
  return count(body, ts.isReturnStatement);
}

function writes(node: ts.Node, name: string): boolean {
  const isWrite = (each: ts.Node): boolean => {
    const target =
      ts.isBinaryExpression(each) && isAssignment(each)
        ? each.left
        : ts.isPostfixUnaryExpression(each) ||
            (ts.isPrefixUnaryExpression(each) && each.operator !== ts.SyntaxKind.ExclamationToken)
          ? each.operand
          : undefined;
    return target !== undefined && ts.isIdentifier(target) && target.text === name;
  };
  return count(node, isWrite) > 0;
}

/** A method that keeps its answers; an asynchronous one has kept it only once it was awaited. */
export interface KeepingMethod {
  readonly name: string;
  readonly isAsync: boolean;
}

/** A statement that is `this.method(key)`, or declares a variable with it. */
function asksFor(statement: ts.Statement, method: KeepingMethod, key: string): boolean {
  const value = ts.isVariableStatement(statement)
    ? statement.declarationList.declarations[0]?.initializer
    : ts.isExpressionStatement(statement)
      ? statement.expression
      : undefined;
  return value !== undefined && callKey(value, method) === key;
}

function callKey(value: ts.Expression, method: KeepingMethod): string | undefined {
  if (ts.isAwaitExpression(value) !== method.isAsync) return undefined;
  const call = ts.isAwaitExpression(value) ? value.expression : value;
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return undefined;
  const callee = call.expression;
  if (callee.expression.kind !== ts.SyntaxKind.ThisKeyword || callee.name.text !== method.name) return undefined;
  const [key, ...more] = call.arguments;
  return key !== undefined && more.length === 0 && ts.isIdentifier(key) ? key.text : undefined;
}

/** The statement's own list and those around it: what stands before it there has run when it runs. */
function statementsBefore(statement: ts.Statement): readonly ts.Statement[] {
  const before: ts.Statement[] = [];
  for (let at: ts.Node = statement; !ts.isFunctionLike(at) && at.parent !== undefined; at = at.parent) {
    const list = ts.isStatement(at) ? listOf(at) : undefined;
    if (list !== undefined && ts.isStatement(at)) before.push(...list.slice(0, list.indexOf(at)));
  }
  return before;
}

function repeatedAsk(member: MemberText, method: KeepingMethod): ts.Statement | undefined {
  for (const use of thisUses(member).filter((each) => each.name === method.name && each.call !== undefined)) {
    const call = use.call;
    const around = call !== undefined && ts.isAwaitExpression(call.parent) ? call.parent.parent : call?.parent;
    if (around === undefined || !ts.isExpressionStatement(around)) continue;
    const key = callKey(around.expression, method);
    const constant =
      key !== undefined && boundNames(member.node).filter((each) => each === key).length === 1 && !writes(member.node, key);
    if (constant && statementsBefore(around).some((each) => asksFor(each, method, key))) return around;
  }
  return undefined;
}

/** The member without statements that only ask a keeping method again for what it has just answered. */
export function withoutRepeatedAsk(
  text: string,
  keepingMethods: readonly KeepingMethod[],
): { readonly text: string; readonly dropped: readonly string[] } {
  let current = text;
  const dropped: string[] = [];
  for (;;) {
    const member = parseMember(current);
    const again =
      member === undefined
        ? undefined
        : keepingMethods.map((method) => repeatedAsk(member, method)).find((each) => each !== undefined);
    const list = again === undefined ? undefined : listOf(again);
    if (member === undefined || again === undefined || list === undefined) return { text: current, dropped };
    const change = removal(member.source, list, list.indexOf(again), 1);
    if (change === undefined) return { text: current, dropped };
    dropped.push(again.getText(member.source));
    current = changed(member, [change]);
  }
}
