// What would not run any more if a declaration were deleted: the initialiser of a variable or field, the static parts of a class.
import { Node } from 'ts-morph';
import { isInert } from '../kernel/top-level-effects.ts';
import type { Workspace } from '../kernel/workspace.ts';
import type { Member } from './liveness-model.ts';

function evaluatedPart(declaration: Node): Node | undefined {
  if (Node.isVariableDeclaration(declaration) || Node.isPropertyDeclaration(declaration)) return declaration.getInitializer();
  return Node.isClassDeclaration(declaration) || Node.isEnumDeclaration(declaration) ? declaration : undefined;
}

/** The first code of the members whose evaluation can be seen. */
export function lostEffect(workspace: Workspace, members: Iterable<Member>): Node | undefined {
  for (const member of members) {
    const file = workspace.findSourceFile(member.file.fileName);
    for (const node of member.nodes) {
      const declaration = file?.getDescendantAtStartWithWidth(node.getStart(), node.getWidth());
      const part = declaration === undefined ? undefined : evaluatedPart(declaration);
      if (part !== undefined && !isInert(part)) return part;
    }
  }
  return undefined;
}
