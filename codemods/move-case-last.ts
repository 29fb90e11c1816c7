// Codemod: move-case-last
//
// Turns a case that leaves its function into the end of it, so that what all ways have in common stands on one level.
//
// `switch (x.kind) { case A: …; return r; case B: … } rest` becomes `if (x.kind !== A) { switch (x.kind) { case B: … } rest } …; return r;`.
// Preconditions: the case always returns or throws and is entered by its label alone; the code behind the switch always returns
// or throws, too; what the switch is over is a path of names that is read, not computed; no name of the case meets one outside.
//
// with { "file": "example.ts", "in": "close", "case": "'Done'" }
// ```ts
// type Result = { readonly kind: 'Done' } | { readonly kind: 'Left'; readonly why: string };
// declare const log: { warn(text: string): void };
// declare function finish(): void;
// export function close(result: Result): Result {
//   let text: string;
//   switch (result.kind) {
//     case 'Done':
//       // the rest is for others
//       finish();
//       return result;
//     case 'Left':
//       text = result.why;
//       break;
//   }
//
//   log.warn(text);
//   return result;
// }
// ```
// ->
// ```ts
// type Result = { readonly kind: 'Done' } | { readonly kind: 'Left'; readonly why: string };
// declare const log: { warn(text: string): void };
// declare function finish(): void;
// export function close(result: Result): Result {
//   let text: string;
//   if (result.kind !== 'Done') {
//     switch (result.kind) {
//       case 'Left':
//         text = result.why;
//         break;
//     }
//
//     log.warn(text);
//     return result;
//   }
//
//   // the rest is for others
//   finish();
//   return result;
// }
// ```
//
// with { "file": "example.ts", "in": "close", "case": "1" }
// ```ts
// declare const log: { warn(text: string): void };
// export function close(n: number): void {
//   switch (n) {
//     case 1:
//       log.warn('one');
//       break;
//     default:
//       log.warn('more');
//   }
// }
// ```
// -> refused: REFIT_CASE_ENDS
import { type CaseClause, Node, type Statement, type SwitchStatement } from 'ts-morph';
import { bodyOf, functionNamed } from './analysis/code-selector.ts';
import { sameTokens, tokensOf } from './analysis/code-tokens.ts';
import { canComplete, controlExits } from './analysis/control-exits.ts';
import type { Codemod } from './kernel/codemod.ts';
import { reindent } from './kernel/indent.ts';
import type { Proposal } from './kernel/proposal.ts';
import { indentAt, lineStart, nextLineStart } from './kernel/text-positions.ts';

export interface MoveCaseLastOptions {
  readonly file: string;
  readonly in: string;
  readonly case: string;
}

interface Site {
  readonly node: SwitchStatement;
  readonly clause: CaseClause;
  /** The statements behind the switch, to the end of the list. */
  readonly rest: readonly Statement[];
}

function clausesCalled(owner: Node, text: string): readonly CaseClause[] {
  const label = tokensOf(text);
  return owner
    .getDescendants()
    .filter(Node.isCaseClause)
    .filter((clause) => sameTokens(tokensOf(clause.getExpression().getText()), label));
}

function switchOf(clause: CaseClause): SwitchStatement | undefined {
  const parent = clause.getParent().getParent();
  return Node.isSwitchStatement(parent) ? parent : undefined;
}

/** The clause in a switch that stands in the function's own list, with code behind it. */
function siteOf(owner: Node, statements: readonly Statement[], text: string): Site | undefined {
  for (const clause of clausesCalled(owner, text)) {
    const node = switchOf(clause);
    const at = node === undefined ? -1 : statements.indexOf(node);
    if (node !== undefined && at >= 0) return { node, clause, rest: statements.slice(at + 1) };
  }
  return undefined;
}

function isPath(node: Node): boolean {
  return Node.isIdentifier(node) || (Node.isPropertyAccessExpression(node) && isPath(node.getExpression()));
}

function namesOf(statement: Statement): readonly string[] {
  if (Node.isFunctionDeclaration(statement) || Node.isClassDeclaration(statement)) return [statement.getName() ?? ''];
  if (!Node.isVariableStatement(statement)) return [];
  return statement.getDeclarations().flatMap((each) => {
    const name = each.getNameNode();
    const parts = Node.isIdentifier(name) ? [name] : name.getDescendants().filter(Node.isIdentifier);
    return parts.map((part) => part.getText());
  });
}

function namesIn(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap((each) => namesOf(each));
}

