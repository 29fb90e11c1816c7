// Whether a parameter can be read as its argument: the argument is evaluated once, before the function, the code it replaced was not.
import { ts, walk } from '../kernel/parse-source.ts';
import { isInertNode } from './inert-node.ts';
import { isPath } from './normal-form-syntax.ts';
import { assignedNames, named, nestedFunctions, runsBeforeUse } from './running-code.ts';

export interface Parameter {
  readonly name: string;
  readonly argument: ts.Expression;
}

export interface Caller {
  /** The function with the call. */
  readonly owner: ts.Node;
  /** Whether a name of its module can change. */
  readonly isUnsteady: (name: string) => boolean;
}

function isReadonly(node: ts.ClassElement | ts.ParameterDeclaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Readonly) !== 0;
}

function classAround(node: ts.Node): ts.ClassLikeDeclaration | undefined {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) if (ts.isClassLike(at)) return at;
  return undefined;
}

/** `this.field` of a field that the class declares readonly. */
function isSteadyField(node: ts.Expression, owner: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword) return false;
  const name = node.name.text;
  return (classAround(owner)?.members ?? []).some((member) => {
    if (ts.isPropertyDeclaration(member)) return member.name.getText() === name && isReadonly(member);
    return (
      ts.isConstructorDeclaration(member) && member.parameters.some((each) => each.name.getText() === name && isReadonly(each))
    );
  });
}

/** A variable in the argument that may be another value by the time the function reads it. */
function changingName(argument: ts.Expression, { owner, isUnsteady }: Caller): string | undefined {
  const inner = new Set(nestedFunctions(owner).flatMap((each) => [...assignedNames(each)]));
  let found: string | undefined;
  walk(argument, (each) => {
    if (ts.isIdentifier(each) && (inner.has(each.text) || isUnsteady(each.text))) found = each.text;
  });
  return found;
}

function makesNew(node: ts.Expression): boolean {
  const inner = ts.isParenthesizedExpression(node) ? node.expression : node;
  return (
    ts.isObjectLiteralExpression(inner) ||
    ts.isArrayLiteralExpression(inner) ||
    ts.isFunctionLike(inner) ||
    ts.isNewExpression(inner)
  );
}

/** Why the parameter may not be what its argument was where it is read; undefined when it is. */
export function argumentDoubt({ name, argument }: Parameter, body: ts.Node, caller: Caller): string | undefined {
  const text = argument.getText();
  const changing = changingName(argument, caller);
  if (changing !== undefined) return `${changing}, which is passed, may change while the function runs`;
  const kept = nestedFunctions(body).some((each) => named(each, name).length > 0);
  if (kept && [...assignedNames(caller.owner)].some((each) => named(argument, each).length > 0))
    return `a closure keeps ${text} as it was when it was passed`;
  if (isInertNode(argument)) {
    if (makesNew(argument) && named(body, name).length > 1) return `${text} is made once and used more than once`;
    return undefined;
  }
  if (argument.kind === ts.SyntaxKind.ThisKeyword || isSteadyField(argument, caller.owner)) return undefined;
  if (!isPath(argument)) return `${text} runs before the rest of the function now`;
  return runsBeforeUse(body, name) ? `${text} is read before the rest of the function runs` : undefined;
}
