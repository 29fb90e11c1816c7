// One pass over a program that finds every use of every member: names, keys, patterns, spreads, object literals.
import { ts } from 'ts-morph';
import { accessOf, isOwnName, storedInto, useKindsOf } from './liveness-accesses.ts';
import { allProperties, isKeyArgument, keyedProperties, keyedType, modulePaths, modulePattern } from './liveness-keys.ts';
import type { AnalysedFile, MemberIndex } from './liveness-members.ts';
import type { Member, Use, UseKind, Variant } from './liveness-model.ts';
import type { VariantIndex } from './liveness-variants.ts';
import { isHandedOn } from './other-views.ts';

/** What the pass collects. */
export interface References {
  readonly uses: readonly Use[];
  /** Texts of string literals in code, with a place (in production when there is one): evidence of names used as data. */
  readonly strings: ReadonlyMap<string, ts.Node>;
  /** Assertions that let one type be used as another: `x as unknown as Shape`. */
  readonly casts: readonly { readonly from: ts.Type; readonly to: ts.Type }[];
}

/** Calls that look at all fields of their first argument. */
const wholeReaders =
  /^(?:JSON\.stringify|Object\.(?:keys|values|entries|assign|freeze|getOwnPropertyNames)|Reflect\.ownKeys|structuredClone)$/;

class ReferencePass {
  readonly uses: Use[] = [];
  readonly strings = new Map<string, ts.Node>();
  readonly casts: { from: ts.Type; to: ts.Type }[] = [];
  readonly #checker: ts.TypeChecker;
  readonly #members: MemberIndex;
  readonly #variants: VariantIndex;
  /** Local names of imported members that differ from the members' own. */
  #aliases = new Set<string>();
  /** Local names of whole modules. */
  #namespaces = new Set<string>();

  constructor(checker: ts.TypeChecker, members: MemberIndex, variants: VariantIndex) {
    this.#checker = checker;
    this.#members = members;
    this.#variants = variants;
  }

  file(file: AnalysedFile): void {
    const module = this.#members.modules.get(file.source);
    if (module === undefined) return;
    this.#aliases = new Set();
    this.#namespaces = new Set();
    for (const statement of file.source.statements) this.#visit(statement, module, undefined);
  }

