// The one call of an extracted function, and the statements around it that only take its result apart.
import { ts, walk } from '../kernel/parse-source.ts';

/** A variable of the caller and what it gets: the result, or one field of it. */
export interface Taken {
  readonly name: string;
  readonly field: string | undefined;
  /** The variable exists already and is assigned; undefined where the statement declares it. */
  readonly target: ts.Identifier | undefined;
}

/** `if (result.kind === 'K') return result.value;` */
export interface Leave {
  readonly kind: string;
  readonly statement: ts.Statement;
  /** The `result.value` in it. */
  readonly value: ts.Expression | undefined;
}

export interface CallSite {
  readonly call: ts.CallExpression;
  /** The call with the `await` in front of it. */
  readonly whole: ts.Expression;
  readonly at: ts.Statement;
  readonly takes: readonly ts.Statement[];
  /** `returned`: the caller returns what the call returns. `taken`: variables get it. `part`: it is a part of a statement. */
  readonly form: 'alone' | 'returned' | 'taken' | 'part';
  readonly taken: readonly Taken[];
  readonly leaves: readonly Leave[];
}

/** Calls of the function, and other uses of its name as a value. */
export function callsOf(node: ts.Node, name: string): { readonly calls: readonly ts.CallExpression[]; readonly others: number } {
  const calls: ts.CallExpression[] = [];
  let named = 0;
  walk(node, (each) => {
    if (ts.isIdentifier(each) && each.text === name) named += 1;
    if (!ts.isCallExpression(each)) return;
    const callee = ts.isPropertyAccessExpression(each.expression) ? each.expression.name : each.expression;
    if (ts.isIdentifier(callee) && callee.text === name) calls.push(each);
  });
  return { calls, others: named - calls.length };
}

function statementOf(node: ts.Node): ts.Statement | undefined {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) if (ts.isStatement(at)) return at;
  return undefined;
}

function withParentheses(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node.parent) ? withParentheses(node.parent) : node;
}

/** The statements of the list behind this one. */
function behind(statement: ts.Statement): readonly ts.Statement[] {
  const { parent } = statement;
  if (!ts.isBlock(parent) && !ts.isCaseOrDefaultClause(parent)) return [];
  return parent.statements.slice(parent.statements.indexOf(statement) + 1);
}

/** `holder.field`, the field's name. */
function fieldOf(node: ts.Node | undefined, holder: string): string | undefined {
  const isField = node !== undefined && ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression);
  return isField && node.expression.getText() === holder ? node.name.text : undefined;
}

function leaveOf(statement: ts.Statement, holder: string): Leave | undefined {
  if (!ts.isIfStatement(statement) || statement.elseStatement !== undefined) return undefined;
  const test = statement.expression;
  if (!ts.isBinaryExpression(test) || test.operatorToken.kind !== ts.SyntaxKind.EqualsEqualsEqualsToken) return undefined;
  if (fieldOf(test.left, holder) !== 'kind' || !ts.isStringLiteral(test.right)) return undefined;
  const { thenStatement } = statement;
  const returned = ts.isReturnStatement(thenStatement) ? thenStatement.expression : undefined;
  if (returned !== undefined && fieldOf(returned, holder) === undefined) return undefined;
  const jumps = ts.isReturnStatement(thenStatement) || ts.isBreakOrContinueStatement(thenStatement);
  return jumps ? { kind: test.right.text, statement: thenStatement, value: returned } : undefined;
}

/** The names a pattern declares, each with its field; undefined for nested patterns and defaults. */
function fieldsOf(pattern: ts.BindingName): readonly Taken[] | undefined {
  if (!ts.isObjectBindingPattern(pattern)) return undefined;
  const fields = pattern.elements.map((each): Taken | undefined => {
    const isPlain = ts.isIdentifier(each.name) && each.initializer === undefined && each.dotDotDotToken === undefined;
    const field = each.propertyName ?? each.name;
    if (!isPlain || !ts.isIdentifier(each.name) || !ts.isIdentifier(field)) return undefined;
    return { name: each.name.text, field: field.text, target: undefined };
  });
  const plain = fields.filter((each) => each !== undefined);
  return plain.length === fields.length ? plain : undefined;
}

