// Finds the statements that a clone of a merge consists of: by function, case clause, and the code they start and end with.
import { type CaseClause, type DefaultClause, type Expression, Node, type SourceFile, type Statement } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { bodyOf, type CodeFunction, functionNamed } from './code-selector.ts';
import { sameTokens, startsWithTokens, tokensOf } from './code-tokens.ts';

/** How an option names one clone; blanks and line breaks in the quoted code do not matter. */
export interface CloneSelector {
  /** The file, relative to the root; the operation may name one file for all clones. */
  readonly file?: string;
  /** `f` or `Class.method`. */
  readonly in: string;
  /** Only inside this case clause: the text behind `case`, or several from the outer to the inner switch. */
  readonly case?: string | readonly string[];
  /** First tokens of the first statement; default: the first of the body or clause. */
  readonly from?: string;
  /** First tokens of the last statement; default: `from` alone, or everything when `from` is absent. */
  readonly to?: string;
  /** First tokens of an expression in the statement behind the last one: it moves along, as what the helper returns. */
  readonly result?: string;
}

/** One clone: neighbouring statements of one list. */
export interface Clone {
  readonly label: string;
  readonly file: SourceFile;
  readonly owner: CodeFunction;
  readonly statements: readonly [Statement, ...Statement[]];
  /** The expression of the statement behind them that the helper computes, too. */
  readonly result: Expression | undefined;
}

type Clause = CaseClause | DefaultClause;

/** The clause called `text`; of several the one that holds a statement that starts with `from`. */
function clauseCalled(within: Node, text: string, owner: CodeFunction, from: string | undefined): Clause {
  const wanted = tokensOf(text);
  const isWanted = (node: Node): node is Clause =>
    Node.isCaseClause(node)
      ? sameTokens(tokensOf(node.getExpression().getText()), wanted)
      : Node.isDefaultClause(node) && text === 'default';
  const named = within.getDescendants().filter(isWanted);
  const holding = named.filter(
    (clause) =>
      from !== undefined &&
      clause
        .getDescendants()
        .some((each) => Node.isStatement(each) && startsWithTokens(tokensOf(each.getText()), tokensOf(from))),
  );
  const found = holding.length > 0 ? holding : named;
  const [first, second] = found;
  if (first === undefined) {
    throw new Refusal('REFIT_SELECT_NONE', `There is no case ${text} there. Write what stands behind \`case\`.`, placeOf(owner));
  }
  if (second === undefined) return first;
  const lines = found.map((node) => String(node.getStartLineNumber())).join(', ');
  const message = `case ${text} is found on lines ${lines}. Name the clauses around it too, from the outside: ["'Outer'", "${text}"].`;
  throw new Refusal('REFIT_SELECT_AMBIGUOUS', message, placeOf(first));
}

/** The statements of a clause without the braces around them and without the `break` that ends them. */
function statementsOfClause(clause: Clause): readonly Statement[] {
  const own = clause.getStatements();
  const [first, second] = own;
  const inner =
    first !== undefined && Node.isBlock(first) && (second === undefined || Node.isBreakStatement(second))
      ? first.getStatements()
      : own;
  const last = inner.at(-1);
  return last !== undefined && Node.isBreakStatement(last) ? inner.slice(0, -1) : inner;
}

function startingWith(candidates: readonly Statement[], code: string, owner: CodeFunction): Statement {
  const prefix = tokensOf(code);
  const found = candidates.filter((each) => startsWithTokens(tokensOf(each.getText()), prefix));
  const [first, second] = found;
  if (first === undefined) {
    throw new Refusal(
      'REFIT_SELECT_NONE',
      `No statement there starts with \`${code}\`. Quote the code as it stands in the file.`,
      placeOf(owner),
    );
  }
  if (second === undefined) return first;
  const lines = found.map((node) => String(node.getStartLineNumber())).join(', ');
  throw new Refusal(
    'REFIT_SELECT_AMBIGUOUS',
    `\`${code}\` is found on lines ${lines}. Quote more of it, or name the case clause.`,
    placeOf(first),
  );
}

/** The statements of the list itself when one of them starts with the code, else those at any depth. */
function nearest(list: readonly Statement[], below: readonly Statement[], code: string): readonly Statement[] {
  const prefix = tokensOf(code);
  return list.some((each) => startsWithTokens(tokensOf(each.getText()), prefix)) ? list : below;
}

function siblingsOf(statement: Statement): readonly Statement[] {
  const parent = statement.getParent();
  const isList = Node.isBlock(parent) || Node.isCaseClause(parent) || Node.isDefaultClause(parent) || Node.isSourceFile(parent);
  return isList ? parent.getStatements() : [statement];
}

function resultIn(statement: Statement | undefined, code: string, owner: CodeFunction): Expression {
  const prefix = tokensOf(code);
  const starts = (node: Node): node is Expression =>
    Node.isExpression(node) && startsWithTokens(tokensOf(node.getText()), prefix);
  const found = statement?.getDescendants().filter(starts) ?? [];
  const [first] = found;
  if (first !== undefined) return first;
  const message = `The statement behind the clone has no expression that starts with \`${code}\` (the \`result\`). Quote it as it stands there.`;
  throw new Refusal('REFIT_SELECT_NONE', message, placeOf(statement ?? owner));
}

/** The clone that a selector names in its file. */
export function selectClone(file: SourceFile, selector: CloneSelector): Clone {
  const owner = functionNamed(file, selector.in);
  const path = selector.case === undefined ? [] : [selector.case].flat();
  let clause: Clause | undefined;
  for (const text of path) clause = clauseCalled(clause ?? owner, text, owner, selector.from);
  const label = [selector.in, ...path].join(' ');
  const list = clause === undefined ? bodyOf(owner).getStatements() : statementsOfClause(clause);
  const below = (clause ?? bodyOf(owner)).getDescendants().filter((each) => Node.isStatement(each));
  const first = selector.from === undefined ? list[0] : startingWith(nearest(list, below, selector.from), selector.from, owner);
  if (first === undefined)
    throw new Refusal('REFIT_SELECT_NONE', `${label} has no statements to merge.`, placeOf(clause ?? owner));
  const siblings = selector.from === undefined ? list : siblingsOf(first);
  const rest = siblings.slice(siblings.indexOf(first));
  const whole = selector.from === undefined && selector.to === undefined ? rest.length : 1;
  const last = selector.to === undefined ? rest[whole - 1] : startingWith(rest, selector.to, owner);
  const end = last === undefined ? 1 : rest.indexOf(last) + 1;
  const [, ...more] = rest.slice(0, end);
  const result = selector.result === undefined ? undefined : resultIn(rest[end], selector.result, owner);
  return { label, file, owner, statements: [first, ...more], result };
}
