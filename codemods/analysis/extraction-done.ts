// Whether an extraction has been made already, and whether the name it wants is free.
import { Node, SyntaxKind } from 'ts-morph';
import type { Proposal } from '../kernel/proposal.ts';
import type { Workspace } from '../kernel/workspace.ts';
import { type CodeFunction, bodyOf } from './code-selector.ts';
import { lineOfName } from './name-uses.ts';

/** The function (in the module) or method (in the owner's class) of that name, if there is one. */
function declared(workspace: Workspace, owner: CodeFunction, name: string, target: string): Node | undefined {
  const holder = owner.getParent();
  const member =
    Node.isClassDeclaration(holder) || Node.isClassExpression(holder)
      ? holder.getMembers().find((each) => Node.hasName(each) && each.getName() === name)
      : undefined;
  return member ?? workspace.findSourceFile(target)?.getFunction(name);
}

function isCalled(owner: CodeFunction, name: string): boolean {
  return bodyOf(owner)
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .some((call) => {
      const target = call.getExpression();
      return (
        target.getText() === name ||
        (Node.isPropertyAccessExpression(target) && Node.isThisExpression(target.getExpression()) && target.getName() === name)
      );
    });
}

/**
 * True: the function is there and its owner calls it, so nothing is left to do. Refused when the name means something
 * else already, in the target or where the call will stand.
 */
export function isExtracted(context: {
  readonly workspace: Workspace;
  readonly owner: CodeFunction;
  readonly name: string;
  readonly target: string;
  readonly out: Proposal;
}): boolean {
  const { workspace, owner, name, target, out } = context;
  const there = declared(workspace, owner, name, target);
  if (there !== undefined && isCalled(owner, name)) return true;
  for (const file of [owner.getSourceFile(), workspace.findSourceFile(target)]) {
    const line = file === undefined ? undefined : lineOfName(file, name);
    if (file === undefined || line === undefined) continue;
    out.refuse(
      'REFIT_EXTRACT_NAME_CLASH',
      { path: file.getFilePath(), line },
      `The name ${name} is taken here. Choose another \`name\`.`,
    );
  }
  return false;
}
