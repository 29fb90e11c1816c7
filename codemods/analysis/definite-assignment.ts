// Whether a piece of code reads a variable before it assigns it, and whether it has assigned it on every way to its end.
import { Node, type Symbol as TsSymbol, SyntaxKind } from 'ts-morph';
import { writeOf } from './name-uses.ts';

export interface Assignment {
  /** Some way through reads the value from before. */
  readonly exposed: boolean;
  /** Every way that reaches the end has assigned it. */
  readonly definitely: boolean;
}

const untouched: Assignment = { exposed: false, definitely: false };

function then(first: Assignment, second: Assignment): Assignment {
  return { exposed: first.exposed || (!first.definitely && second.exposed), definitely: first.definitely || second.definitely };
}

function either(a: Assignment, b: Assignment): Assignment {
  return { exposed: a.exposed || b.exposed, definitely: a.definitely && b.definitely };
}

/** It may run, or not. */
function maybe(a: Assignment): Assignment {
  return { exposed: a.exposed, definitely: false };
}

type Read = (node: Node) => Assignment;

function sequence(nodes: readonly (Node | undefined)[], read: Read): Assignment {
  return nodes.reduce<Assignment>((sum, node) => (node === undefined ? sum : then(sum, read(node))), untouched);
}

function ofSwitch(node: Node, read: Read): Assignment {
  if (!Node.isSwitchStatement(node)) return untouched;
  const clauses = node.getClauses();
  // A clause may be entered from the one above: taking each alone is the weaker claim, so it is the safe one.
  const bodies = clauses.map((clause) => {
    const body = sequence(clause.getStatements(), read);
    return clause.getStatements().some(breaksInside) ? maybe(body) : body;
  });
  const complete = clauses.some(Node.isDefaultClause);
  const all = bodies.reduce((a, b) => either(a, b), { exposed: false, definitely: complete });
  return then(read(node.getExpression()), all);
}

/** A `break` below the clause's own statements skips the rest of them. */
function breaksInside(statement: Node): boolean {
  return statement.getDescendants().some(Node.isBreakStatement);
}

function ofTry(node: Node, read: Read): Assignment {
  if (!Node.isTryStatement(node)) return untouched;
  const block = read(node.getTryBlock());
  const handler = node.getCatchClause();
  const handled = handler === undefined ? block : either(block, read(handler.getBlock()));
  const last = node.getFinallyBlock();
  // Handler and finally may run before the block has assigned anything.
  if (last === undefined) return handled;
  const end = read(last);
  return { exposed: handled.exposed || end.exposed, definitely: handled.definitely || end.definitely };
}

function ofLoop(node: Node, read: Read): Assignment | undefined {
  if (Node.isForStatement(node)) {
    const body = sequence([node.getStatement(), node.getIncrementor()], read);
    return then(sequence([node.getInitializer(), node.getCondition()], read), maybe(body));
  }
  if (Node.isForOfStatement(node) || Node.isForInStatement(node)) {
    return then(read(node.getExpression()), maybe(sequence([node.getInitializer(), node.getStatement()], read)));
  }
  if (Node.isWhileStatement(node)) return then(read(node.getExpression()), maybe(read(node.getStatement())));
  if (Node.isDoStatement(node)) return maybe(then(read(node.getStatement()), read(node.getExpression())));
  return undefined;
}

const shortCircuit = new Set([SyntaxKind.AmpersandAmpersandToken, SyntaxKind.BarBarToken, SyntaxKind.QuestionQuestionToken]);

function ofBinary(node: Node, read: Read): Assignment | undefined {
  if (!Node.isBinaryExpression(node)) return undefined;
  const operator = node.getOperatorToken().getKind();
  if (shortCircuit.has(operator)) return then(read(node.getLeft()), maybe(read(node.getRight())));
  // The value is computed before the target is assigned.
  if (operator === SyntaxKind.EqualsToken) return then(read(node.getRight()), read(node.getLeft()));
  return undefined;
}

function leaves(node: Node): boolean {
  return Node.isReturnStatement(node) || Node.isThrowStatement(node);
}

function reader(symbol: TsSymbol): Read {
  const read: Read = (node) => {
    if (Node.isTypeNode(node) && !Node.isExpression(node)) return untouched;
    if (Node.isIdentifier(node)) return ofIdentifier(node, symbol);
    // A closure may run at once or later, so what it reads counts and what it assigns does not.
    if (Node.isFunctionLikeDeclaration(node)) return maybe(sequence(node.forEachChildAsArray(), read));
    if (Node.isIfStatement(node)) {
      const other = node.getElseStatement();
      return then(
        read(node.getExpression()),
        either(read(node.getThenStatement()), other === undefined ? untouched : read(other)),
      );
    }
    if (Node.isConditionalExpression(node))
      return then(read(node.getCondition()), either(read(node.getWhenTrue()), read(node.getWhenFalse())));
    if (Node.isSwitchStatement(node)) return ofSwitch(node, read);
    if (Node.isTryStatement(node)) return ofTry(node, read);
    if (Node.isLabeledStatement(node)) return maybe(read(node.getStatement()));
    if (leaves(node)) return { ...sequence(node.forEachChildAsArray(), read), definitely: true };
    return ofLoop(node, read) ?? ofBinary(node, read) ?? sequence(node.forEachChildAsArray(), read);
  };
  return read;
}

function ofIdentifier(node: Node, symbol: TsSymbol): Assignment {
  const parent = node.getParent();
  const own = Node.isShorthandPropertyAssignment(parent) ? parent.getValueSymbol() : node.getSymbol();
  if (own !== symbol) return untouched;
  if (Node.isVariableDeclaration(parent) && parent.getNameNode() === node) return untouched;
  const write = writeOf(node);
  if (write === 'write') return { exposed: false, definitely: true };
  return { exposed: true, definitely: write === 'update' };
}

/** Follows the ways through the nodes, one after the other. */
export function assignmentOf(nodes: readonly Node[], symbol: TsSymbol): Assignment {
  return sequence(nodes, reader(symbol));
}
