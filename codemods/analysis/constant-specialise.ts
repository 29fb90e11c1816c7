// Specialises a method for constant arguments: decided branches are folded, what is never reached or used goes.
import { constantOf, decidedOperand, isAssignment, isPureSyntax } from './constant-values.ts';
import {
  boundNames,
  changed,
  isVariableUse,
  parseMember,
  removal,
  replacement,
  type Change,
  type MemberText,
} from './member-text.ts';
import { ts } from '../kernel/parse-source.ts';

/** A member after simplification, and what was decided on the way, in a reviewer's words. */
export interface Specialised {
  readonly text: string;
  readonly folded: readonly string[];
}

interface Step {
  readonly change: Change;
  readonly what?: string;
}

function firstIn<T>(node: ts.Node, find: (node: ts.Node) => T | undefined): T | undefined {
  return find(node) ?? ts.forEachChild(node, (child) => firstIn(child, find));
}

function allIn(node: ts.Node, wanted: (node: ts.Node) => boolean): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (each: ts.Node): void => {
    if (wanted(each)) found.push(each);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return found;
}

/** Whether a `break` inside leaves this statement (not one that a nested loop or switch takes). */
function breaksOut(node: ts.Node): boolean {
  if (ts.isBreakStatement(node)) return true;
  if (ts.isIterationStatement(node, false) || ts.isSwitchStatement(node) || ts.isFunctionLike(node)) {
    return firstIn(node, (each) => (ts.isBreakStatement(each) && each.label !== undefined ? true : undefined)) ?? false;
  }
  return ts.forEachChild(node, (child) => (breaksOut(child) ? true : undefined)) ?? false;
}

function ends(statement: ts.Statement): boolean {
  return (
    ts.isReturnStatement(statement) ||
    ts.isThrowStatement(statement) ||
    ts.isBreakStatement(statement) ||
    ts.isContinueStatement(statement)
  );
}

/** The statements of a block, or the statement itself. */
function inner(statement: ts.Statement): readonly ts.Statement[] {
  return ts.isBlock(statement) ? statement.statements : [statement];
}

/** A declaration that would meet another of its name outside the block it is taken out of. */
function declaresBlockNames(statements: readonly ts.Statement[]): boolean {
  return statements.some((each) => ts.isFunctionDeclaration(each) || ts.isClassDeclaration(each) || ts.isVariableStatement(each));
}

/** What a clause runs, up to its `break`; undefined when its end cannot be told. */
function clauseRun(clauses: readonly ts.CaseOrDefaultClause[], from: number): readonly ts.Statement[] | undefined {
  const run: ts.Statement[] = [];
  for (const clause of clauses.slice(from)) {
    const [only, ...more] = clause.statements;
    const statements = only !== undefined && more.length === 0 && ts.isBlock(only) ? only.statements : clause.statements;
    for (const statement of statements) {
      if (ts.isBreakStatement(statement) && statement.label === undefined) return run;
      if (breaksOut(statement)) return undefined;
      run.push(statement);
      if (ends(statement)) return run;
    }
  }
  return run;
}

function foldedSwitch(member: MemberText, node: ts.SwitchStatement): Step | undefined {
  const subject = constantOf(node.expression);
  if (subject === undefined) return undefined;
  const { clauses } = node.caseBlock;
  let chosen = -1;
  for (const [at, clause] of clauses.entries()) {
    if (ts.isDefaultClause(clause)) continue;
    const label = constantOf(clause.expression);
    if (label === undefined) return undefined;
    if (label.value === subject.value) {
      chosen = at;
      break;
    }
  }
  if (chosen < 0) chosen = clauses.findIndex((clause) => ts.isDefaultClause(clause));
  const run = chosen < 0 ? [] : clauseRun(clauses, chosen);
  if (run === undefined || declaresBlockNames(run)) return undefined;
  const change = replacement(member.source, node, run);
  const arm = chosen < 0 ? 'no arm' : (clauses[chosen]?.getText(member.source).split(':')[0] ?? '');
  return change === undefined
    ? undefined
    : { change, what: `switch (${node.expression.getText(member.source)}) always takes ${arm}` };
}

