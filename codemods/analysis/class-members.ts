// Where new members of a class go, and how they are indented.
import { type ClassDeclaration, Node, SyntaxKind } from 'ts-morph';
import { reindent } from '../kernel/indent.ts';
import { indentAt } from '../kernel/text-positions.ts';

/** The blanks the class's members start with. */
export function memberIndent(owner: ClassDeclaration): string {
  const text = owner.getSourceFile().getFullText();
  const [first] = owner.getMembers();
  return first === undefined ? `${indentAt(text, owner.getStart())}  ` : indentAt(text, first.getStart());
}

/** Text to insert at a place. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** New members (first column, no indentation) below the fields and the constructor, above the other members. */
export function insertMembers(owner: ClassDeclaration, members: readonly string[]): Insertion {
  const indent = memberIndent(owner);
  const all = owner.getMembersWithComments();
  const lastField = all.findLastIndex((each) => Node.isPropertyDeclaration(each) || Node.isConstructorDeclaration(each));
  const text = members.map((member) => `${indent}${reindent(member, indent, '', 'member')}`).join('\n\n');
  const anchor = all[lastField];
  if (anchor !== undefined) {
    const trailing = anchor.getTrailingCommentRanges().at(-1);
    return { at: trailing?.getEnd() ?? anchor.getEnd(), text: `\n\n${text}` };
  }
  const brace = owner.getChildrenOfKind(SyntaxKind.OpenBraceToken)[0]?.getEnd() ?? owner.getEnd();
  return { at: brace, text: `\n${text}\n` };
}
