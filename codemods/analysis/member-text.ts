// A class member as text that can be parsed, changed and parsed again: what step-wise simplification works on.
import { reindent } from '../kernel/indent.ts';
import { parseSource, ts } from '../kernel/parse-source.ts';
import { indentAt } from '../kernel/text-positions.ts';

const head = 'class C {\n';
const tail = '\n}';

/** A parsed member. Positions are those of `source`; `changed` translates them back. */
export interface MemberText {
  readonly text: string;
  readonly source: ts.SourceFile;
  readonly node: ts.ClassElement;
}

/** Replaces a range of the parsed source. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The parsed member, or undefined when the text is not exactly one member. */
export function parseMember(text: string): MemberText | undefined {
  const source = parseSource('member.ts', `${head}${text}${tail}`);
  const [declaration, ...more] = source.statements;
  if (declaration === undefined || more.length > 0 || !ts.isClassDeclaration(declaration)) return undefined;
  const [node, ...others] = declaration.members;
  return node === undefined || others.length > 0 ? undefined : { text, source, node };
}

/** The member's text after changes that do not overlap. */
export function changed(member: MemberText, changes: readonly Change[]): string {
  let text = member.source.text;
  for (const change of changes.toSorted((a, b) => b.start - a.start)) {
    text = text.slice(0, change.start) + change.text + text.slice(change.end);
  }
  return text.slice(head.length, text.length - tail.length);
}

/** The statements of the list a statement stands in, or undefined when it is the single statement of an `if` or loop. */
export function listOf(statement: ts.Statement): readonly ts.Statement[] | undefined {
  const { parent } = statement;
  return ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent) ? parent.statements : undefined;
}

/** Where a statement starts, the comments above it included, those behind the statement before it not. */
export function startWithComments(source: ts.SourceFile, statement: ts.Node): number {
  const trailing = ts.getTrailingCommentRanges(source.text, statement.pos)?.at(-1);
  const from = trailing?.end ?? statement.pos;
  const leading = ts.getLeadingCommentRanges(source.text, from)?.[0];
  return Math.min(leading?.pos ?? Infinity, statement.getStart(source));
}

/** The end of a statement with the comments behind it on its line. */
function endWithComments(source: ts.SourceFile, statement: ts.Node): number {
  return ts.getTrailingCommentRanges(source.text, statement.end)?.at(-1)?.end ?? statement.end;
}

/** Takes a run of statements of one list out, with the blank lines that set them off. */
export function removal(source: ts.SourceFile, list: readonly ts.Statement[], from: number, count: number): Change | undefined {
  const first = list[from];
  const last = list[from + count - 1];
  if (first === undefined || last === undefined) return undefined;
  const next = list[from + count];
  const start = startWithComments(source, first);
  if (from === 0 && next !== undefined) return { start, end: startWithComments(source, next), text: '' };
  const before = /\s*$/.exec(source.text.slice(0, start))?.[0].length ?? 0;
  const end = endWithComments(source, last);
  const after = from === 0 ? (/^\s*(?=\})/.exec(source.text.slice(end))?.[0].length ?? 0) : 0;
  return { start: start - before, end: end + after, text: '' };
}

/** The text of statements, also of several lists, with the indentation of the place they go to. */
export function statementsText(source: ts.SourceFile, statements: readonly ts.Statement[], indent: string): string {
  const runs: ts.Statement[][] = [];
  for (const statement of statements) {
    const run = runs.at(-1);
    if (run?.[0]?.parent === statement.parent) run.push(statement);
    else runs.push([statement]);
  }
  return runs.map((run) => runText(source, run, indent)).join(`\n${indent}`);
}

/** The text of neighbouring statements of one list. */
function runText(source: ts.SourceFile, statements: readonly ts.Statement[], indent: string): string {
  const first = statements[0];
  const last = statements.at(-1);
  if (first === undefined || last === undefined) return '';
  const start = startWithComments(source, first);
  return reindent(source.text.slice(start, endWithComments(source, last)), indent, indentAt(source.text, start));
}

/** Puts statements in the place of one of a list; none: takes it out. */
export function replacement(source: ts.SourceFile, statement: ts.Statement, by: readonly ts.Statement[]): Change | undefined {
  const list = listOf(statement);
  if (list === undefined) return undefined;
  if (by.length === 0) return removal(source, list, list.indexOf(statement), 1);
  const start = statement.getStart(source);
  return { start, end: statement.end, text: statementsText(source, by, indentAt(source.text, start)) };
}

/** The names a member's body binds: parameters, variables, functions and classes at any depth. */
export function boundNames(node: ts.Node): readonly string[] {
  const names: string[] = [];
  const visit = (each: ts.Node): void => {
    const binds = ts.isVariableDeclaration(each) || ts.isParameter(each) || ts.isBindingElement(each);
    if (binds && ts.isIdentifier(each.name)) names.push(each.name.text);
    if ((ts.isFunctionDeclaration(each) || ts.isClassDeclaration(each)) && each.name !== undefined) names.push(each.name.text);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return names;
}

/** Whether an identifier is a use of a variable: not a property's name, a label or a declaration's own name. */
export function isVariableUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false;
  if (ts.isQualifiedName(parent) && parent.right === node) return false;
  if (ts.isBindingElement(parent) && parent.propertyName === node) return false;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  const named = ts.isPropertySignature(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent);
  return !(named && parent.name === node);
}
