// Methods of the language's collections that change the collection they are called on.
import { Node } from 'ts-morph';

const changing: ReadonlySet<string> = new Set(
  'add clear copyWithin delete fill pop push reverse set setTime shift sort splice unshift'.split(' '),
);

/** Whether the expression is the receiver of such a call: `x.f.set(…)`. */
export function changesReceiver(receiver: Node): boolean {
  const access = receiver.getParent();
  if (!Node.isPropertyAccessExpression(access) || access.getExpression() !== receiver) return false;
  const call = access.getParent();
  return Node.isCallExpression(call) && call.getExpression() === access && changing.has(access.getName());
}
