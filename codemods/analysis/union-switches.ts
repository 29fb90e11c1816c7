// Switches over the discriminant of a value: their clauses, the kinds that reach them, and what they read of the value.
import { type CaseOrDefaultClause, type Expression, Node, type SwitchStatement } from 'ts-morph';
import { writeOf } from './name-uses.ts';

/** `switch (subject.discriminant)`. */
export interface UnionSwitch {
  readonly node: SwitchStatement;
  readonly subject: Expression;
  readonly discriminant: string;
}

/** The parts of a switch over a property, or undefined for any other switch. */
export function unionSwitch(node: SwitchStatement): UnionSwitch | undefined {
  const expression = node.getExpression();
  if (!Node.isPropertyAccessExpression(expression) || expression.hasQuestionDotToken()) return undefined;
  return { node, subject: expression.getExpression(), discriminant: expression.getName() };
}

/** Whether reading the expression again gives the same value: names and properties, no calls, no getters. */
export function isStablePath(subject: Node): boolean {
  if (Node.isIdentifier(subject) || Node.isThisExpression(subject)) return true;
  if (!Node.isPropertyAccessExpression(subject) || subject.hasQuestionDotToken()) return false;
  const getter =
    subject
      .getNameNode()
      .getSymbol()
      ?.getDeclarations()
      .some((each) => Node.isGetAccessorDeclaration(each)) ?? false;
  return !getter && isStablePath(subject.getExpression());
}

function samePath(node: Node, subject: Node): boolean {
  if (Node.isPropertyAccessExpression(node) && Node.isPropertyAccessExpression(subject)) {
    return node.getName() === subject.getName() && samePath(node.getExpression(), subject.getExpression());
  }
  if (Node.isThisExpression(node) && Node.isThisExpression(subject)) return true;
  return Node.isIdentifier(node) && Node.isIdentifier(subject) && node.getSymbol() === subject.getSymbol();
}

/** Every place in the node that reads the subject itself (the longest match: not its prefixes). */
export function subjectUses(within: Node, subject: Node): readonly Node[] {
  return within.getDescendants().filter((node) => samePath(node, subject) && !isName(node));
}

function isName(node: Node): boolean {
  const parent = node.getParent();
  return Node.isPropertyAccessExpression(parent) && parent.getNameNode() === node;
}

/** A write inside the node to the subject, or to what it is read from. */
export function subjectWrite(within: Node, subject: Node): Node | undefined {
  const parts: Node[] = [];
  for (let at: Node = subject; ; at = at.getExpression()) {
    parts.push(at);
    if (!Node.isPropertyAccessExpression(at)) break;
  }
  return within.getDescendants().find((node) => writeOf(node) !== 'none' && parts.some((part) => samePath(node, part)));
}

/** The texts of a clause's label; undefined for `default` and for labels that are not texts. */
export function labelOf(clause: CaseOrDefaultClause): string | undefined {
  const label = Node.isCaseClause(clause) ? clause.getExpression() : undefined;
  return Node.isStringLiteral(label) || Node.isNoSubstitutionTemplateLiteral(label) ? label.getLiteralText() : undefined;
}

function endsItself(clause: CaseOrDefaultClause): boolean {
  const statements = clause.getStatements();
  const [only] = statements;
  const last = statements.length === 1 && Node.isBlock(only) ? only.getStatements().at(-1) : statements.at(-1);
  return (
    Node.isBreakStatement(last) || Node.isReturnStatement(last) || Node.isThrowStatement(last) || Node.isContinueStatement(last)
  );
}

/** For each clause the kinds with which its statements can run: its own, and those that fall through to it. */
export function reachingKinds(node: SwitchStatement, all: readonly string[]): readonly (readonly string[])[] {
  const labelled = new Set(node.getClauses().flatMap((clause) => labelOf(clause) ?? []));
  let falling: readonly string[] = [];
  return node.getClauses().map((clause) => {
    const own = Node.isDefaultClause(clause) ? all.filter((kind) => !labelled.has(kind)) : [labelOf(clause) ?? ''];
    const kinds = [...falling, ...own];
    falling = endsItself(clause) ? [] : kinds;
    return kinds;
  });
}
