// Finds the function, the statements or the expression that an option names by the code it starts with.
import { type Block, Node, type SourceFile, type Statement } from 'ts-morph';
import { nearestOf } from '../kernel/nearest.ts';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { codeStartsWith, sameCode } from './code-tokens.ts';

/** A function that has a body of statements. */
export type CodeFunction = Node & { getBody(): Node | undefined };

/** Which code is meant: statements `first` … `last` (their first tokens), or one `expression` (all of it, or its first tokens). */
export interface CodeSelector {
  readonly first?: string;
  /** Default: `first` alone. */
  readonly last?: string;
  readonly expression?: string;
}

/** Neighbouring statements of one list, or one expression. */
export type CodePart =
  | { readonly kind: 'statements'; readonly nodes: readonly [Node, ...Node[]] }
  | { readonly kind: 'expression'; readonly nodes: readonly [Node] };

function hasBody(node: Node | undefined): node is CodeFunction {
  if (node === undefined) return false;
  const known =
    Node.isFunctionDeclaration(node) ||
    Node.isMethodDeclaration(node) ||
    Node.isConstructorDeclaration(node) ||
    Node.isGetAccessorDeclaration(node) ||
    Node.isSetAccessorDeclaration(node) ||
    Node.isArrowFunction(node) ||
    Node.isFunctionExpression(node);
  return known && Node.isBlock(node.getBody());
}

function membersOf(file: SourceFile): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  for (const declared of file.getFunctions()) found.set(declared.getName() ?? 'default', declared);
  for (const declared of file.getVariableDeclarations()) {
    const value = declared.getInitializer();
    if (value !== undefined && hasBody(value)) found.set(declared.getName(), value);
  }
  for (const owner of file.getClasses()) {
    for (const member of owner.getMembers()) {
      if (!hasBody(member)) continue;
      const name = Node.isConstructorDeclaration(member) ? 'constructor' : Node.hasName(member) ? member.getName() : '';
      found.set(`${owner.getName() ?? 'default'}.${name}`, member);
    }
  }
  return found;
}

/** The function called `name` (`f`, `Class.method`, `Class.constructor`) in the file. */
export function functionNamed(file: SourceFile, name: string): CodeFunction {
  const members = membersOf(file);
  const found = members.get(name);
  if (hasBody(found)) return found;
  const near = nearestOf(name, members.keys());
  throw new Refusal(
    'REFIT_SELECT_FUNCTION',
    `There is no function ${name} with a body in ${file.getBaseName()}.${near === undefined ? '' : ` Did you mean ${near}?`} Name it as f or as Class.method.`,
    { path: file.getFilePath(), line: 1 },
  );
}

export function bodyOf(owner: CodeFunction): Block {
  const body = owner.getBody();
  if (body !== undefined && Node.isBlock(body)) return body;
  throw new Refusal('REFIT_SELECT_FUNCTION', 'The function has no block as its body. Give it one first.', placeOf(owner));
}

function notFound(owner: CodeFunction, code: string, what: string): Refusal {
  return new Refusal(
    'REFIT_SELECT_NONE',
    `No ${what} in the function starts with \`${code}\`. Quote the code as it stands there (blanks and line breaks do not matter).`,
    placeOf(owner),
  );
}

function ambiguous(found: readonly Node[], code: string): Refusal {
  const lines = found.map((node) => String(node.getStartLineNumber())).join(', ');
  const message = `\`${code}\` is found on lines ${lines}. Quote more of it, until it is found once.`;
  return new Refusal('REFIT_SELECT_AMBIGUOUS', message, found[0] === undefined ? undefined : placeOf(found[0]));
}

function statementsBelow(owner: CodeFunction): readonly Statement[] {
  return bodyOf(owner)
    .getDescendants()
    .filter((node) => Node.isStatement(node));
}

function statementFrom(owner: CodeFunction, candidates: readonly Node[], code: string): Node {
  const found = candidates.filter((each) => codeStartsWith(each.getText(), code));
  const [first, second] = found;
  if (first === undefined) throw notFound(owner, code, 'statement');
  if (second !== undefined) throw ambiguous(found, code);
  return first;
}

function siblingsOf(statement: Node): readonly Node[] {
  const parent = statement.getParent();
  if (parent !== undefined && (Node.isBlock(parent) || Node.isCaseClause(parent) || Node.isDefaultClause(parent)))
    return parent.getStatements();
  return [statement];
}

function selectStatements(owner: CodeFunction, start: string, end: string | undefined): CodePart {
  const first = statementFrom(owner, statementsBelow(owner), start);
  const siblings = siblingsOf(first);
  const rest = siblings.slice(siblings.indexOf(first));
  const last = end === undefined ? first : statementFrom(owner, rest, end);
  return { kind: 'statements', nodes: [first, ...rest.slice(1, rest.indexOf(last) + 1)] };
}

/** Of expressions that start at one place the outermost; an exact match wins over a prefix. */
function selectExpression(owner: CodeFunction, code: string): CodePart {
  const starting = bodyOf(owner)
    .getDescendants()
    .filter((node) => Node.isExpression(node) && codeStartsWith(node.getText(), code));
  const exact = starting.filter((node) => sameCode(node.getText(), code));
  const found = (exact.length > 0 ? exact : starting).filter(
    (node, _at, all) =>
      !all.some((other) => other !== node && other.getStart() === node.getStart() && other.getEnd() > node.getEnd()),
  );
  const [first, second] = found;
  if (first === undefined) throw notFound(owner, code, 'expression');
  if (second !== undefined && second.getStart() !== first.getStart()) throw ambiguous(found, code);
  return { kind: 'expression', nodes: [first] };
}

/** The code the selector names; refused when it is not found, or found twice. */
export function selectCode(owner: CodeFunction, selector: CodeSelector): CodePart {
  if (selector.expression !== undefined && selector.first === undefined) return selectExpression(owner, selector.expression);
  if (selector.first !== undefined && selector.expression === undefined)
    return selectStatements(owner, selector.first, selector.last);
  throw new Refusal(
    'REFIT_SELECT_NONE',
    'Name either statements (`first`, and `last` for more than one) or one `expression`.',
    placeOf(owner),
  );
}
