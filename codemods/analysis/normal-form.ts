// The normal form of code for comparing two pieces that should do the same: layout, quotes, parentheses, shorthand and
// the names of local variables do not show in it; descriptors and closures given to it are put in place.
import { ts } from '../kernel/parse-source.ts';
import {
  boundNames,
  declaredIn,
  isBareBody,
  isInList,
  isNameOfMember,
  isPath,
  returnsIn,
  withoutParentheses,
} from './normal-form-syntax.ts';

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

/** A statement around a call: what the callee returns at its end is put in the call's place. */
export interface Surrounding {
  readonly statement: ts.Statement;
  readonly call: ts.Node;
}

/** A call that is replaced by what its callee does, together with the statements that only take its result apart. */
export interface Expansion {
  readonly at: ts.Statement;
  readonly takes: readonly ts.Statement[];
  /** The statements that run instead. What the taken statements declare goes into `bound`. */
  expand(form: NormalForm, env: Env, bound: Map<string, Meaning>): readonly string[];
}

/** A list of statements read in another order. */
export interface Order {
  readonly list: ts.Node;
  readonly statements: readonly ts.Statement[];
}

export class NormalForm {
  readonly #expansion: Expansion | undefined;
  readonly #order: Order | undefined;
  #locals = 0;
  #expanded = false;
  /** Returns of closures, and what they are in the helper. */
  readonly #exits = new Map<ts.ReturnStatement, (env: Env) => readonly string[]>();
  #placed: (Found & { readonly call: ts.Node }) | undefined;

  constructor(changes: { readonly expansion?: Expansion; readonly order?: Order } = {}) {
    this.#expansion = changes.expansion;
    this.#order = changes.order;
  }

  #scope(names: readonly string[], outer: Env): Env {
    const meanings = names.map((name): readonly [string, Meaning] => {
      let number: number | undefined;
      return [name, { kind: 'local', number: () => (number ??= this.#locals++) }];
    });
    return meanings.length === 0 ? outer : new Env(new Map(meanings), outer);
  }

  /** The statements of one list, those of inlined closures among them. */
  list(statements: readonly ts.Node[], outer: Env): readonly string[] {
    const expansion = this.#expansion;
    const at = expansion === undefined ? -1 : statements.indexOf(expansion.at);
    if (expansion === undefined || at < 0) return this.each(statements, this.scoped(statements, outer));
    const before = statements.slice(0, at);
    const after = statements.slice(at + Math.max(1, expansion.takes.length));
    const taken = new Set<ts.Node>(expansion.takes);
    const bound = new Map<string, Meaning>();
    const others = statements.filter((each) => !taken.has(each));
    const env = new Env(bound, this.scoped(others, outer));
    const first = this.each(before, env);
    const instead = expansion.expand(this, env, bound);
    return [...first, ...instead, ...this.each(after, env)];
  }

  /** The names that statements of one list declare. */
  scoped(statements: readonly ts.Node[], outer: Env): Env {
    return this.#scope(declaredIn(statements), outer);
  }

  /** Statements whose names are in scope already. */
  each(statements: readonly ts.Node[], env: Env): readonly string[] {
    return statements.flatMap((each) => this.#statement(each, env));
  }

  /** From now on `node` stands where `call` stands. */
  place(call: ts.Node, node: ts.Node, env: Env): void {
    this.#placed = { call, node, env };
  }

  /** What a return is where its function runs in the place of a call. */
  exitBy(node: ts.ReturnStatement, statements: (env: Env) => readonly string[]): void {
    this.#exits.set(node, statements);
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
    if (ts.isReturnStatement(node) && this.#exits.has(node)) return this.#exits.get(node)?.(env) ?? [];
    if (node === this.#expansion?.at && !isInList(node) && !this.#expanded) {
      this.#expanded = true;
      return this.#expansion.expand(this, env, new Map());
    }
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
    const sizes = ts.isBinaryExpression(node) ? this.#sizes(node, env) : undefined;
    if (sizes !== undefined) return sizes;
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
    const statements = this.#order?.list === node ? this.#order.statements : node.statements;
    return `${ts.SyntaxKind[node.kind]}(${head};${this.list(statements, env).join(';')})`;
  }

  /** `a.length !== b.length`, either way round, and `a.length - b.length !== 0`, which says the same of two sizes. */
  #sizes(node: ts.BinaryExpression, env: Env): string | undefined {
    const operator = node.operatorToken.kind;
    const isEquality =
      operator === ts.SyntaxKind.EqualsEqualsEqualsToken || operator === ts.SyntaxKind.ExclamationEqualsEqualsToken;
    if (!isEquality) return undefined;
    const found = node.right.getText() === '0' ? this.#resolve(node.left, env) : undefined;
    const difference = found === absent ? undefined : differenceIn(found);
    const [left, right] = difference?.operands ?? [node.left, node.right];
    if (!isSize(left) || !isSize(right)) return undefined;
    const scope = difference?.env ?? env;
    return `sizes(${String(operator)},${[this.of(left, scope), this.of(right, scope)].toSorted().join(',')})`;
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
      children.push(isBareBody(child) ? `Block(;${this.#statement(child, env).join(';')})` : this.of(child, env));
    });
    const operator =
      ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node) || ts.isTypeOperatorNode(node)
        ? String(node.operator)
        : '';
    const flags = ts.isVariableDeclarationList(node) ? String(node.flags & ts.NodeFlags.BlockScoped) : '';
    const isJump = ts.isReturnStatement(node) || ts.isBreakOrContinueStatement(node);
    // `(a?.b).c` is no `a?.b.c`: there the whole chain ends early.
    const chained = (node.flags & ts.NodeFlags.OptionalChain) === 0 ? '' : '?';
    const own = children.length === 0 && !isJump ? node.getText() : before;
    return `${ts.SyntaxKind[node.kind]}${operator}${flags}${chained}(${own}${children.join(',')})`;
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

function isSize(node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && ['length', 'size'].includes(node.name.text);
}

function differenceIn(
  found: Found | undefined,
): { readonly operands: readonly [ts.Expression, ts.Expression]; readonly env: Env } | undefined {
  const { node, env } = found ?? {};
  if (node === undefined || env === undefined || !ts.isBinaryExpression(node)) return undefined;
  return node.operatorToken.kind === ts.SyntaxKind.MinusToken ? { operands: [node.left, node.right], env } : undefined;
}
