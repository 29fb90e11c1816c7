// The normal form of code for comparing two pieces that should do the same: layout, quotes, parentheses, shorthand and
// the names of local variables do not show in it; descriptors and closures given to it are put in place.
import { ts } from '../kernel/parse-source.ts';

/** What a name means: a variable of the code, or something that is put in its place. */
export type Meaning =
  | { readonly kind: 'local'; readonly number: () => number }
  | { readonly kind: 'code'; readonly node: ts.Node; readonly env: Env }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, ts.Node>; readonly env: Env }
  | { readonly kind: 'absent' }
  | { readonly kind: 'type'; readonly text: string };

/** Names in scope, inner ones hide outer ones. */
export class Env {
  readonly #names: ReadonlyMap<string, Meaning>;
  readonly #outer: Env | undefined;

  constructor(names: ReadonlyMap<string, Meaning>, outer?: Env) {
    this.#names = names;
    this.#outer = outer;
  }

  find(name: string): Meaning | undefined {
    return this.#names.get(name) ?? this.#outer?.find(name);
  }
}

/** Code that cannot be brought into the normal form. */
export class NotReducible extends Error {}

interface Found {
  readonly node: ts.Node;
  readonly env: Env;
}

const absent = Symbol('absent');

type Resolved = Found | typeof absent | undefined;

function boundNames(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((each) => (ts.isOmittedExpression(each) ? [] : boundNames(each.name)));
}

function declaredIn(statements: readonly ts.Node[]): readonly string[] {
  return statements.flatMap((each): readonly string[] => {
    if (ts.isVariableStatement(each)) return each.declarationList.declarations.flatMap((one) => boundNames(one.name));
    if ((ts.isFunctionDeclaration(each) || ts.isClassDeclaration(each)) && each.name !== undefined) return [each.name.text];
    return [];
  });
}

function isNameOfMember(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isMetaProperty(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isPropertyDeclaration(parent);
  if (named) return parent.name === node;
  return ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent);
}

/** A statement around a call: what the callee returns at its end is put in the call's place. */
export interface Surrounding {
  readonly statement: ts.Statement;
  readonly call: ts.Node;
}

export class NormalForm {
  #locals = 0;
  /** Returns of closures, and what they are in the helper. */
  readonly #exits = new Map<ts.ReturnStatement, () => readonly string[]>();
  #placed: (Found & { readonly call: ts.Node }) | undefined;

