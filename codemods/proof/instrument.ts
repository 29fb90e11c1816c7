// Adds counters to a module as it is compiled: arms of branches, statements, and a guard in every loop.
import { lineOf, ts } from '../kernel/parse-source.ts';

export interface Point {
  /** Line in the source, from 1. */
  readonly line: number;
  readonly kind: 'statement' | 'function' | 'if' | 'else' | 'then' | 'otherwise' | 'operand' | 'case' | 'catch' | 'default value';
}

/** The points of a file in source order; the counters of a loaded module have the same indexes. */
export interface Instrumented {
  readonly points: readonly Point[];
  readonly transformer: ts.TransformerFactory<ts.SourceFile>;
}

/** Names that compiled code finds as parameters of its module; the guard is told `true` where it counts no turn but an arrow's call. */
export const countName = '__refitCount';
export const guardName = '__refitGuard';
export const metaName = '__refitMeta';

export function instrumentation(): Instrumented {
  const points: Point[] = [];
  return { points, transformer: (context) => (file) => instrumentFile(file, context, points) };
}

type Note = (node: ts.Node, kind: Point['kind']) => ts.Expression;

function instrumentFile(file: ts.SourceFile, context: ts.TransformationContext, points: Point[]): ts.SourceFile {
  const { factory } = context;
  const note: Note = (node, kind) => {
    points.push({ line: lineOf(file, node.getStart(file)), kind });
    return factory.createCallExpression(factory.createIdentifier(countName), undefined, [
      factory.createNumericLiteral(points.length - 1),
    ]);
  };
  const visit = (node: ts.Node): ts.Node => new Rewriter(context, note, visit).rewrite(node);
  return ts.visitEachChild(file, visit, context);
}

const logical: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

class Rewriter {
  readonly #factory: ts.NodeFactory;
  readonly #context: ts.TransformationContext;
  readonly #note: Note;
  readonly #visit: (node: ts.Node) => ts.Node;

  constructor(context: ts.TransformationContext, note: Note, visit: (node: ts.Node) => ts.Node) {
    this.#context = context;
    this.#factory = context.factory;
    this.#note = note;
    this.#visit = visit;
  }

  rewrite(node: ts.Node): ts.Node {
    // A module is compiled to the body of a function, where import.meta is no syntax.
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
      return this.#factory.createIdentifier(metaName);
    if (ts.isIfStatement(node)) return this.#ifStatement(node);
    if (ts.isConditionalExpression(node)) return this.#conditional(node);
    if (ts.isBinaryExpression(node) && logical.has(node.operatorToken.kind)) return this.#logical(node);
    if (ts.isCaseOrDefaultClause(node)) return this.#clause(node);
    if (ts.isCatchClause(node)) return this.#catchClause(node);
    if (ts.isParameter(node) && node.initializer !== undefined) return this.#defaultValue(node, node.initializer);
    if (ts.isIterationStatement(node, false)) return this.#loop(node);
    if (ts.isBlock(node)) return this.#block(node);
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return this.#arrow(node);
    return ts.visitEachChild(node, this.#visit, this.#context);
  }

  #counted(node: ts.Node, kind: Point['kind']): ts.Statement {
    return this.#factory.createExpressionStatement(this.#note(node, kind));
  }

