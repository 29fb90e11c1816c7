// Small changes of a subject's source that a good set of scenarios notices: one at a time, on given lines.
import { lineOf, parseSource, ts, walk } from '../kernel/parse-source.ts';

export interface Mutant {
  /** Stable across runs: kind, line and column. */
  readonly id: string;
  readonly kind: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** The mutated text. */
export function applyMutant(text: string, { start, end, replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** All mutants of the lines that `isWanted` accepts, in source order. */
export function mutantsOf(path: string, text: string, isWanted: (line: number) => boolean): readonly Mutant[] {
  const source = parseSource(path, text);
  const found: Mutant[] = [];
  walk(source, (node) => {
    const line = lineOf(source, node.getStart(source));
    if (!isWanted(line) || isWithinType(node)) return;
    for (const { kind, target, replacement, at = target } of changesOf(node, source)) {
      const start = target.getStart(source);
      const { line: row, character } = source.getLineAndCharacterOfPosition(at.getStart(source));
      const id = `${kind} ${row + 1}:${character + 1}`;
      found.push({ id, kind, line: lineOf(source, start), start, end: target.getEnd(), replacement });
    }
  });
  return found.toSorted((a, b) => a.start - b.start || a.end - b.end || (a.kind < b.kind ? -1 : 1));
}

interface Change {
  readonly kind: string;
  readonly target: ts.Node;
  readonly replacement: string;
  /** What the id is of, where the target shares its start with others. */
  readonly at?: ts.Node;
}

function isWithinType(node: ts.Node): boolean {
  return ts.isTypeNode(node) || (node.parent !== undefined && ts.isTypeNode(node.parent));
}

const swapped: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
  [ts.SyntaxKind.QuestionQuestionToken, '&&'],
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
  [ts.SyntaxKind.AsteriskToken, '/'],
  [ts.SyntaxKind.SlashToken, '*'],
  [ts.SyntaxKind.PlusEqualsToken, '-='],
  [ts.SyntaxKind.MinusEqualsToken, '+='],
]);

function changesOf(node: ts.Node, source: ts.SourceFile): readonly Change[] {
  if (ts.isBinaryExpression(node)) return binaryChanges(node, source);
  if (ts.isIfStatement(node)) return conditionChanges(node.expression, source);
  if (ts.isConditionalExpression(node)) return conditionChanges(node.condition, source);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [{ kind: 'drop negation', target: node, replacement: node.operand.getText(source) }];
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return textChanges(node);
  if (ts.isTemplateExpression(node) && !ts.isTaggedTemplateExpression(node.parent))
    return [{ kind: 'empty text', target: node, replacement: "''" }];
  if (ts.isNumericLiteral(node) && !isName(node))
    return [{ kind: 'other number', target: node, replacement: `(${node.text} + 1)` }];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [{ kind: 'other boolean', target: node, replacement: 'false' }];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [{ kind: 'other boolean', target: node, replacement: 'true' }];
  if (ts.isExpressionStatement(node)) return [{ kind: 'drop statement', target: node, replacement: ';' }];
  if (isField(node)) return fieldChanges(node, source);
  return [];
}

function binaryChanges(node: ts.BinaryExpression, source: ts.SourceFile): readonly Change[] {
  const operator = swapped.get(node.operatorToken.kind);
  if (operator === undefined) return [];
  const joinsText = [node.left, node.right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side));
  if (joinsText && node.operatorToken.kind === ts.SyntaxKind.PlusToken) return [];
  // Another operator may bind otherwise, or not mix at all (`??` with `&&`): parentheses keep what belongs together.
  const [left, right] = [node.left, node.right].map((side) => inParentheses(side.getText(source), isBinary(side)));
  const replacement = inParentheses(`${left} ${operator} ${right}`, isBinary(node.parent));
  const other: Change = { kind: 'other operator', target: node, replacement, at: node.operatorToken };
  if (node.operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken) return [other];
  // What is 0, '' or false is then replaced, too.
  return [
    other,
    { ...other, kind: 'default for falsy', replacement: inParentheses(`${left} || ${right}`, isBinary(node.parent)) },
  ];
}

function isBinary(node: ts.Node): boolean {
  return ts.isBinaryExpression(node);
}

function inParentheses(text: string, wanted: boolean): string {
  return wanted ? `(${text})` : text;
}

function conditionChanges(condition: ts.Expression, source: ts.SourceFile): readonly Change[] {
  const text = condition.getText(source);
  return [
    { kind: 'always', target: condition, replacement: `((${text}), true)` },
    { kind: 'never', target: condition, replacement: `((${text}), false)` },
  ];
}

/** Texts that decide or are seen; not those of imports, and not names of properties. */
function textChanges(node: ts.StringLiteralLike): readonly Change[] {
  const { parent } = node;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isExternalModuleReference(parent)) return [];
  if (isName(node) || ts.isTaggedTemplateExpression(parent) || ts.isImportAttribute(parent)) return [];
  if (ts.isCaseClause(parent) || node.text === '') return [];
  return [{ kind: 'empty text', target: node, replacement: "''" }];
}

/** The name of a property, method, field or enum member, however it is written. */
function isName(node: ts.LiteralExpression): boolean {
  return 'name' in node.parent && node.parent.name === node;
}

type Field = ts.PropertyAssignment | ts.ShorthandPropertyAssignment;

function isField(node: ts.Node): node is Field {
  return (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) && ts.isObjectLiteralExpression(node.parent);
}

function fieldChanges(node: Field, source: ts.SourceFile): readonly Change[] {
  return [{ kind: 'drop field', target: node, replacement: `...{} /* ${node.name.getText(source).replaceAll('*/', '')} */` }];
}
