// Where a merged helper goes: behind a member of the class, behind a function of the file, or into a module of its own.
import { Node, type SourceFile } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Workspace } from '../kernel/workspace.ts';
import { leadingStart } from './clone-cells.ts';
import { interfacesText, isDirect } from './clone-print.ts';
import type { MergeDesign, MergeRequest } from './merge-design.ts';

/** New text at a place of an existing file, or a new file. */
export type NewText =
  | { readonly kind: 'insert'; readonly path: string; readonly position: number; readonly text: string }
  | { readonly kind: 'create'; readonly path: string; readonly text: string };

function memberNamed(design: MergeDesign, name: string): Node {
  const found = design.owner?.getMembers().find((member) => Node.hasName(member) && member.getName() === name);
  if (found !== undefined) return found;
  throw new Refusal(
    'REFIT_MERGE_PLACE',
    `The class has no member ${name} to stand behind (\`after\`).`,
    design.owner === undefined ? undefined : placeOf(design.owner),
  );
}

function topStatement(node: Node): Node {
  const parent = node.getParent();
  return parent === undefined || Node.isSourceFile(parent) ? node : topStatement(parent);
}

function lastOwner(design: MergeDesign): Node {
  return design.clones.map((clone) => clone.owner).reduce((last, each) => (each.getEnd() > last.getEnd() ? each : last));
}

/** The interfaces without those that the file has already. */
function newInterfaces(design: MergeDesign, file: SourceFile | undefined): string {
  const { context } = design.helper;
  const known = context !== undefined && file?.getInterface(context.type) !== undefined;
  return interfacesText(design.helper, !known);
}

/** The texts of a helper that is a method. */
function methodTexts(design: MergeDesign, request: MergeRequest, owner: Node): readonly NewText[] {
  const file = owner.getSourceFile();
  const path = file.getFilePath();
  const anchor = request.after === undefined ? lastOwner(design) : memberNamed(design, request.after);
  const method: NewText = { kind: 'insert', path, position: anchor.getEnd(), text: `\n\n  ${design.helperText}` };
  const types = newInterfaces(design, file);
  return types === '' ? [method] : [{ kind: 'insert', path, position: leadingStart(owner), text: `${types}\n` }, method];
}

/** A type of the same name in the file would be merged with the descriptor's. */
function requireFreeType(design: MergeDesign, file: SourceFile | undefined): void {
  const { descriptorType, fields } = design.helper;
  const known = file?.getInterface(descriptorType) ?? file?.getTypeAlias(descriptorType) ?? file?.getClass(descriptorType);
  if (known === undefined || fields.length === 0 || isDirect(fields)) return;
  throw new Refusal(
    'REFIT_MERGE_NAME_TAKEN',
    `There is a type ${descriptorType} already. Give another name (\`descriptor.type\`).`,
    placeOf(known),
  );
}

/** The new texts of a merge. */
export function newTexts(workspace: Workspace, design: MergeDesign, request: MergeRequest): readonly NewText[] {
  if (design.owner !== undefined) {
    requireFreeType(design, design.owner.getSourceFile());
    return methodTexts(design, request, design.owner);
  }
  const [first] = design.clones;
  const path = request.to === undefined ? first.file.getFilePath() : workspace.absolute(request.to);
  const file = workspace.findSourceFile(path);
  requireFreeType(design, file);
  const types = newInterfaces(design, file);
  const code = `${types}${types === '' ? '' : '\n'}${design.helperText}`;
  if (file === undefined) {
    const head = request.moduleDoc === undefined ? '' : `/** ${request.moduleDoc} */\n\n`;
    return [{ kind: 'create', path, text: `${head}${code}\n` }];
  }
  if (file === first.file)
    return [{ kind: 'insert', path, position: topStatement(lastOwner(design)).getEnd(), text: `\n\n${code}` }];
  const end = file.getFullText().trimEnd().length;
  return [{ kind: 'insert', path, position: end, text: `\n\n${code}` }];
}

/** A declaration that already has the helper's name where the helper goes. */
export function namesake(workspace: Workspace, request: MergeRequest): Node | undefined {
  const path = request.to ?? request.file ?? request.clones[0]?.file;
  const file = path === undefined ? undefined : workspace.findSourceFile(path);
  const byName = file?.getFunction(request.name) ?? file?.getVariableDeclaration(request.name) ?? file?.getClass(request.name);
  if (request.to !== undefined || byName !== undefined) return byName;
  const owners = new Set(request.clones.map((clone) => clone.in.split('.')[0] ?? ''));
  for (const owner of owners) {
    const member = file
      ?.getClass(owner)
      ?.getMembers()
      .find((each) => Node.hasName(each) && each.getName() === request.name);
    if (member !== undefined) return member;
  }
  return undefined;
}