  #valued(node: ts.Expression, kind: Point['kind']): ts.Expression {
    const counter = this.#note(node, kind);
    const visited = this.#expression(node);
    return this.#factory.createParenthesizedExpression(
      this.#factory.createBinaryExpression(counter, ts.SyntaxKind.CommaToken, visited),
    );
  }

  #expression(node: ts.Expression): ts.Expression {
    return ts.visitNode(node, this.#visit, ts.isExpression);
  }

  #statement(node: ts.Statement): ts.Statement {
    return ts.visitNode(node, this.#visit, ts.isStatement);
  }

  /** Each statement of a list is counted before it runs; declarations of functions and types do not run. */
  #statements(statements: readonly ts.Statement[]): readonly ts.Statement[] {
    return statements.flatMap((each) => {
      const runs = !ts.isFunctionDeclaration(each) && !ts.isInterfaceDeclaration(each) && !ts.isTypeAliasDeclaration(each);
      const counter = runs ? [this.#counted(each, 'statement')] : [];
      return [...counter, this.#statement(each)];
    });
  }

  #block(node: ts.Block): ts.Block {
    const isBody = ts.isFunctionLike(node.parent);
    const entry = isBody ? [this.#counted(node.parent, 'function')] : [];
    return this.#factory.updateBlock(node, [...entry, ...this.#statements(node.statements)]);
  }

  #arm(node: ts.Statement, kind: Point['kind']): ts.Statement {
    const counter = this.#counted(node, kind);
    const statements = ts.isBlock(node) ? this.#statements(node.statements) : this.#statements([node]);
    return this.#factory.createBlock([counter, ...statements], true);
  }

  #ifStatement(node: ts.IfStatement): ts.IfStatement {
    const condition = this.#expression(node.expression);
    const then = this.#arm(node.thenStatement, 'if');
    const otherwise =
      node.elseStatement === undefined
        ? this.#factory.createBlock([this.#counted(node, 'else')])
        : this.#arm(node.elseStatement, 'else');
    return this.#factory.updateIfStatement(node, condition, then, otherwise);
  }

  #conditional(node: ts.ConditionalExpression): ts.Expression {
    return this.#factory.updateConditionalExpression(
      node,
      this.#expression(node.condition),
      node.questionToken,
      this.#valued(node.whenTrue, 'then'),
      node.colonToken,
      this.#valued(node.whenFalse, 'otherwise'),
    );
  }

  #logical(node: ts.BinaryExpression): ts.Expression {
    const left = this.#expression(node.left);
    return this.#factory.updateBinaryExpression(node, left, node.operatorToken, this.#valued(node.right, 'operand'));
  }

  #clause(node: ts.CaseOrDefaultClause): ts.CaseOrDefaultClause {
    const counter = this.#counted(node, 'case');
    const statements = [counter, ...this.#statements(node.statements)];
    if (ts.isDefaultClause(node)) return this.#factory.updateDefaultClause(node, statements);
    return this.#factory.updateCaseClause(node, this.#expression(node.expression), statements);
  }

  #catchClause(node: ts.CatchClause): ts.CatchClause {
    const counter = this.#counted(node, 'catch');
    const block = this.#factory.updateBlock(node.block, [counter, ...this.#statements(node.block.statements)]);
    return this.#factory.updateCatchClause(node, node.variableDeclaration, block);
  }

  #defaultValue(node: ts.ParameterDeclaration, initializer: ts.Expression): ts.ParameterDeclaration {
    return this.#factory.updateParameterDeclaration(
      node,
      node.modifiers,
      node.dotDotDotToken,
      ts.visitNode(node.name, this.#visit, ts.isBindingName),
      node.questionToken,
      node.type,
      this.#valued(initializer, 'default value'),
    );
  }

  #guard(kind: readonly ts.Expression[] = []): ts.Expression {
    return this.#factory.createCallExpression(this.#factory.createIdentifier(guardName), undefined, kind);
  }

  /** An arrow without statements is no branch, but it can call itself for ever. */
  #arrow(node: ts.ArrowFunction): ts.ArrowFunction {
    const visited = ts.visitEachChild(node, this.#visit, this.#context);
    if (ts.isBlock(visited.body)) return visited;
    const body = this.#factory.createBinaryExpression(
      this.#guard([this.#factory.createTrue()]),
      ts.SyntaxKind.CommaToken,
      visited.body,
    );
    const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken: arrow } = visited;
    const inParentheses = this.#factory.createParenthesizedExpression(body);
    return this.#factory.updateArrowFunction(visited, modifiers, typeParameters, parameters, type, arrow, inParentheses);
  }

  #loop(node: ts.IterationStatement): ts.Node {
    const guard = this.#factory.createExpressionStatement(this.#guard());
    const inner = ts.isBlock(node.statement) ? this.#statements(node.statement.statements) : this.#statements([node.statement]);
    const body = this.#factory.createBlock([guard, ...inner], true);
    const visited = (child: ts.Node): ts.Node => (child === node.statement ? body : this.#visit(child));
    return ts.visitEachChild(node, visited, this.#context);
  }
}

/** Whether a point counts as a branch: an arm that a scenario should reach. */
export function isBranch({ kind }: Point): boolean {
  return kind !== 'statement';
}