function requireMovable({ node, clause, rest }: Site, out: Proposal): void {
  const clauses = node.getClauses();
  const before = clauses[clauses.indexOf(clause) - 1];
  const falls = before !== undefined && (before.getStatements().length === 0 || before.getStatements().every(canComplete));
  if (clause.getStatements().every(canComplete) || falls) {
    out.refuse(
      'REFIT_CASE_ENDS',
      clause,
      'The case goes on behind its switch, or shares its statements with another. Expected: a case of its own that always returns or throws.',
    );
  }
  if (rest.every(canComplete)) {
    out.refuse(
      'REFIT_CASE_ENDS',
      rest.at(-1) ?? node,
      'The code behind the switch reaches its end. Expected: it always returns or throws.',
    );
  }
  const jump = controlExits(clause.getStatements()).exits.find((exit) => exit.kind !== 'return');
  if (jump !== undefined)
    out.refuse('REFIT_CASE_ENDS', jump.node, `The case leaves by \`${jump.kind}\`. Expected: only by a return or an exception.`);
  if (!isPath(node.getExpression()))
    out.refuse(
      'REFIT_CASE_SUBJECT',
      node.getExpression(),
      `The switch is over \`${node.getExpression().getText()}\`, which is computed. Put it into a variable first.`,
    );
  if (clauses.length < 2)
    out.refuse('REFIT_CASE_ENDS', node, 'The switch has no other case. There is nothing to set it apart from.');
  const moved = new Set(namesIn(ownStatements(clause)));
  const shared = node
    .getParentOrThrow()
    .getDescendants()
    .find((each) => Node.isIdentifier(each) && moved.has(each.getText()) && !isInside(each, clause));
  if (shared !== undefined)
    out.refuse(
      'REFIT_CASE_NAME',
      shared,
      `${shared.getText()} is declared in the case and used outside of it. Rename one of them.`,
    );
}

function isInside(node: Node, outer: Node): boolean {
  return outer.getPos() <= node.getPos() && node.getEnd() <= outer.getEnd();
}

/** The whole lines of a clause, and of the comments above it. */
function clauseRange({ clause }: Site): readonly [start: number, end: number] {
  const text = clause.getSourceFile().getFullText();
  const start = clause.getLeadingCommentRanges()[0]?.getPos() ?? clause.getStart();
  return [lineStart(text, start), nextLineStart(text, clause.getEnd())];
}

/** The statements of a clause, without braces around them. */
function ownStatements(clause: CaseClause): readonly Statement[] {
  const [first, ...more] = clause.getStatements();
  return first !== undefined && Node.isBlock(first) && more.length === 0 ? first.getStatements() : clause.getStatements();
}

/** The clause's own statements, comments above the first included. */
function clauseBody({ clause }: Site, indent: string): string {
  const text = clause.getSourceFile().getFullText();
  const inner = ownStatements(clause);
  const head = inner[0];
  const last = inner.at(-1);
  if (head === undefined || last === undefined) return '';
  const start = head.getLeadingCommentRanges()[0]?.getPos() ?? head.getStart();
  return reindent(text.slice(start, last.getEnd()), indent, indentAt(text, start));
}

export const moveCaseLast: Codemod<MoveCaseLastOptions> = {
  name: 'move-case-last',
  options: {
    file: { kind: 'text', required: true, help: 'the file of the function' },
    in: { kind: 'text', required: true, help: 'the function, or Class.method, with the switch in its own list' },
    case: { kind: 'text', required: true, help: "the label of the case, as in 'Done' (with its quotes)" },
  },
  propose(workspace, options, out) {
    const file = workspace.sourceFile(options.file);
    const owner = functionNamed(file, options.in);
    const site = siteOf(owner, bodyOf(owner).getStatements(), options.case);
    if (site === undefined) {
      if (clausesCalled(owner, options.case).length === 0)
        return out.skip(owner, `${options.in} has no case ${options.case} (any more).`);
      return out.refuse(
        'REFIT_CASE_ENDS',
        owner,
        `The case ${options.case} is not in a switch of the function's own list. Choose another function.`,
      );
    }
    requireMovable(site, out);
    const text = file.getFullText();
    const { node, clause, rest } = site;
    const indent = indentAt(text, node.getStart());
    const [start, end] = clauseRange(site);
    const last = rest.at(-1);
    const behind = last?.getEnd() ?? node.getEnd();
    const kept = `${text.slice(node.getStart(), start)}${text.slice(end, behind)}`;
    const subject = node.getExpression().getText();
    const body = clauseBody(site, indent);
    const code = `if (${subject} !== ${clause.getExpression().getText()}) {\n${indent}  ${reindent(kept, `${indent}  `, indent)}\n${indent}}\n\n${indent}${body}`;
    out.edit(file.getFilePath(), [node.getStart(), behind], code);
    out.holds(
      'the case and the code behind its switch both return or throw',
      `case ${options.case}, ${String(rest.length)} statements behind`,
    );
    out.holds('asking twice gives the same answer', `${subject} is a path of names`);
  },
};
