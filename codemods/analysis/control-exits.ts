// How control leaves a piece of code other than at its end or by an exception, and what ties it to its function.
import { Node, type SwitchStatement, SyntaxKind } from 'ts-morph';
import { isWithin } from './name-uses.ts';

/** A statement of the piece that leaves it. */
export type Exit =
  | { readonly kind: 'return'; readonly node: Node; readonly value: Node | undefined }
  | { readonly kind: 'break' | 'continue'; readonly node: Node; readonly label: string | undefined };

export interface ControlExits {
  readonly exits: readonly Exit[];
  /** Whether control can reach the end of the piece. */
  readonly endReachable: boolean;
  readonly awaits: readonly Node[];
  /** What cannot leave its function: `yield`, `super`, `arguments`, `new.target`, and `using`, which ends with its block. */
  readonly bound: readonly Node[];
  /** `this` of the function around the piece. */
  readonly thisUses: readonly Node[];
}

/** Functions with a `this` and `arguments` of their own. */
function hasOwnThis(node: Node): boolean {
  if (Node.isArrowFunction(node)) return false;
  return (
    Node.isFunctionLikeDeclaration(node) ||
    Node.isFunctionExpression(node) ||
    Node.isClassDeclaration(node) ||
    Node.isClassExpression(node)
  );
}

function isFunction(node: Node): boolean {
  return Node.isFunctionLikeDeclaration(node) || Node.isFunctionExpression(node) || Node.isArrowFunction(node);
}

function below(nodes: readonly Node[], stop: (node: Node) => boolean): readonly Node[] {
  const found: Node[] = [];
  const visit = (node: Node): void => {
    found.push(node);
    if (!stop(node)) node.forEachChild(visit);
  };
  for (const node of nodes) visit(node);
  return found;
}

function isBound(node: Node): boolean {
  if (Node.isYieldExpression(node) || Node.isSuperExpression(node)) return true;
  if (Node.isMetaProperty(node)) return node.getText() === 'new.target';
  return Node.isIdentifier(node) && node.getText() === 'arguments' && node.getSymbol()?.getDeclarations().length === 0;
}

function isAwait(node: Node): boolean {
  if (Node.isAwaitExpression(node)) return true;
  if (Node.isForOfStatement(node)) return node.isAwaited();
  return Node.isVariableDeclarationList(node) && node.getText().startsWith('await using');
}

/** The loop or switch that a `break` or `continue` without a label means. */
function jumpTarget(node: Node): Node | undefined {
  const label = labelOf(node);
  return node.getAncestors().find((each) => {
    if (label !== undefined) return Node.isLabeledStatement(each) && each.getLabel().getText() === label;
    return Node.isIterationStatement(each) || (Node.isBreakStatement(node) && Node.isSwitchStatement(each));
  });
}

function labelOf(node: Node): string | undefined {
  return Node.isBreakStatement(node) || Node.isContinueStatement(node) ? node.getLabel()?.getText() : undefined;
}

function exitOf(node: Node, piece: readonly Node[]): Exit | undefined {
  if (Node.isReturnStatement(node)) return { kind: 'return', node, value: node.getExpression() };
  if (!Node.isBreakStatement(node) && !Node.isContinueStatement(node)) return undefined;
  const target = jumpTarget(node);
  if (target !== undefined && isWithin(target, piece)) return undefined;
  return { kind: Node.isBreakStatement(node) ? 'break' : 'continue', node, label: labelOf(node) };
}

/** Whether control can go on after a statement; errs on the side of "it can". */
export function canComplete(node: Node): boolean {
  if (Node.isReturnStatement(node) || Node.isThrowStatement(node)) return false;
  if (Node.isBreakStatement(node) || Node.isContinueStatement(node)) return false;
  if (Node.isBlock(node)) return node.getStatements().every(canComplete);
  if (Node.isIfStatement(node)) {
    const other = node.getElseStatement();
    return other === undefined || canComplete(node.getThenStatement()) || canComplete(other);
  }
  if (Node.isTryStatement(node)) {
    const last = node.getFinallyBlock();
    if (last !== undefined && !canComplete(last)) return false;
    const handler = node.getCatchClause();
    return canComplete(node.getTryBlock()) || (handler !== undefined && canComplete(handler.getBlock()));
  }
  if (Node.isSwitchStatement(node)) {
    const clauses = node.getClauses();
    const jumps = node.getDescendantsOfKind(SyntaxKind.BreakStatement).length > 0;
    return (
      jumps ||
      !(clauses.some(Node.isDefaultClause) || coversAllCases(node)) ||
      (clauses.at(-1)?.getStatements().every(canComplete) ?? true)
    );
  }
  return true;
}

/** Every value the switch can meet has a case. */
function coversAllCases(node: SwitchStatement): boolean {
  const type = node.getExpression().getType();
  const values = type.isUnion() ? type.getUnionTypes() : [type];
  const cases = new Set(
    node.getClauses().flatMap((clause) => (Node.isCaseClause(clause) ? [clause.getExpression().getType().getText()] : [])),
  );
  return values.every((value) => value.isLiteral() && cases.has(value.getText()));
}

/** The ways out of the piece. */
export function controlExits(piece: readonly Node[]): ControlExits {
  const inFunction = below(piece, (node) => isFunction(node) || Node.isClassDeclaration(node) || Node.isClassExpression(node));
  const withArrows = below(piece, hasOwnThis);
  return {
    exits: inFunction.flatMap((node) => exitOf(node, piece) ?? []),
    endReachable: piece.every(canComplete),
    awaits: inFunction.filter(isAwait),
    bound: [
      ...inFunction.filter(Node.isYieldExpression),
      ...piece.filter((node) => Node.isVariableStatement(node) && node.getDeclarationKind().endsWith('using')),
      ...withArrows.filter((node) => isBound(node) && !Node.isYieldExpression(node)),
    ],
    thisUses: withArrows.filter((node) => Node.isThisExpression(node) || Node.isThisTypeNode(node)),
  };
}