function foldedIf(member: MemberText, node: ts.IfStatement): Step | undefined {
  const condition = constantOf(node.expression);
  if (condition === undefined) return undefined;
  const what = `if (${node.expression.getText(member.source)}) is always ${condition.value ? 'taken' : 'passed over'}`;
  const branch = condition.value ? node.thenStatement : node.elseStatement;
  const statements = branch === undefined ? [] : inner(branch);
  const by = declaresBlockNames(statements) && branch !== undefined ? [branch] : statements;
  const change = replacement(member.source, node, by);
  if (change !== undefined) return { change, what };
  if (branch === undefined) return undefined; // `else if` without an end: left alone
  return { change: { start: node.getStart(member.source), end: node.end, text: branch.getText(member.source) }, what };
}

function foldedExpression(member: MemberText, node: ts.Node): Step | undefined {
  let chosen: ts.Expression | undefined;
  if (ts.isConditionalExpression(node)) {
    const condition = constantOf(node.condition);
    if (condition !== undefined) chosen = condition.value ? node.whenTrue : node.whenFalse;
  } else if (ts.isBinaryExpression(node)) chosen = decidedOperand(node);
  if (chosen === undefined) return undefined;
  const simple =
    ts.isIdentifier(chosen) ||
    ts.isLiteralExpression(chosen) ||
    ts.isCallExpression(chosen) ||
    ts.isPropertyAccessExpression(chosen);
  const text = chosen.getText(member.source);
  const change = { start: node.getStart(member.source), end: node.end, text: simple ? text : `(${text})` };
  return { change, what: `${node.getText(member.source)} is always ${text}` };
}

function folded(member: MemberText): Step | undefined {
  return firstIn(member.node, (node) => {
    if (ts.isSwitchStatement(node)) return foldedSwitch(member, node);
    if (ts.isIfStatement(node)) return foldedIf(member, node);
    return foldedExpression(member, node);
  });
}

function isHoisted(statement: ts.Statement): boolean {
  if (ts.isFunctionDeclaration(statement)) return true;
  return (
    firstIn(statement, (node) =>
      ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0 ? true : undefined,
    ) ?? false
  );
}

function unreachable(member: MemberText): Step | undefined {
  return firstIn(member.node, (node) => {
    if (!ts.isBlock(node) && !ts.isCaseOrDefaultClause(node)) return undefined;
    const last = node.statements.findIndex(ends);
    const rest = node.statements.slice(last + 1);
    if (last < 0 || rest.length === 0 || rest.some(isHoisted)) return undefined;
    const change = removal(member.source, node.statements, last + 1, rest.length);
    return change === undefined ? undefined : { change };
  });
}

function usesOf(member: MemberText, name: string): number {
  return allIn(member.node, (node) => ts.isIdentifier(node) && node.text === name && isVariableUse(node)).length;
}

