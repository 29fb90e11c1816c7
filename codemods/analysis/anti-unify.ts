// Least general generalisation of near-clones: walks their trees side by side and lists where they differ.
import { type Expression, Node, type Statement, type Symbol as TsSymbol, SyntaxKind, ts } from 'ts-morph';
import { alignLists, type Column, treeTokens } from './clone-alignment.ts';
import { tokensOf } from './code-tokens.ts';
import { splitWords, type TextPart } from './split-words.ts';

/** Where in the first clone something stands that it may not have itself: at an offset, in a list with this many elements. */
export interface Anchor {
  readonly offset: number;
  /** Whether an element of the list stands behind the offset. */
  readonly hasNext: boolean;
}

/** A place where the clones differ. `cells` has one entry for each clone. */
export type Difference =
  | { readonly kind: 'expression'; readonly cells: readonly Expression[] }
  | { readonly kind: 'type'; readonly cells: readonly Node[] }
  /** Texts with the same number of `${…}`: `chunks` are the parts between them, split into words. */
  | { readonly kind: 'literal'; readonly cells: readonly Node[]; readonly chunks: readonly (readonly TextPart[])[] }
  | {
      readonly kind: 'properties';
      readonly cells: readonly (readonly Node[])[];
      readonly literals: readonly Node[];
      readonly anchor: Anchor;
    }
  | { readonly kind: 'statements'; readonly cells: readonly (readonly Statement[])[]; readonly anchor: Anchor };

/** `undefined`: the difference cannot stand here, the node around it has to differ as a whole. */
type Differences = readonly Difference[] | undefined;

/** Names that the clones gave to the same local variable, as the first clone calls it. */
export class LocalNames {
  readonly #names = new Map<TsSymbol, string>();

  pair(declared: Node, base: string): void {
    const symbol = declared.getSymbol();
    if (symbol !== undefined) this.#names.set(symbol, base);
  }

  nameOf(identifier: Node): string {
    const text = identifier.getText();
    if (this.#names.size === 0) return text;
    const parent = identifier.getParent();
    const symbol = Node.isShorthandPropertyAssignment(parent) ? parent.getValueSymbol() : identifier.getSymbol();
    return (symbol === undefined ? undefined : this.#names.get(symbol)) ?? text;
  }
}

function leavesOf(node: Node, names: LocalNames): readonly string[] {
  const children = node.forEachChildAsArray();
  if (Node.isIdentifier(node)) return [names.nameOf(node)];
  if (children.length === 0) return tokensOf(node.getText());
  return node.getChildren().flatMap((child) => (Node.isJSDoc(child) ? [] : leavesOf(child, names)));
}

function say(nodes: readonly Node[], names: LocalNames): string {
  return nodes
    .flatMap((node) => leavesOf(node, names))
    .filter((leaf) => leaf !== ',')
    .join(' ');
}

function allEqual(texts: readonly string[]): boolean {
  return texts.every((text) => text === texts[0]);
}

function isDeclaredName(node: Node): boolean {
  const parent = node.getParent();
  const declares = Node.isVariableDeclaration(parent) || Node.isParameterDeclaration(parent) || Node.isBindingElement(parent);
  return declares && parent.getNameNode() === node;
}

/** `f` of `f(x)`: a difference there is one of the whole call, so that `this` of a method stays what it is. */
function isCallee(node: Node): boolean {
  const parent = node.getParent();
  return (Node.isCallExpression(parent) || Node.isNewExpression(parent)) && parent.getExpression() === node;
}

function isAssigned(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isBinaryExpression(parent) && parent.getLeft() === node) {
    const operator = parent.getOperatorToken().getKind();
    return operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment;
  }
  return Node.isPostfixUnaryExpression(parent) || Node.isPrefixUnaryExpression(parent) || Node.isDeleteExpression(parent);
}

/** Whether a value may come from elsewhere at this place. */
function canBeHole(node: Node): node is Expression {
  if (!Node.isExpression(node) || isType(node) || isCallee(node) || isAssigned(node) || Node.isSpreadElement(node)) return false;
  const parent = node.getParent();
  if (Node.isPropertyAccessExpression(parent) && parent.getNameNode() === node) return false;
  if (Node.isTypeNode(parent) || Node.isQualifiedName(parent)) return false;
  if (isDeclaredName(node) || Node.isPropertyAssignment(parent) || Node.isShorthandPropertyAssignment(parent)) {
    return Node.isPropertyAssignment(parent) && parent.getInitializer() === node;
  }
  return !Node.isCaseClause(parent) && !Node.isLabeledStatement(parent);
}

/** `x` of `x.f()`: objects of different classes do not share the call. */
function isReceiver(node: Node): boolean {
  const parent = node.getParent();
  return Node.isPropertyAccessExpression(parent) && parent.getExpression() === node && isCallee(parent);
}

/** Keywords such as `string` count, the base of a class does not. */
function isType(node: Node): boolean {
  return ts.isTypeNode(node.compilerNode) && !Node.isExpressionWithTypeArguments(node);
}

/** The whole nodes as a hole, where that is possible. */
function wholeHole(cells: readonly Node[]): Differences {
  if (cells.every(isType)) return [{ kind: 'type', cells }];
  if (cells.some(isReceiver) && !allEqual(cells.map((cell) => cell.getType().getText(cell)))) return undefined;
  const expressions = cells.filter(canBeHole);
  return expressions.length === cells.length ? [{ kind: 'expression', cells: expressions }] : undefined;
}

function chunksOf(node: Node): readonly string[] | undefined {
  if (Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node)) return [node.getLiteralText()];
  if (!Node.isTemplateExpression(node)) return undefined;
  return [node.getHead().getLiteralText(), ...node.getTemplateSpans().map((span) => span.getLiteral().getLiteralText())];
}

