// Finds a variable that a `try` and its `catch` fill with how it went: a tag, and a value or an error.
import {
  type Block,
  type Expression,
  Node,
  type ObjectLiteralExpression,
  type Statement,
  type TryStatement,
  type VariableStatement,
} from 'ts-morph';
import { typeText } from './type-text.ts';

/** What one of the two assigns. */
export interface Side {
  /** The value of the tag. */
  readonly tag: boolean;
  /** The property that carries something, and what it carries. */
  readonly property: string;
  readonly payload: Expression;
}

export interface CapturedOutcome {
  readonly name: string;
  readonly declaration: VariableStatement;
  readonly attempt: TryStatement;
  /** The statements behind, to the end of the list. */
  readonly rest: readonly Statement[];
  /** The property that says how it went. */
  readonly tag: string;
  readonly success: Side;
  readonly failure: Side;
  /** The name of the caught error. */
  readonly caught: string | undefined;
}

/** The object that the only statement of the block assigns to the variable. */
function assigned(block: Block | undefined, name: string): ObjectLiteralExpression | undefined {
  const [only, ...more] = block?.getStatements() ?? [];
  if (only === undefined || more.length > 0 || !Node.isExpressionStatement(only)) return undefined;
  const expression = only.getExpression();
  if (
    !Node.isBinaryExpression(expression) ||
    expression.getLeft().getText() !== name ||
    expression.getOperatorToken().getText() !== '='
  )
    return undefined;
  const value = expression.getRight();
  return Node.isObjectLiteralExpression(value) ? value : undefined;
}

interface TaggedSide extends Side {
  readonly tagName: string;
}

/** `{ tag: true, property: payload }`, the tag first. */
function sideOf(literal: ObjectLiteralExpression | undefined): TaggedSide | undefined {
  const [tag, carried, ...more] = literal?.getProperties() ?? [];
  if (more.length > 0 || !Node.isPropertyAssignment(tag)) return undefined;
  const value = tag.getInitializer()?.getText();
  if (value !== 'true' && value !== 'false') return undefined;
  const known = { tag: value === 'true', tagName: tag.getName() };
  if (Node.isShorthandPropertyAssignment(carried))
    return { ...known, property: carried.getName(), payload: carried.getNameNode() };
  const payload = Node.isPropertyAssignment(carried) ? carried.getInitializer() : undefined;
  return payload === undefined || !Node.isPropertyAssignment(carried)
    ? undefined
    : { ...known, property: carried.getName(), payload };
}

function declares(statement: Node, name: string): statement is VariableStatement {
  if (!Node.isVariableStatement(statement)) return false;
  const [only, ...more] = statement.getDeclarations();
  return only !== undefined && more.length === 0 && only.getName() === name && only.getInitializer() === undefined;
}

/** The outcome called `name` in a function's own statements, when it has the shape. */
export function capturedOutcome(body: Block, name: string): CapturedOutcome | undefined {
  const statements = body.getStatements();
  const at = statements.findIndex((each) => declares(each, name));
  const declaration = statements[at];
  const attempt = statements[at + 1];
  if (
    declaration === undefined ||
    !declares(declaration, name) ||
    !Node.isTryStatement(attempt) ||
    attempt.getFinallyBlock() !== undefined
  )
    return undefined;
  const handler = attempt.getCatchClause();
  const success = sideOf(assigned(attempt.getTryBlock(), name));
  const failure = sideOf(assigned(handler?.getBlock(), name));
  if (success === undefined || failure === undefined || success.tagName !== failure.tagName || success.tag === failure.tag)
    return undefined;
  const caught = handler?.getVariableDeclaration()?.getName();
  return { name, declaration, attempt, rest: statements.slice(at + 2), tag: success.tagName, success, failure, caught };
}

/** The type of what a side carries, as the variable's declaration tells it. */
export function typeOfSide({ declaration }: CapturedOutcome, side: TaggedSide | Side): string {
  const [variable] = declaration.getDeclarations();
  const type = variable?.getType();
  const members = type === undefined ? [] : type.isUnion() ? type.getUnionTypes() : [type];
  const property = members.map((member) => member.getProperty(side.property)).find((each) => each !== undefined);
  const found = property?.getTypeAtLocation(declaration) ?? side.payload.getType();
  return typeText(found, declaration).text;
}