/** `const { a, b } = holder;` or `a = holder.a;` */
function takenFrom(statement: ts.Statement, holder: string): readonly Taken[] | undefined {
  if (ts.isVariableStatement(statement)) {
    const [declared, ...more] = statement.declarationList.declarations;
    const from = declared?.initializer;
    if (declared === undefined || more.length > 0 || from === undefined || from.getText() !== holder) return undefined;
    return fieldsOf(declared.name);
  }
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return undefined;
  const { left, operatorToken, right } = statement.expression;
  const field = fieldOf(right, holder);
  if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isIdentifier(left) || field === undefined) return undefined;
  return [{ name: left.text, field, target: left }];
}

/** Statements behind `const holder = f();` that test and take it apart. */
function holderParts(at: ts.Statement, holder: string): Pick<CallSite, 'takes' | 'taken' | 'leaves'> {
  const takes: ts.Statement[] = [at];
  const taken: Taken[] = [];
  const leaves: Leave[] = [];
  for (const statement of behind(at)) {
    const leave = taken.length === 0 ? leaveOf(statement, holder) : undefined;
    const more = leave === undefined ? takenFrom(statement, holder) : [];
    if (more === undefined) break;
    if (leave !== undefined) leaves.push(leave);
    taken.push(...more);
    takes.push(statement);
  }
  return { takes, taken, leaves };
}

type Found = Pick<CallSite, 'call' | 'whole' | 'at'>;

function declaringCall(found: Found, declaration: ts.VariableDeclaration): CallSite {
  const { name } = declaration;
  if (!ts.isIdentifier(name)) {
    const fields = fieldsOf(name);
    return { ...found, takes: [found.at], form: fields === undefined ? 'part' : 'taken', taken: fields ?? [], leaves: [] };
  }
  const parts = holderParts(found.at, name.text);
  if (parts.takes.length > 1) return { ...found, ...parts, form: 'taken' };
  const taken = [{ name: name.text, field: undefined, target: undefined }];
  return { ...found, takes: [found.at], form: 'taken', taken, leaves: [] };
}

function statementCall(found: Found): CallSite {
  const next = behind(found.at)[0];
  const leaves = next !== undefined && ts.isReturnStatement(next) && next.expression === undefined;
  const form = leaves ? 'returned' : 'alone';
  return { ...found, takes: leaves ? [found.at, next] : [found.at], form, taken: [], leaves: [] };
}

/** How the call stands in its function; undefined when it stands in no statement. */
export function callSite(call: ts.CallExpression): CallSite | undefined {
  const at = statementOf(call);
  if (at === undefined) return undefined;
  const inner = withParentheses(call);
  const whole = ts.isAwaitExpression(inner.parent) ? inner.parent : call;
  const found = { call, whole, at };
  const part: CallSite = { ...found, takes: [at], form: 'part', taken: [], leaves: [] };
  if (ts.isReturnStatement(at) && at.expression === whole) return { ...part, form: 'returned' };
  if (ts.isExpressionStatement(at)) {
    const { expression } = at;
    if (expression === whole) return statementCall(found);
    const assigns = ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    if (!assigns || expression.right !== whole || !ts.isIdentifier(expression.left)) return part;
    return { ...part, form: 'taken', taken: [{ name: expression.left.text, field: undefined, target: expression.left }] };
  }
  if (!ts.isVariableStatement(at) || at.declarationList.declarations.length !== 1) return part;
  const [declaration] = at.declarationList.declarations;
  return declaration?.initializer === whole ? declaringCall(found, declaration) : part;
}