/** A place where only one of a few texts is allowed: the type of the place lists them. */
export function isLiteralPlace(node: Node): boolean {
  if (!Node.isExpression(node)) return false;
  const type = node.getContextualType();
  return type !== undefined && (type.isUnion() ? type.getUnionTypes() : [type]).some((part) => part.isStringLiteral());
}

export class AntiUnifier {
  readonly names = new LocalNames();

  #texts(cells: readonly Node[]): Differences {
    const chunks = cells.map(chunksOf).filter((each) => each !== undefined);
    const count = chunks[0]?.length ?? 0;
    if (chunks.length < cells.length || chunks.some((each) => each.length !== count) || cells.some(isLiteralPlace))
      return undefined;
    const split = Array.from({ length: count }, (_, at) => splitWords(chunks.map((each) => each[at] ?? '')));
    const spans = cells.map((cell) =>
      Node.isTemplateExpression(cell) ? cell.getTemplateSpans().map((span) => span.getExpression()) : [],
    );
    const inner = (spans[0] ?? []).map((_, at) => this.unify(spans.flatMap((each) => each[at] ?? [])));
    if (inner.some((each) => each === undefined)) return undefined;
    const own: readonly Difference[] = split.some((parts) => parts.some((part) => typeof part !== 'string'))
      ? [{ kind: 'literal', cells, chunks: split }]
      : [];
    return [...own, ...inner.flatMap((each) => each ?? [])];
  }

  /** The differences of nodes that stand at the same place of their clones. */
  unify(cells: readonly Node[]): Differences {
    const [base] = cells;
    if (base === undefined || allEqual(cells.map((cell) => say([cell], this.names)))) return [];
    const texts = this.#texts(cells);
    if (texts !== undefined) return texts;
    if (Node.isIdentifier(base) && cells.every((cell) => Node.isIdentifier(cell) && isDeclaredName(cell))) {
      for (const cell of cells.slice(1)) this.names.pair(cell, base.getText());
      return [];
    }
    if (cells.some((cell) => cell.getKind() !== base.getKind())) return wholeHole(cells);
    return this.#inside(cells) ?? wholeHole(cells);
  }

  #inside(cells: readonly Node[]): Differences {
    const blocks = cells.filter((cell) => Node.isBlock(cell) || Node.isCaseClause(cell) || Node.isDefaultClause(cell));
    if (blocks.length === cells.length) {
      const heads = blocks.map((cell) => (Node.isCaseClause(cell) ? cell.getExpression().getText() : ''));
      return allEqual(heads) ? this.statements(blocks.map((cell) => cell.getStatements())) : undefined;
    }
    const literals = cells.filter(Node.isObjectLiteralExpression);
    if (literals.length === cells.length) return this.#properties(literals);
    const children = cells.map((cell) => cell.forEachChildAsArray());
    const count = children[0]?.length ?? 0;
    if (count === 0 || children.some((each) => each.length !== count)) return undefined;
    if (!allEqual(cells.map((cell) => tokensAround(cell)))) return undefined;
    return this.#all(children, count);
  }

  #all(children: readonly (readonly Node[])[], count: number): Differences {
    const found: Difference[] = [];
    for (let at = 0; at < count; at += 1) {
      const inner = this.unify(children.flatMap((each) => each[at] ?? []));
      if (inner === undefined) return undefined;
      found.push(...inner);
    }
    return found;
  }

  /** Differences of statement lists: those of statements that belong together, and runs that only some clones have. */
  statements(lists: readonly (readonly Statement[])[]): Differences {
    const items = lists.map((list) =>
      list.map((node) => ({ kind: node.getKindName(), tokens: treeTokens(node.getText()), node })),
    );
    return this.#list<Statement>(
      alignLists(items).map((column) => column.map((cell) => cell?.node)),
      (cells, anchor) => ({ kind: 'statements', cells, anchor }),
    );
  }

  #properties(literals: readonly Node[]): Differences {
    const lists = literals.map((literal) => (Node.isObjectLiteralExpression(literal) ? literal.getProperties() : []));
    if (lists.flat().some((each) => !Node.isPropertyAssignment(each) && !Node.isShorthandPropertyAssignment(each)))
      return undefined;
    const nameOf = (node: Node): string =>
      Node.isPropertyAssignment(node) || Node.isShorthandPropertyAssignment(node) ? node.getName() : '';
    const items = lists.map((list) => list.map((node: Node) => ({ kind: nameOf(node), tokens: [nameOf(node)], node })));
    const columns = alignLists(items).map((column) => column.map((cell) => cell?.node));
    const found = this.#list(columns, (cells, anchor): Difference => ({ kind: 'properties', cells, literals, anchor }));
    return found?.some((each) => each.kind === 'expression' && each.cells.some((cell) => isDiscriminant(cell, literals))) === true
      ? undefined
      : found;
  }

  /** Columns in order; neighbouring ones that do not fit together become one run. */
  #list<T extends Node>(
    columns: readonly Column<T>[],
    run: (cells: readonly (readonly T[])[], anchor: Anchor) => Difference,
  ): Differences {
    const verdicts = columns.map((column): Differences => {
      const present = column.filter((cell) => cell !== undefined);
      return present.length === column.length ? this.unify(present) : undefined;
    });
    const found: Difference[] = [];
    for (let at = 0; at < columns.length;) {
      const end = verdicts[at] === undefined ? endOfRun(columns, verdicts, at) : at;
      if (end === at) {
        found.push(...(verdicts[at] ?? []));
        at += 1;
      } else {
        found.push(run(cellsOf(columns.slice(at, end)), anchorOf(columns, at, end)));
        at = end;
      }
    }
    return found;
  }
}

