// Where a member's text uses its object: the members it names on `this`, and uses that hide what they name.
import { ts } from '../kernel/parse-source.ts';
import type { Change, MemberText } from './member-text.ts';
import { constantOf } from './constant-values.ts';

/** One `this.name`, with the call it is the callee of. */
export interface ThisUse {
  readonly name: string;
  readonly access: ts.PropertyAccessExpression;
  readonly call: ts.CallExpression | undefined;
}

function accessOf(node: ts.Node): ts.PropertyAccessExpression | undefined {
  const { parent } = node;
  return ts.isPropertyAccessExpression(parent) && parent.expression === node ? parent : undefined;
}

/** Every `this.name` of the member, in the order of the text. */
export function thisUses(member: MemberText): readonly ThisUse[] {
  const found: ThisUse[] = [];
  const visit = (node: ts.Node): void => {
    const access = node.kind === ts.SyntaxKind.ThisKeyword ? accessOf(node) : undefined;
    if (access !== undefined) {
      const call = ts.isCallExpression(access.parent) && access.parent.expression === access ? access.parent : undefined;
      found.push({ name: access.name.text, access, call });
    }
    ts.forEachChild(node, visit);
  };
  visit(member.node);
  return found;
}

/** A use of the object that does not say which member it is about; such code cannot change its owner. */
export function hiddenUse(member: MemberText): string | undefined {
  const visit = (node: ts.Node): string | undefined => {
    if (node.kind === ts.SyntaxKind.SuperKeyword) return 'super';
    if (ts.isMetaProperty(node)) return node.getText(member.source);
    const own = ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node) || ts.isClassLike(node);
    if (own && /\bthis\b/.test(node.getText(member.source))) return 'a nested function with a `this` of its own';
    if (node.kind === ts.SyntaxKind.ThisKeyword && accessOf(node) === undefined) return node.parent.getText(member.source);
    return ts.forEachChild(node, visit);
  };
  return ts.forEachChild(member.node, visit);
}

/** The argument texts of a call by parameter: the text when it is a constant, else undefined. */
export type ConstantArguments = readonly (string | undefined)[];

function constantText(node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return 'undefined';
  const literal = ts.isLiteralExpression(node) || ts.isIdentifier(node) || ts.isPrefixUnaryExpression(node) || ts.isToken(node);
  return literal && constantOf(node) !== undefined ? node.getText() : undefined;
}

/** Which constants a call gives to the parameters of a function. */
export function constantArguments(call: ts.CallExpression, parameters: readonly ts.ParameterDeclaration[]): ConstantArguments {
  if (call.arguments.some(ts.isSpreadElement)) return parameters.map(() => undefined);
  return parameters.map((parameter, at) => {
    if (parameter.dotDotDotToken !== undefined) return undefined;
    const given = call.arguments[at];
    const text = constantText(given ?? parameter.initializer);
    const replaced = text === 'undefined' && parameter.initializer !== undefined;
    return replaced ? constantText(parameter.initializer) : text;
  });
}

/** What all calls agree on. */
export function agreed(a: ConstantArguments | undefined, b: ConstantArguments): ConstantArguments {
  return a === undefined ? b : a.map((text, at) => (text === b[at] ? text : undefined));
}

/** The change that takes arguments out of a call. */
export function withoutArguments(call: ts.CallExpression, dropped: ReadonlySet<number>): Change {
  const kept = call.arguments.filter((_, at) => !dropped.has(at)).map((each) => each.getText());
  return { start: call.arguments.pos, end: call.arguments.end, text: kept.join(', ') };
}