/** A variable that nothing names besides its declaration; its initialiser stays when it does something. */
function unusedVariable(member: MemberText): Step | undefined {
  return firstIn(member.node, (node) => {
    if (!ts.isVariableStatement(node) || node.declarationList.declarations.length !== 1) return undefined;
    const [declaration] = node.declarationList.declarations;
    if (declaration === undefined || !ts.isIdentifier(declaration.name) || usesOf(member, declaration.name.text) > 1)
      return undefined;
    const { initializer } = declaration;
    if (initializer === undefined || isPureSyntax(initializer)) {
      const change = replacement(member.source, node, []);
      return change === undefined ? undefined : { change };
    }
    if (!ts.isAwaitExpression(initializer) && !ts.isCallExpression(initializer)) return undefined;
    if (/^[([`]/.test(initializer.getText(member.source))) return undefined; // would continue the line before it
    return { change: { start: node.getStart(member.source), end: initializer.getStart(member.source), text: '' } };
  });
}

function trailingReturn(member: MemberText): Step | undefined {
  const body = ts.isMethodDeclaration(member.node) ? member.node.body : undefined;
  const last = body?.statements.at(-1);
  if (body === undefined || last === undefined || !ts.isReturnStatement(last) || last.expression !== undefined) return undefined;
  const change = removal(member.source, body.statements, body.statements.length - 1, 1);
  return change === undefined ? undefined : { change };
}

/** The member with every decided branch folded, and without what that left unreachable or unused. */
export function simplified(text: string): Specialised {
  let current = text;
  const notes: string[] = [];
  for (;;) {
    const member = parseMember(current);
    // What was unused in the original stays: only a fold gives a reason to look for more.
    const tidy = notes.length > 0 ? [unreachable, unusedVariable, trailingReturn] : [];
    const step =
      member === undefined
        ? undefined
        : [folded, ...tidy].reduce<Step | undefined>((found, find) => found ?? find(member), undefined);
    if (member === undefined || step === undefined) return { text: current, folded: notes };
    current = changed(member, [step.change]);
    if (step.what !== undefined) notes.push(step.what);
  }
}

function isWritten(member: MemberText, name: string): boolean {
  return (
    firstIn(member.node, (node) => {
      const target =
        ts.isBinaryExpression(node) && isAssignment(node)
          ? node.left
          : ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)
            ? node.operand
            : undefined;
      if (target === undefined) return undefined;
      const counts = !ts.isPrefixUnaryExpression(node) || node.operator !== ts.SyntaxKind.ExclamationToken;
      return counts && firstIn(target, (each) => (ts.isIdentifier(each) && each.text === name ? true : undefined))
        ? true
        : undefined;
    }) ?? false
  );
}

/** Whether a parameter can be replaced by a constant: a plain name, never written, never shadowed, `arguments` not used. */
export function canSpecialise(text: string, name: string): boolean {
  const member = parseMember(text);
  if (member === undefined || !ts.isMethodDeclaration(member.node)) return false;
  if (boundNames(member.node).filter((each) => each === name).length !== 1) return false;
  if (usesOf(member, 'arguments') > 0) return false;
  return !isWritten(member, name);
}

/** The constant as it is written where a variable stood: `{ x }` keeps its key, `x.y` must not become `1.y`. */
function inPlaceOf(node: ts.Identifier, value: string): string {
  if (ts.isShorthandPropertyAssignment(node.parent)) return `${node.text}: ${value}`;
  return ts.isPropertyAccessExpression(node.parent) && /^[-\d]/.test(value) ? `(${value})` : value;
}

/** The member with parameters (name → source text of the constant) taken out of its signature and put into its body. */
export function specialised(text: string, constants: ReadonlyMap<string, string>): Specialised {
  const member = parseMember(text);
  if (member === undefined || !ts.isMethodDeclaration(member.node) || constants.size === 0) return { text, folded: [] };
  const { parameters } = member.node;
  const kept = parameters.filter((each) => !constants.has(each.name.getText(member.source)));
  const range = { start: parameters.pos, end: parameters.end };
  const changes: Change[] = [{ ...range, text: kept.map((each) => each.getText(member.source)).join(', ') }];
  const { body } = member.node;
  for (const node of body === undefined ? [] : allIn(body, ts.isIdentifier)) {
    if (!ts.isIdentifier(node) || !isVariableUse(node)) continue;
    const value = constants.get(node.text);
    if (value === undefined) continue;
    changes.push({ start: node.getStart(member.source), end: node.end, text: inPlaceOf(node, value) });
  }
  return simplified(changed(member, changes));
}

/** The statements a method's body has left. */
export function statementCount(text: string): number {
  const member = parseMember(text);
  const body = member !== undefined && ts.isMethodDeclaration(member.node) ? member.node.body : undefined;
  return body?.statements.length ?? 0;
}