  #visit(node: ts.Node, outer: Member, guard: Variant | undefined): void {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      this.#moduleEdge(node, outer);
      return;
    }
    const owner = this.#members.declaredAt(node) ?? outer;
    const within = ts.isCaseClause(node) ? (this.#variants.matchedBy(node) ?? guard) : guard;
    this.#note(node, owner, within);
    ts.forEachChild(node, (child) => this.#visit(child, owner, within));
  }

  #note(node: ts.Node, from: Member, guard: Variant | undefined): void {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) this.#identifier(node, from, guard);
    if (ts.isIdentifier(node) && this.#namespaces.has(node.text) && isHandedOn(node)) this.#handedOn(node, from, guard);
    else if (ts.isStringLiteralLike(node)) this.#string(node, from, guard);
    else if (ts.isElementAccessExpression(node)) this.#computedKey(node, from, guard);
    else if (ts.isSpreadAssignment(node)) this.#whole(node.expression, from, guard);
    else if (ts.isCallExpression(node)) this.#call(node, from, guard);
    else if (ts.isObjectLiteralExpression(node)) this.#variants.noteLiteral(node, from);
    else if (ts.isAsExpression(node)) this.#cast(node, from, guard);
  }

  #add(
    from: Member,
    targets: readonly Member[],
    place: { readonly kind: UseKind; readonly node: ts.Node; readonly guard: Variant | undefined },
  ): void {
    for (const to of targets) this.uses.push({ from, to, ...place });
  }

  #moduleEdge(node: ts.ImportDeclaration | ts.ExportDeclaration, from: Member): void {
    if (ts.isExportDeclaration(node)) this.#reExports(node, from);
    const specifier = node.moduleSpecifier;
    if (specifier === undefined) return;
    const target = this.#checker.getSymbolAtLocation(specifier)?.declarations?.find(ts.isSourceFile);
    const module = target === undefined ? undefined : this.#members.modules.get(target);
    const typeOnly = ts.isImportDeclaration(node)
      ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : node.isTypeOnly;
    if (module !== undefined && !typeOnly) this.#add(from, [module], { kind: 'loads', node, guard: undefined });
    if (ts.isImportDeclaration(node)) this.#noteAliases(node);
  }

  #reExports(node: ts.ExportDeclaration, from: Member): void {
    if (node.exportClause === undefined || !ts.isNamedExports(node.exportClause)) return;
    for (const each of node.exportClause.elements) {
      const local =
        node.moduleSpecifier === undefined
          ? this.#checker.getExportSpecifierLocalTargetSymbol(each)
          : this.#checker.getSymbolAtLocation(each.name);
      this.#add(from, this.#members.ofSymbol(this.#resolved(local)), { kind: 're-export', node: each, guard: undefined });
    }
  }

  #noteAliases(node: ts.ImportDeclaration): void {
    const clause = node.importClause;
    if (clause?.name !== undefined) this.#aliases.add(clause.name.text);
    if (clause?.namedBindings === undefined) return;
    if (ts.isNamespaceImport(clause.namedBindings)) {
      this.#namespaces.add(clause.namedBindings.name.text);
      return;
    }
    for (const each of clause.namedBindings.elements) {
      if (each.propertyName !== undefined) this.#aliases.add(each.name.text);
      if (this.#moduleNamed(each.name) !== undefined) this.#namespaces.add(each.name.text);
    }
  }

  /** The module an identifier stands for as a whole. */
  #moduleNamed(name: ts.Identifier): ts.Symbol | undefined {
    const symbol = this.#resolved(this.#checker.getSymbolAtLocation(name));
    return symbol?.declarations?.some(ts.isSourceFile) === true ? symbol : undefined;
  }

  /** A module as a value: whoever gets it may look every export up by a name it computes. */
  #handedOn(name: ts.Identifier, from: Member, guard: Variant | undefined): void {
    const module = this.#moduleNamed(name);
    if (module === undefined) return;
    const exports = this.#membersOf(this.#checker.getExportsOfModule(module));
    this.#add(from, exports, { kind: 'dynamic', node: name, guard });
  }

  #resolved(symbol: ts.Symbol | undefined): ts.Symbol | undefined {
    return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  #identifier(name: ts.Identifier | ts.PrivateIdentifier, from: Member, guard: Variant | undefined): void {
    if (!this.#members.byName.has(name.text) && !this.#aliases.has(name.text)) return;
    const parent = name.parent;
    if (isOwnName(name) || ts.isExportSpecifier(parent)) return;
    if (ts.isBindingElement(parent)) return this.#pattern(parent, name, from, guard);
    if (ts.isObjectLiteralExpression(parent.parent) && ts.isObjectLiteralElementLike(parent) && parent.name === name) {
      return this.#literalProperty(parent, name, from, guard);
    }
    const symbol = this.#resolved(this.#checker.getSymbolAtLocation(name));
    if (symbol === undefined) return this.#untyped(name, from, guard);
    if (isOfLiteralType(symbol)) this.#byName(name, from, guard);
    const targets = this.#members.ofSymbol(symbol);
    for (const kind of useKindsOf(name)) {
      const copied = kind === 'read' && this.#isCopy(name, targets);
      this.#add(from, targets, { kind: copied ? 'copy' : kind, node: name, guard });
    }
  }

  #isCopy(name: ts.Node, targets: readonly Member[]): boolean {
    const into = storedInto(accessOf(name));
    if (into === undefined || !ts.isIdentifier(into)) return false;
    const stored = ts.isPropertyAssignment(into.parent)
      ? this.#contextual(into)
      : this.#members.ofSymbol(this.#checker.getSymbolAtLocation(into));
    return targets.length > 0 && targets.every((each) => stored.includes(each));
  }

  /** `{ name }` or `{ name: local }` in a pattern reads the property. */
  #pattern(
    element: ts.BindingElement,
    name: ts.Identifier | ts.PrivateIdentifier,
    from: Member,
    guard: Variant | undefined,
  ): void {
    if (!ts.isObjectBindingPattern(element.parent)) return;
    const symbol = this.#checker.getTypeAtLocation(element.parent).getProperty(name.text);
    this.#add(from, this.#members.ofSymbol(symbol), { kind: 'read', node: name, guard });
  }

  /** A property of an object literal initialises the property of the type the literal is made for. */
  #literalProperty(
    element: ts.ObjectLiteralElementLike,
    name: ts.Identifier | ts.PrivateIdentifier,
    from: Member,
    guard: Variant | undefined,
  ): void {
    if (ts.isShorthandPropertyAssignment(element)) {
      const value = this.#resolved(this.#checker.getShorthandAssignmentValueSymbol(element));
      this.#add(from, this.#members.ofSymbol(value), { kind: 'read', node: name, guard });
    }
    this.#add(from, this.#contextual(name), { kind: 'initialise', node: name, guard });
  }

  #contextual(name: ts.Identifier | ts.PrivateIdentifier): readonly Member[] {
    const literal = name.parent.parent;
    if (!ts.isObjectLiteralExpression(literal)) return [];
    const type = this.#checker.getContextualType(literal);
    if (type === undefined) return [];
    const parts = type.isUnion() ? type.types : [type];
    return [...new Set(parts.flatMap((part) => this.#members.ofSymbol(part.getProperty(name.text))))];
  }

  /** A property of `any` may be any member of that name. */
  #untyped(name: ts.Identifier | ts.PrivateIdentifier, from: Member, guard: Variant | undefined): void {
    if (ts.isPropertyAccessExpression(name.parent) && name.parent.name === name) this.#byName(name, from, guard);
  }

  /** Any class member of that name may be meant. */
  #byName(name: ts.Identifier | ts.PrivateIdentifier | ts.StringLiteralLike, from: Member, guard: Variant | undefined): void {
    const targets = (this.#members.byName.get(name.text) ?? []).filter((each) => each.owner?.kind === 'class');
    this.#add(from, targets, { kind: 'dynamic', node: name, guard });
  }

  #string(node: ts.StringLiteralLike, from: Member, guard: Variant | undefined): void {
    this.#namedModule(node, from);
    if (!this.#members.byName.has(node.text)) return;
    if (isKeyArgument(this.#checker, node)) this.#byName(node, from, guard);
    const parent = node.parent;
    const known = this.strings.get(node.text);
    const better = known === undefined || (!from.test && this.#members.enclosing(known)?.test === true);
    if (better && !ts.isElementAccessExpression(parent)) this.strings.set(node.text, node);
    if (ts.isElementAccessExpression(parent)) {
      const targets = this.#members.ofSymbol(this.#checker.getSymbolAtLocation(node));
      for (const kind of useKindsOf(node)) this.#add(from, targets, { kind, node, guard });
    }
    const object = keyedType(node);
    if (object === undefined) return;
    const property = this.#checker.getTypeFromTypeNode(object).getProperty(node.text);
    this.#add(from, this.#members.ofSymbol(property), { kind: 'type', node, guard });
  }

  /** A string that is the path of a module lets somebody load it: a worker, a child process, a mock. */
  #namedModule(node: ts.StringLiteralLike, from: Member): void {
    const paths = modulePaths(node);
    if (paths.length === 0) return;
    for (const [file, module] of this.#members.modules) {
      if (paths.includes(file.fileName)) this.#add(from, [module], { kind: 'loads', node, guard: undefined });
    }
  }

  /** `x[key]` reaches the members the key's type names, or all of them. */
  #computedKey(node: ts.ElementAccessExpression, from: Member, guard: Variant | undefined): void {
    if (ts.isStringLiteralLike(node.argumentExpression) || ts.isNumericLiteral(node.argumentExpression)) return;
    const object = this.#checker.getTypeAtLocation(node.expression);
    const key = this.#checker.getTypeAtLocation(node.argumentExpression);
    this.#add(from, this.#keyed(object, key), { kind: 'dynamic', node, guard });
  }

  #keyed(object: ts.Type, key: ts.Type): readonly Member[] {
    return this.#membersOf(keyedProperties(this.#checker, object, key));
  }

  #membersOf(symbols: readonly ts.Symbol[]): readonly Member[] {
    return symbols.flatMap((symbol) => this.#members.ofSymbol(this.#resolved(symbol)));
  }

  #whole(expression: ts.Expression, from: Member, guard: Variant | undefined): void {
    const properties = allProperties(this.#checker, this.#checker.getTypeAtLocation(expression));
    this.#add(from, this.#membersOf(properties), { kind: 'whole', node: expression, guard });
  }

  #call(node: ts.CallExpression, from: Member, guard: Variant | undefined): void {
    const callee = node.expression.getText();
    const [first, key] = node.arguments;
    if (first === undefined) return;
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return this.#dynamicImport(first, from);
    if (wholeReaders.test(callee)) for (const argument of node.arguments) this.#whole(argument, from, guard);
    if (key === undefined || !/^Reflect\.(?:get|has|set)$/.test(callee)) return;
    const targets = this.#keyed(this.#checker.getTypeAtLocation(first), this.#checker.getTypeAtLocation(key));
    this.#add(from, targets, { kind: 'dynamic', node, guard });
  }

  #dynamicImport(specifier: ts.Expression, from: Member): void {
    const target = this.#checker.getSymbolAtLocation(specifier)?.declarations?.find(ts.isSourceFile);
    const module = target === undefined ? undefined : this.#members.modules.get(target);
    if (module !== undefined) this.#add(from, [module], { kind: 'loads', node: specifier, guard: undefined });
    const pattern = modulePattern(specifier);
    if (pattern === undefined) return;
    for (const [file, each] of this.#members.modules) {
      if (!pattern.test(file.fileName)) continue;
      const symbol = this.#checker.getSymbolAtLocation(file);
      const exports = symbol === undefined ? [] : this.#membersOf(this.#checker.getExportsOfModule(symbol));
      this.#add(from, [each], { kind: 'loads', node: specifier, guard: undefined });
      this.#add(from, exports, { kind: 'dynamic', node: specifier, guard: undefined });
    }
  }

  #cast(node: ts.AsExpression, owner: Member, guard: Variant | undefined): void {
    const inner = innermost(node.expression);
    if (ts.isConstTypeReference(node.type) || inner.kind === ts.SyntaxKind.ObjectLiteralExpression) return;
    const from = this.#checker.getTypeAtLocation(inner);
    const to = this.#checker.getTypeFromTypeNode(node.type);
    this.#variants.noteAssertion(from, to, node);
    if (from.symbol !== undefined && to.symbol !== undefined && from.symbol !== to.symbol) this.casts.push({ from, to });
    // A type of any keys: each member may be looked up by a name that is computed.
    if (this.#checker.getIndexInfoOfType(to, ts.IndexKind.String) === undefined || isOpen(this.#checker, from)) return;
    this.#add(owner, this.#membersOf(allProperties(this.#checker, from)), { kind: 'dynamic', node, guard });
  }
}

/** A property of a type written in place: any class may fit it. Variants of unions are values, not classes. */
function isOfLiteralType(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((each) => {
    const literal = ts.isPropertySignature(each) || ts.isMethodSignature(each) ? each.parent : undefined;
    return literal !== undefined && ts.isTypeLiteralNode(literal) && !ts.isUnionTypeNode(literal.parent);
  });
}

/** A type that says nothing about its members, or allows any. */
function isOpen(checker: ts.TypeChecker, type: ts.Type): boolean {
  const unknown = (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
  return unknown || checker.getIndexInfoOfType(type, ts.IndexKind.String) !== undefined;
}

function innermost(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) || ts.isParenthesizedExpression(node) ? innermost(node.expression) : node;
}

/** Finds all uses in one pass over the files. */
export function findReferences(
  checker: ts.TypeChecker,
  files: readonly AnalysedFile[],
  members: MemberIndex,
  variants: VariantIndex,
): References {
  const pass = new ReferencePass(checker, members, variants);
  for (const file of files) pass.file(file);
  return pass;
}
