// A method's text as a private member of the class that took it over.
import { ts } from '../kernel/parse-source.ts';
import { changed, type Change, parseMember } from './member-text.ts';
import { thisUses } from './this-uses.ts';

/** The members of `this` that members' texts use. */
export function usedMembers(texts: readonly string[]): ReadonlySet<string> {
  const members = texts.flatMap((text) => parseMember(text) ?? []);
  return new Set(members.flatMap((member) => thisUses(member).map((use) => use.name)));
}

/** The method's text under its new name, private, with its object's members where they are now. */
export function inNewClass(text: string, name: string, paths: ReadonlyMap<string, string>): string {
  const member = parseMember(text);
  if (member === undefined || !ts.isMethodDeclaration(member.node)) return text;
  const { node, source } = member;
  const changes: Change[] = [];
  for (const { name: used, access } of thisUses(member)) {
    const path = paths.get(used);
    if (path !== undefined && path !== access.getText(source))
      changes.push({ start: access.getStart(source), end: access.end, text: path });
  }
  const newName = paths.get(name)?.slice('this.'.length);
  if (newName !== undefined) changes.push({ start: node.name.getStart(source), end: node.name.end, text: newName });
  if (!ts.isPrivateIdentifier(node.name)) changes.push(...privateModifier(node, source));
  return changed(member, changes);
}

function privateModifier(node: ts.MethodDeclaration, source: ts.SourceFile): readonly Change[] {
  const access = node.modifiers?.find((each) =>
    [ts.SyntaxKind.PublicKeyword, ts.SyntaxKind.ProtectedKeyword, ts.SyntaxKind.PrivateKeyword].includes(each.kind),
  );
  if (access === undefined) return [{ start: node.getStart(source), end: node.getStart(source), text: 'private ' }];
  return [{ start: access.getStart(source), end: access.end, text: 'private' }];
}
