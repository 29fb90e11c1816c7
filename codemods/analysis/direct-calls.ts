// The calls of a function, when every use of it in the project is a call.
import { type CallExpression, Node } from 'ts-morph';
import { Refusal } from '../kernel/refusal.ts';
import { placeOf } from '../kernel/proposal.ts';
import type { NamedFunction } from './named-function.ts';

/** Import and export lists and comments name a function without using it. */
function isMention(reference: Node): boolean {
  const parent = reference.getParent();
  return (
    Node.isImportSpecifier(parent) || Node.isExportSpecifier(parent) || reference.getFirstAncestor(Node.isJSDoc) !== undefined
  );
}

/** `this.send` for the `send` in it. */
function calleeOf(reference: Node): Node {
  const parent = reference.getParent();
  return Node.isPropertyAccessExpression(parent) && parent.getNameNode() === reference ? parent : reference;
}

/** Every call; refused with `code` at the first use that is none. */
export function directCalls(target: NamedFunction, code: string): readonly CallExpression[] {
  return target.nameNode.findReferencesAsNodes().flatMap((reference): readonly CallExpression[] => {
    if (reference === target.nameNode || isMention(reference)) return [];
    const callee = calleeOf(reference);
    const call = callee.getParent();
    if (Node.isCallExpression(call) && call.getExpression() === callee) return [call];
    const message = `${target.name} is used here as a value, so not every call of it is known. Call it in an arrow function instead, first.`;
    throw new Refusal(code, message, placeOf(reference));
  });
}