  #scope(names: readonly string[], outer: Env): Env {
    const meanings = names.map((name): readonly [string, Meaning] => {
      let number: number | undefined;
      return [name, { kind: 'local', number: () => (number ??= this.#locals++) }];
    });
    return meanings.length === 0 ? outer : new Env(new Map(meanings), outer);
  }

  /** The statements of one list, those of inlined closures among them. */
  list(statements: readonly ts.Node[], outer: Env): readonly string[] {
    const env = this.#scope(declaredIn(statements), outer);
    return statements.flatMap((each) => this.#statement(each, env));
  }

  /** The statements of a body whose last one returns a value into the statement around the call. */
  listInto(statements: readonly ts.Node[], outer: Env, { statement, call }: Surrounding): readonly string[] {
    const last = statements.at(-1);
    if (last === undefined || !ts.isReturnStatement(last) || last.expression === undefined)
      throw new NotReducible('the helper does not end with the value its call stands for');
    const env = this.#scope(declaredIn(statements), outer);
    const before = statements.slice(0, -1).flatMap((each) => this.#statement(each, env));
    this.#placed = { call, node: last.expression, env };
    return [...before, this.of(statement, this.#scope(declaredIn([statement]), new Env(new Map())))];
  }

  #statement(node: ts.Node, env: Env): readonly string[] {
    if (ts.isIfStatement(node) && node.elseStatement === undefined) {
      const present = this.#isPresent(node.expression, env);
      if (present !== undefined) return present ? this.#statement(node.thenStatement, env) : [];
    }
    if (ts.isIfStatement(node) && ts.isReturnStatement(node.thenStatement)) {
      const early = this.#earlyExit(node.expression, node.thenStatement, env);
      if (early !== undefined) return early;
    }
    if (ts.isReturnStatement(node) && this.#exits.has(node)) return this.#exits.get(node)?.() ?? [];
    if (ts.isEmptyStatement(node)) return [];
    if (!ts.isExpressionStatement(node)) return [this.of(node, env)];
    const call = ts.isAwaitExpression(node.expression) ? node.expression.expression : node.expression;
    const closure = this.#closureOf(call, env);
    if (closure === absent) return [];
    if (closure === undefined || !ts.isBlock(closure.node)) return [this.of(node, env)];
    return this.list(closure.node.statements, closure.env);
  }

  /** `if (d.x(…)) return v;`: the statements of the closure, with `return v` for its `return true`. */
  #earlyExit(condition: ts.Expression, leave: ts.ReturnStatement, env: Env): readonly string[] | undefined {
    if (ts.isBinaryExpression(condition) && condition.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) {
      const present = this.#isPresent(condition.left, env);
      if (present !== undefined) return present ? this.#earlyExit(condition.right, leave, env) : [];
    }
    const isTest =
      ts.isBinaryExpression(condition) &&
      condition.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken &&
      condition.right.kind === ts.SyntaxKind.TrueKeyword;
    const tested = withoutParentheses(isTest ? condition.left : condition);
    const closure = this.#closureOf(ts.isAwaitExpression(tested) ? tested.expression : tested, env);
    if (closure === absent) return [];
    if (closure === undefined || !ts.isBlock(closure.node)) return undefined;
    const { statements } = closure.node;
    const last = statements.at(-1);
    for (const each of returnsIn(closure.node)) {
      if (each.expression?.kind === ts.SyntaxKind.TrueKeyword) this.#exits.set(each, () => [this.of(leave, env)]);
      else if (each === last && each.expression?.kind === ts.SyntaxKind.FalseKeyword) this.#exits.set(each, () => []);
      else throw new NotReducible('a closure that may end the helper answers something else than true or false');
    }
    return this.list(statements, closure.env);
  }

  /** `d.x !== undefined` for a field of a descriptor. */
  #isPresent(condition: ts.Expression, env: Env): boolean | undefined {
    const isTest =
      ts.isBinaryExpression(condition) && condition.operatorToken.kind === ts.SyntaxKind.ExclamationEqualsEqualsToken;
    if (!isTest || condition.right.getText() !== 'undefined') return undefined;
    const found = this.#fieldOf(condition.left, env);
    return found === undefined ? undefined : found !== absent;
  }

  /** The value of `d.x`, when d is a descriptor that was given. */
  #fieldOf(node: ts.Node, env: Env): Resolved {
    if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
    const meaning = env.find(node.expression.text);
    if (meaning?.kind !== 'object') return undefined;
    const value = meaning.fields.get(node.name.text);
    return value === undefined ? absent : { node: value, env: meaning.env };
  }

  /** What a name or a field stands for. */
  #resolve(node: ts.Node, env: Env): Resolved {
    if (ts.isParenthesizedExpression(node)) return this.#resolve(node.expression, env);
    if (ts.isIdentifier(node)) {
      const meaning = env.find(node.text);
      if (meaning?.kind === 'absent') return absent;
      return meaning?.kind === 'code' ? { node: meaning.node, env: meaning.env } : undefined;
    }
    return this.#fieldOf(node, env);
  }

  /** The body of the closure that a call runs, with its parameters bound; undefined when the call is no such call. */
  #closureOf(node: ts.Node, env: Env): Resolved {
    if (!ts.isCallExpression(node)) return undefined;
    const callee = this.#resolve(node.expression, env);
    if (callee === undefined || callee === absent) return callee;
    const arrow = callee.node;
    if (!ts.isArrowFunction(arrow)) return undefined;
    const isAsync = arrow.modifiers?.some((each) => each.kind === ts.SyntaxKind.AsyncKeyword) === true;
    const awaited = ts.isAwaitExpression(node.parent) && ts.isBlock(arrow.body);
    if (isAsync && !awaited) throw new NotReducible('an async closure is not awaited where it runs');
    const names = new Map<string, Meaning>();
    for (const [at, parameter] of arrow.parameters.entries()) {
      const argument = node.arguments[at];
      if (argument === undefined || !ts.isIdentifier(parameter.name))
        throw new NotReducible('a closure has parameters that are not given');
      if (!isPath(argument)) throw new NotReducible(`an argument of a closure is computed: ${argument.getText()}`);
      names.set(parameter.name.text, { kind: 'code', node: argument, env });
    }
    return { node: arrow.body, env: new Env(names, callee.env) };
  }

  of(node: ts.Node, env: Env): string {
    const placed = this.#placed;
    if (placed?.call === node) return this.of(placed.node, placed.env);
    if (ts.isParenthesizedExpression(node)) return this.of(node.expression, env);
    if (ts.isIdentifier(node)) return this.#identifier(node, env);
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return this.#text(node, env);
    if (ts.isShorthandPropertyAssignment(node)) return `prop(${node.name.text},${this.of(node.name, env)})`;
    if (ts.isPropertyAssignment(node)) return `prop(${node.name.getText()},${this.of(node.initializer, env)})`;
    if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName)) {
      const meaning = env.find(node.typeName.text);
      if (meaning?.kind === 'type') return meaning.text;
    }
    if (ts.isObjectLiteralExpression(node)) return `object(${this.#properties(node, env).join(',')})`;
    if (
      ts.isBindingElement(node) &&
      ts.isObjectBindingPattern(node.parent) &&
      node.propertyName === undefined &&
      node.dotDotDotToken === undefined
    ) {
      return this.#general(node, env, `name(${node.name.getText()}),`);
    }
    const field = this.#fieldOf(node, env);
    if (field === absent) return 'undefined';
    if (field !== undefined) return this.of(field.node, field.env);
    const closure = this.#closureOf(node, env);
    if (closure === absent) return 'undefined';
    if (closure !== undefined) {
      if (ts.isBlock(closure.node)) throw new NotReducible('a closure with statements is used as a value');
      return this.of(closure.node, closure.env);
    }
    if (ts.isBlock(node) || ts.isCaseOrDefaultClause(node)) return this.#clause(node, env);
    return this.#general(node, this.#inner(node, env));
  }

  #clause(node: ts.Block | ts.CaseOrDefaultClause, env: Env): string {
    const head = ts.isCaseClause(node) ? this.of(node.expression, env) : '';
    return `${ts.SyntaxKind[node.kind]}(${head};${this.list(node.statements, env).join(';')})`;
  }

  /** The scope that a function, a loop or a catch opens. */
  #inner(node: ts.Node, env: Env): Env {
    if (ts.isFunctionLike(node))
      return this.#scope(
        node.parameters.flatMap((each) => boundNames(each.name)),
        env,
      );
    if (ts.isCatchClause(node) && node.variableDeclaration !== undefined)
      return this.#scope(boundNames(node.variableDeclaration.name), env);
    const list = ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node) ? node.initializer : undefined;
    if (list === undefined || !ts.isVariableDeclarationList(list)) return env;
    return this.#scope(
      list.declarations.flatMap((each) => boundNames(each.name)),
      env,
    );
  }

  #general(node: ts.Node, env: Env, before = ''): string {
    const children: string[] = [];
    ts.forEachChild(node, (child) => {
      children.push(this.of(child, env));
    });
    const operator =
      ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node) || ts.isTypeOperatorNode(node)
        ? String(node.operator)
        : '';
    const flags = ts.isVariableDeclarationList(node) ? String(node.flags & ts.NodeFlags.BlockScoped) : '';
    const own = children.length === 0 ? node.getText() : before;
    return `${ts.SyntaxKind[node.kind]}${operator}${flags}(${own}${children.join(',')})`;
  }

  #identifier(node: ts.Identifier, env: Env): string {
    if (isNameOfMember(node)) return `name(${node.text})`;
    const meaning = env.find(node.text);
    if (meaning === undefined) return `free(${node.text})`;
    if (meaning.kind === 'local') return `local(${String(meaning.number())})`;
    if (meaning.kind === 'code') return this.of(meaning.node, meaning.env);
    if (meaning.kind === 'type') return meaning.text;
    if (meaning.kind === 'absent') return 'undefined';
    throw new NotReducible(`the descriptor is used as a whole: ${node.parent.getText()}`);
  }

  /** Properties in order; an object that is spread gives its own. */
  #properties(node: ts.ObjectLiteralExpression, env: Env): readonly string[] {
    return node.properties.flatMap((each): readonly string[] => {
      if (!ts.isSpreadAssignment(each)) return [this.of(each, env)];
      const closure = this.#closureOf(each.expression, env);
      const found = closure ?? this.#resolve(each.expression, env);
      if (found === absent) return [];
      if (found === undefined) return [this.of(each, env)];
      const literal = ts.isParenthesizedExpression(found.node) ? found.node.expression : found.node;
      return ts.isObjectLiteralExpression(literal)
        ? this.#properties(literal, found.env)
        : [`SpreadAssignment(${this.of(found.node, found.env)})`];
    });
  }

  #text(node: ts.StringLiteralLike | ts.TemplateExpression, env: Env): string {
    return `text(${this.#pieces(node, env)
      .map((piece) => (typeof piece === 'string' ? JSON.stringify(piece) : piece.code))
      .join('+')})`;
  }

  /** The texts and expressions of a template, with templates and texts inside of it joined. */
  #pieces(node: ts.StringLiteralLike | ts.TemplateExpression, env: Env): readonly (string | { readonly code: string })[] {
    if (ts.isStringLiteralLike(node)) return [node.text];
    const pieces: (string | { readonly code: string })[] = [];
    const add = (more: readonly (string | { readonly code: string })[]): void => {
      for (const piece of more) {
        const last = pieces.at(-1);
        if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece;
        else pieces.push(piece);
      }
    };
    add([node.head.text]);
    for (const span of node.templateSpans) {
      const found = this.#resolve(span.expression, env);
      const inner = found === undefined || found === absent ? { node: span.expression, env } : found;
      const isText = ts.isStringLiteralLike(inner.node) || ts.isTemplateExpression(inner.node);
      add(isText ? this.#pieces(inner.node, inner.env) : [{ code: this.of(inner.node, inner.env) }]);
      add([span.literal.text]);
    }
    return pieces;
  }
}

function withoutParentheses(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? withoutParentheses(node.expression) : node;
}

function returnsIn(node: ts.Node): readonly ts.ReturnStatement[] {
  if (ts.isReturnStatement(node)) return [node];
  if (ts.isFunctionLike(node)) return [];
  const found: ts.ReturnStatement[] = [];
  ts.forEachChild(node, (child) => {
    found.push(...returnsIn(child));
  });
  return found;
}

function isPath(node: ts.Expression): boolean {
  return (
    ts.isIdentifier(node) ||
    node.kind === ts.SyntaxKind.ThisKeyword ||
    (ts.isPropertyAccessExpression(node) && isPath(node.expression))
  );
}