function cellsOf<T extends Node>(columns: readonly Column<T>[]): readonly (readonly T[])[] {
  return (columns[0] ?? []).map((_, clone) => columns.flatMap((column) => column[clone] ?? []));
}

/** Where a run of columns stands in the first clone. */
function anchorOf<T extends Node>(columns: readonly Column<T>[], from: number, to: number): Anchor {
  const own = columns.slice(from, to).flatMap((column) => column[0] ?? [])[0];
  const next = columns[to]?.[0];
  const previous = columns.slice(0, from).findLast((column) => column[0] !== undefined)?.[0];
  return { offset: own?.getStart() ?? next?.getStart() ?? previous?.getEnd() ?? -1, hasNext: next !== undefined };
}

/** Past the last column that belongs to the run: the columns that differ, and those that use what the run declares. */
function endOfRun<T extends Node>(columns: readonly Column<T>[], verdicts: readonly Differences[], from: number): number {
  let end = from + 1;
  for (;;) {
    while (end < columns.length && verdicts[end] === undefined) end += 1;
    const declared = columns
      .slice(from, end)
      .map((column) => column.map((cell) => (cell === undefined ? [] : declaredNames(cell))));
    const last = columns.findLastIndex(
      (column, at) =>
        at >= end &&
        column.some((cell, clone) => cell !== undefined && declared.some((names) => usesAny(cell, names[clone] ?? []))),
    );
    if (last < end) return end;
    end = last + 1;
  }
}

/** Variables that a statement declares for those behind it. */
function declaredNames(statement: Node): readonly string[] {
  if (!Node.isVariableStatement(statement)) return [];
  return statement.getDeclarations().flatMap((each) => {
    const name = each.getNameNode();
    return Node.isIdentifier(name)
      ? [name.getText()]
      : name
          .getDescendants()
          .filter(Node.isIdentifier)
          .map((one) => one.getText());
  });
}

function usesAny(node: Node, names: readonly string[]): boolean {
  return names.length > 0 && node.getDescendants().some((each) => Node.isIdentifier(each) && names.includes(each.getText()));
}

/** The tokens of a node that are not in its children: operators, keywords, modifiers. */
function tokensAround(node: Node): string {
  const children = new Set(node.forEachChildAsArray());
  return node
    .getChildren()
    .filter((child) => !children.has(child) && child.getKind() !== SyntaxKind.SyntaxList && !Node.isIdentifier(child))
    .map((child) => child.getText())
    .join(' ');
}

/** A property that says which member of a union the literal is: the rest of the literal depends on it. */
function isDiscriminant(cell: Node, literals: readonly Node[]): boolean {
  const property = cell.getParent();
  const literal = property?.getParent();
  if (literal === undefined || !literals.includes(literal) || !Node.isExpression(literal)) return false;
  const union = literal.getContextualType();
  return (
    union !== undefined &&
    union.isUnion() &&
    union.getUnionTypes().filter((part) => part.isObject()).length > 1 &&
    isLiteralPlace(cell)
  );
}
