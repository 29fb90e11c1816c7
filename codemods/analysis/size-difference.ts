// Finds the comparison of two sizes that an extraction turns into a count, and checks that the count says the same.
import { type BinaryExpression, Node, SyntaxKind, VariableDeclarationKind } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { bodyOf, type CodeFunction, type CodePart } from './code-selector.ts';
import { sameCode } from './code-tokens.ts';
import type { SizeDifference } from './extraction.ts';
import { nameUses } from './name-uses.ts';
import { purityOf } from './purity.ts';
import { isLanguageFile } from './type-text.ts';

/** How a plan names it: the new count, the value it belongs to, and the comparison as it stands in the code. */
export interface DifferenceOption {
  readonly name: string;
  readonly value: string;
  readonly comparison: string;
}

function refuse(node: Node, why: string): never {
  throw new Refusal(
    'REFIT_EXTRACT_DIFFERENCE',
    `${why} A count can replace \`a.length !== b.length\` only where b is what the extracted expression gives.`,
    placeOf(node),
  );
}

/** The variable whose size is read, when the operand is `variable.length` or `variable.size`. */
function sizedVariable(operand: Node): Node | undefined {
  if (!Node.isPropertyAccessExpression(operand) || !['length', 'size'].includes(operand.getName())) return undefined;
  const known =
    operand
      .getSymbol()
      ?.getDeclarations()
      .every((each) => isLanguageFile(each.getSourceFile().getFilePath())) ?? false;
  return known && Node.isIdentifier(operand.getExpression()) ? operand.getExpression() : undefined;
}

const inequalities = new Set([
  SyntaxKind.ExclamationEqualsEqualsToken,
  SyntaxKind.EqualsEqualsEqualsToken,
  SyntaxKind.ExclamationEqualsToken,
  SyntaxKind.EqualsEqualsToken,
]);

function comparisonIn(owner: CodeFunction, code: string): BinaryExpression {
  const found = bodyOf(owner)
    .getDescendants()
    .filter(Node.isBinaryExpression)
    .filter((node) => inequalities.has(node.getOperatorToken().getKind()) && sameCode(node.getText(), code));
  const [first, second] = found;
  if (first === undefined || second !== undefined)
    return refuse(owner, `The comparison \`${code}\` is found ${String(found.length)} times.`);
  return first;
}

/** Nothing between the value and the comparison may change either collection. */
function requireQuiet(statement: Node, comparison: Node): void {
  const after = statement.getNextSiblings().filter((each) => each.getPos() < comparison.getPos());
  const reached = after.at(-1);
  const inNext = reached !== undefined && reached.getEnd() >= comparison.getEnd();
  const between = after.slice(0, -1);
  const condition =
    Node.isIfStatement(reached) &&
    reached.getExpression().getPos() <= comparison.getPos() &&
    comparison.getEnd() <= reached.getExpression().getEnd();
  if (!inNext || !condition) refuse(comparison, 'The comparison is not the condition of a statement behind the expression.');
  const purity = purityOf(between);
  const writes = nameUses(between).some((use) => use.writes && !use.declares);
  if (purity.effects.length > 0 || writes) refuse(comparison, 'Something runs between the expression and the comparison.');
}

export function sizeDifference(owner: CodeFunction, part: CodePart, option: DifferenceOption): SizeDifference {
  const [node] = part.nodes;
  const variable = node.getParent();
  const statement = variable?.getFirstAncestor(Node.isVariableStatement);
  const isWhole =
    Node.isVariableDeclaration(variable) && variable.getInitializer() === node && Node.isIdentifier(variable.getNameNode());
  if (
    !isWhole ||
    statement === undefined ||
    statement.getDeclarations().length !== 1 ||
    statement.getDeclarationKind() !== VariableDeclarationKind.Const
  ) {
    return refuse(node, 'The expression is not the whole value of one constant.');
  }
  const comparison = comparisonIn(owner, option.comparison);
  const [left, right] = [comparison.getLeft(), comparison.getRight()];
  const symbol = variable.getSymbol();
  const smaller = [left, right].find((each) => sizedVariable(each)?.getSymbol() === symbol);
  const larger = smaller === left ? right : left;
  if (smaller === undefined || sizedVariable(larger) === undefined)
    return refuse(comparison, 'It does not compare the size of the value with another size.');
  requireQuiet(statement, comparison);
  return { name: option.name, valueName: option.value, comparison, variable, larger, smaller };
}
