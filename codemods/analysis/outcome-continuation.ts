// The code behind a captured outcome as it runs on one side: questions answered, the value or error under its new name.
import { type IfStatement, Node, type Statement } from 'ts-morph';
import { reindent } from '../kernel/indent.ts';
import { indentAt } from '../kernel/text-positions.ts';
import type { CapturedOutcome, Side } from './captured-outcome.ts';
import { canComplete } from './control-exits.ts';

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function usesOf({ rest, name }: CapturedOutcome): readonly Node[] {
  return rest
    .flatMap((each) => each.getDescendants())
    .filter((node) => Node.isIdentifier(node) && node.getText() === name && isVariableUse(node));
}

function isVariableUse(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isPropertyAccessExpression(parent)) return parent.getNameNode() !== node;
  return !(Node.isPropertyAssignment(parent) && parent.getNameNode() === node);
}

/** `o.tag` or `!o.tag`: what the condition is when the tag is true. */
function questionOf(condition: Node, { name, tag }: CapturedOutcome): boolean | undefined {
  const text = condition.getText().replaceAll(/\s/g, '');
  if (text === `${name}.${tag}`) return true;
  return text === `!${name}.${tag}` ? false : undefined;
}

function ifOf(use: Node): IfStatement | undefined {
  const statement = use.getFirstAncestor((each) => Node.isStatement(each));
  return Node.isIfStatement(statement) ? statement : undefined;
}

/** A question that stands in the list itself, or in a branch of another such question. */
function isAnswered(statement: IfStatement, outcome: CapturedOutcome): boolean {
  if (questionOf(statement.getExpression(), outcome) === undefined) return false;
  if (outcome.rest.includes(statement)) return true;
  const parent = statement.getParent();
  const around = Node.isBlock(parent) ? parent.getParent() : parent;
  return Node.isIfStatement(around) && isAnswered(around, outcome);
}

/** A use of the outcome that is neither a question nor a read of what it carries; undefined when there is none. */
export function unknownUse(outcome: CapturedOutcome): Node | undefined {
  const known = new Set([outcome.success.property, outcome.failure.property]);
  return usesOf(outcome).find((use) => {
    const access = use.getParent();
    if (!Node.isPropertyAccessExpression(access)) return true;
    if (access.getName() !== outcome.tag) return !known.has(access.getName());
    const statement = ifOf(use);
    return statement === undefined || !isAnswered(statement, outcome);
  });
}

function branchOf(statement: IfStatement, holds: boolean): Statement | undefined {
  return holds ? statement.getThenStatement() : statement.getElseStatement();
}

/** Code, and whether control can reach its end. */
interface Rendered {
  readonly code: string;
  readonly completes: boolean;
}

const nothing: Rendered = { code: '', completes: true };

/** One side of an outcome, and what its value or error is called there. */
interface Reading {
  readonly outcome: CapturedOutcome;
  readonly side: Side;
  readonly name: string;
}

function declares(statement: Statement): boolean {
  return Node.isVariableStatement(statement) || Node.isFunctionDeclaration(statement) || Node.isClassDeclaration(statement);
}

/** The statements of the branch that runs; its braces stay when they keep names apart. */
function branchOn(reading: Reading, branch: Statement | undefined): Rendered {
  if (branch === undefined) return nothing;
  if (!Node.isBlock(branch)) return listOn(reading, [branch]);
  const inner = listOn(reading, branch.getStatements());
  if (inner.code === '' || !branch.getStatements().some(declares)) return inner;
  return { ...inner, code: `{\n  ${reindent(inner.code, '  ', '')}\n}` };
}

function statementOn(reading: Reading, statement: Statement): Rendered {
  const answered = Node.isIfStatement(statement) ? questionOf(statement.getExpression(), reading.outcome) : undefined;
  if (answered === undefined || !Node.isIfStatement(statement))
    return { code: plainOn(reading, statement), completes: canComplete(statement) };
  const branch = branchOn(reading, branchOf(statement, answered === reading.side.tag));
  return branch.code === '' ? branch : { ...branch, code: `${commentsAbove(statement)}${branch.code}` };
}

/** A statement without questions. */
function plainOn({ outcome, side, name }: Reading, statement: Statement): string {
  const text = statement.getSourceFile().getFullText();
  const start = statement.getLeadingCommentRanges()[0]?.getPos() ?? statement.getStart();
  let code = text.slice(start, statement.getEnd());
  for (const change of changesIn(statement, outcome, side, name).toSorted((x, y) => y.start - x.start))
    code = code.slice(0, change.start - start) + change.text + code.slice(change.end - start);
  return reindent(code, '', indentAt(text, start));
}

/** Statements up to the first that does not reach its end. */
function listOn(reading: Reading, statements: readonly Statement[]): Rendered {
  const parts: string[] = [];
  let previous: Statement | undefined;
  for (const statement of statements) {
    const { code, completes } = statementOn(reading, statement);
    if (code !== '') {
      const between = statement
        .getSourceFile()
        .getFullText()
        .slice(previous?.getEnd() ?? statement.getStart(), statement.getStart());
      const gap = /\n[ \t]*\r?\n/.test(between) ? '\n\n' : '\n';
      parts.push(parts.length === 0 ? code : `${gap}${code}`);
      previous = statement;
    }
    if (!completes) return { code: declaredAtOnce(parts).join(''), completes: false };
  }
  return { code: declaredAtOnce(parts).join(''), completes: true };
}

/** The text of the code behind an outcome on one side, with no indentation before its first level. */
export function continuationText(outcome: CapturedOutcome, side: Side, name: string): string {
  return listOn({ outcome, side, name }, outcome.rest).code;
}

function commentsAbove(statement: Statement): string {
  return statement
    .getLeadingCommentRanges()
    .map((range) => `${range.getText()}\n`)
    .join('');
}

function changesIn(statement: Statement, outcome: CapturedOutcome, side: Side, name: string): readonly Change[] {
  const inside = usesOf(outcome).filter((use) => use.getPos() >= statement.getPos() && use.getEnd() <= statement.getEnd());
  return inside.flatMap((use): readonly Change[] => {
    const access = use.getParent();
    if (!Node.isPropertyAccessExpression(access) || access.getName() !== side.property) return [];
    return [{ start: access.getStart(), end: access.getEnd(), text: name }];
  });
}

/** `let x: T;` and right behind it `x = v;` are `const x = v;`, when nothing else assigns x. */
function declaredAtOnce(parts: readonly string[]): readonly string[] {
  const joined = parts.join('');
  return parts.flatMap((part, at) => {
    const declared = /^\s*let ([\w$]+): [^=;]+;?$/.exec(part)?.[1];
    const next = parts[at + 1];
    if (declared !== undefined && next !== undefined && isOnlyAssignment(declared, next, joined)) return [];
    const before = /^\s*let ([\w$]+): [^=;]+;?$/.exec(parts[at - 1] ?? '')?.[1];
    if (before === undefined || !isOnlyAssignment(before, part, joined)) return [part];
    const gap = at - 1 === 0 ? '' : (/^\s*/.exec(parts[at - 1] ?? '')?.[0] ?? '');
    return [`${gap}const ${part.trimStart()}`];
  });
}

function isOnlyAssignment(name: string, statement: string, code: string): boolean {
  const assignment = new RegExp(`(?<![\\w$.])${name.replaceAll('$', String.raw`\$`)}\\s*(?:=(?!=)|[-+*/%&|^?]+=|\\+\\+|--)`, 'g');
  return statement.trimStart().startsWith(`${name} = `) && [...code.matchAll(assignment)].length === 1;
}
