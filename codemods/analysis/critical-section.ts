// What a callback does to the record a lock hands it: single increments, or more than that.
import { type ArrowFunction, Node, SyntaxKind } from 'ts-morph';

/** Why a section cannot run without its lock, and where. */
export interface SectionFault {
  readonly node: Node;
  readonly why: string;
}

/** The name the callback has for the record. */
export function recordParameter(callback: Node | undefined): string | undefined {
  if (!Node.isArrowFunction(callback) || callback.isAsync()) return undefined;
  const [parameter, other] = callback.getParameters();
  const name = parameter?.getNameNode();
  return other === undefined && name !== undefined && Node.isIdentifier(name) ? name.getText() : undefined;
}

function isRecord(node: Node, record: string): boolean {
  return Node.isIdentifier(node) && node.getText() === record;
}

/** `s.f += n` or `s.f++`, where n says nothing about the record. */
export function isIncrement(node: Node, record: string): boolean {
  if (Node.isPostfixUnaryExpression(node) || Node.isPrefixUnaryExpression(node)) {
    const target = node.getOperand();
    return (
      node.getOperatorToken() === SyntaxKind.PlusPlusToken &&
      Node.isPropertyAccessExpression(target) &&
      isRecord(target.getExpression(), record)
    );
  }
  if (!Node.isBinaryExpression(node) || node.getOperatorToken().getKind() !== SyntaxKind.PlusEqualsToken) return false;
  const [target, amount] = [node.getLeft(), node.getRight()];
  const plain = Node.isNumericLiteral(amount) || (Node.isIdentifier(amount) && amount.getText() !== record);
  return plain && Node.isPropertyAccessExpression(target) && isRecord(target.getExpression(), record);
}

/** `selector(s)`: the increment is chosen by whoever passes the selector. */
export function selectorCall(node: Node, record: string): Node | undefined {
  if (!Node.isCallExpression(node) || !Node.isIdentifier(node.getExpression())) return undefined;
  const [first, other] = node.getArguments();
  return first !== undefined && other === undefined && isRecord(first, record) ? node.getExpression() : undefined;
}

function mentions(node: Node, record: string): boolean {
  return [node, ...node.getDescendants()].some((each) => isRecord(each, record));
}

/** Counts of changes on the busiest path through the statement; a fault when it is none of the known ones. */
function judge(node: Node, record: string): number | SectionFault {
  if (Node.isBlock(node)) {
    let sum = 0;
    for (const statement of node.getStatements()) {
      const count = judge(statement, record);
      if (typeof count !== 'number') return count;
      sum += count;
    }
    return sum;
  }
  if (Node.isIfStatement(node)) {
    const condition = node.getExpression();
    const awaits = condition.getDescendants().some(Node.isAwaitExpression) || Node.isAwaitExpression(condition);
    if (mentions(condition, record) || awaits) return { node: condition, why: 'the condition reads the record or waits' };
    const branches = [node.getThenStatement(), node.getElseStatement()].flatMap((each) =>
      each === undefined ? [] : [judge(each, record)],
    );
    const fault = branches.find((each) => typeof each !== 'number');
    return fault ?? Math.max(...branches.filter((each) => typeof each === 'number'));
  }
  const expression = Node.isExpressionStatement(node) ? node.getExpression() : node;
  if (isIncrement(expression, record) || selectorCall(expression, record) !== undefined) return 1;
  return { node, why: `\`${node.getText().split('\n')[0] ?? ''}\` is no increment of one field` };
}

/** Why the callback needs its lock; undefined when each path through it is one increment. */
export function sectionFault(callback: ArrowFunction, record: string): SectionFault | undefined {
  const count = judge(callback.getBody(), record);
  if (typeof count !== 'number') return count;
  return count > 1 ? { node: callback, why: 'it changes more than one thing, which others would see half done' } : undefined;
}

/** Whether the callback answers with a copy of the whole record. */
export function copiesRecord(callback: ArrowFunction, record: string): boolean {
  let body: Node = callback.getBody();
  while (Node.isParenthesizedExpression(body)) body = body.getExpression();
  if (Node.isBlock(body)) {
    const [only, other] = body.getStatements();
    if (other !== undefined || !Node.isReturnStatement(only)) return false;
    body = only.getExpression() ?? body;
  }
  if (Node.isCallExpression(body))
    return body.getExpression().getText() === 'structuredClone' && body.getArguments().length === 1 && mentions(body, record);
  if (!Node.isObjectLiteralExpression(body)) return false;
  const [spread, more] = body.getProperties();
  return more === undefined && Node.isSpreadAssignment(spread) && isRecord(spread.getExpression(), record);
}

/** The places where the callback names the record. */
export function recordUses(callback: ArrowFunction, record: string): readonly Node[] {
  return callback
    .getBody()
    .getDescendants()
    .filter((node) => {
      const parent = node.getParent();
      const named = Node.isPropertyAccessExpression(parent) && parent.getNameNode() === node;
      return isRecord(node, record) && !named;
    });
}
