// Where objects of a class, or the exports of a module, are seen as something else: there a member is reached without a reference to it.
import { type ClassDeclaration, type InterfaceDeclaration, type Node, type SourceFile, ts } from 'ts-morph';
import { lineOf, walk } from '../kernel/parse-source.ts';
import type { Place } from '../kernel/refusal.ts';
import type { Workspace } from '../kernel/workspace.ts';

/** One such place. */
export interface OtherView extends Place {
  /** The code that stands there. */
  readonly text: string;
}

/** A member whose other views are looked for. */
interface Wanted {
  readonly checker: ts.TypeChecker;
  readonly symbol: ts.Symbol;
  /** The type of an object of the class. */
  readonly type: ts.Type;
  readonly member: string;
}

/** Characters of code a message quotes. */
const LONGEST_QUOTE = 80;

const notAnObject = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Never;

function firstPlace(workspace: Workspace, finds: (node: ts.Node) => boolean): OtherView | undefined {
  for (const file of workspace.sourceFiles()) {
    let found: ts.Node | undefined;
    walk(file.compilerNode, (node) => {
      if (found === undefined && finds(node)) found = node;
    });
    if (found === undefined) continue;
    return {
      path: file.getFilePath(),
      line: lineOf(file.compilerNode, found.getStart()),
      text: found.getText().slice(0, LONGEST_QUOTE),
    };
  }
  return undefined;
}

function wantedOf(workspace: Workspace, owner: ClassDeclaration | InterfaceDeclaration, member: string): Wanted | undefined {
  const checker = workspace.project.getTypeChecker().compilerObject;
  const symbol = owner.getSymbol()?.compilerSymbol;
  return symbol === undefined ? undefined : { checker, symbol, type: checker.getDeclaredTypeOfSymbol(symbol), member };
}

function innermost(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) || ts.isParenthesizedExpression(node) || ts.isTypeAssertionExpression(node)
    ? innermost(node.expression)
    : node;
}

/** Objects of the type may be objects of the class. */
function holdsOwner({ checker, type }: Wanted, held: ts.Type): boolean {
  const parts = held.isUnion() ? held.types : [held];
  return parts.some((part) => (part.flags & notAnObject) === 0 && checker.isTypeAssignableTo(part, type));
}

/** What is done with the value at once, `(x as T).name` or `(x as T)['name']`: the name; undefined when it is handed on. */
function nameTakenFrom(node: ts.Node): string | undefined {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return nameTakenFrom(parent);
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) return parent.name.text;
  const key = ts.isElementAccessExpression(parent) && parent.expression === node ? parent.argumentExpression : undefined;
  return key !== undefined && ts.isStringLiteralLike(key) ? key.text : undefined;
}

function isClassBelow({ symbol }: Wanted, type: ts.Type): boolean {
  if (type.symbol === symbol) return true;
  return (type.getBaseTypes() ?? []).some((base) => base.symbol === symbol);
}

/** `x as unknown as T`, where T has a member of that name that is not the class's own. */
function isCast(wanted: Wanted, node: ts.Node): boolean {
  if (!ts.isAsExpression(node) && !ts.isTypeAssertionExpression(node)) return false;
  if (ts.isConstTypeReference(node.type)) return false;
  const { checker, member } = wanted;
  const to = checker.getTypeFromTypeNode(node.type);
  if ((to.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Never)) !== 0 || isClassBelow(wanted, to)) return false;
  const open = (to.flags & ts.TypeFlags.Any) !== 0 || checker.getIndexInfoOfType(to, ts.IndexKind.String) !== undefined;
  if (!open && checker.getPropertyOfType(to, member) === undefined) return false;
  const taken = nameTakenFrom(node);
  if (taken !== undefined && taken !== member) return false;
  return holdsOwner(wanted, checker.getTypeAtLocation(innermost(node.expression)));
}

/** `x.member` on a value whose type says nothing. */
function isUntypedUse({ checker, member }: Wanted, node: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== member) return false;
  return (checker.getTypeAtLocation(node.expression).flags & ts.TypeFlags.Any) !== 0;
}

/** `'member' in x`. */
function isPresenceTest(wanted: Wanted, node: ts.Node): boolean {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.InKeyword) return false;
  if (!ts.isStringLiteralLike(node.left) || node.left.text !== wanted.member) return false;
  const right = wanted.checker.getTypeAtLocation(node.right);
  return (right.flags & notAnObject) !== 0 || wanted.checker.isTypeAssignableTo(wanted.type, right) || holdsOwner(wanted, right);
}

/** The first place where the member of the class is reached through an assertion, an untyped value, or `in`. */
export function hiddenUseOf(
  workspace: Workspace,
  owner: ClassDeclaration | InterfaceDeclaration,
  member: string,
): OtherView | undefined {
  const wanted = wantedOf(workspace, owner, member);
  if (wanted === undefined) return undefined;
  return firstPlace(workspace, (node) => isCast(wanted, node) || isUntypedUse(wanted, node) || isPresenceTest(wanted, node));
}

/** Calls that show the names of all fields of what they get. */
const listers = /^(?:JSON\.stringify|Object\.(?:keys|values|entries)|Reflect\.ownKeys|console\.\w+)$/;

/** How far into arrays and fields of a value an object is looked for. */
const DEEPEST = 3;

/** Whether the value, or one in it, has this very field. */
function carries(checker: ts.TypeChecker, type: ts.Type, field: ts.Declaration, depth = 0): boolean {
  if (depth > DEEPEST || (type.flags & ts.TypeFlags.Object) === 0) {
    return type.isUnionOrIntersection() && type.types.some((part) => carries(checker, part, field, depth));
  }
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    // The checker has just said that it is a reference to an array or tuple.
    return checker.getTypeArguments(type as ts.TypeReference).some((item) => carries(checker, item, field, depth + 1));
  }
  if (type.getCallSignatures().length > 0) return false;
  return checker.getPropertiesOfType(type).some((property) => {
    if (property.declarations?.includes(field) === true) return true;
    return carries(checker, checker.getTypeOfSymbol(property), field, depth + 1);
  });
}

/** The first place where all fields of a value are shown by name, the field among them. */
export function listingOf(workspace: Workspace, field: Node): OtherView | undefined {
  const checker = workspace.project.getTypeChecker().compilerObject;
  // Only declarations of fields are asked for.
  const declaration = field.compilerNode as ts.Declaration;
  return firstPlace(workspace, (node) => {
    if (ts.isForInStatement(node)) return carries(checker, checker.getTypeAtLocation(node.expression), declaration);
    if (!ts.isCallExpression(node) || !listers.test(node.expression.getText())) return false;
    return node.arguments.some((argument) => carries(checker, checker.getTypeAtLocation(argument), declaration));
  });
}

/** A type written elsewhere that has the member, and that objects of the class fit without naming it. */
export function shapeWith(workspace: Workspace, owner: ClassDeclaration, member: string): OtherView | undefined {
  const wanted = wantedOf(workspace, owner, member);
  if (wanted === undefined) return undefined;
  const { checker, symbol, type } = wanted;
  return firstPlace(workspace, (node) => {
    if (!ts.isInterfaceDeclaration(node) && !ts.isTypeLiteralNode(node) && !ts.isClassDeclaration(node)) return false;
    const other = checker.getTypeAtLocation(node);
    if (other.symbol === symbol || !node.members.some((each) => each.name?.getText() === member)) return false;
    return !isClassBelow(wanted, other) && checker.isTypeAssignableTo(type, other);
  });
}

/** What `.name` is read of: the expression before the dot; of `x.constructor` the `x`. */
function namedValue(node: ts.Node): { readonly value: ts.Expression; readonly ofObject: boolean } | undefined {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'name') return undefined;
  const value = node.expression;
  if (!ts.isPropertyAccessExpression(value) || value.name.text !== 'constructor') return { value, ofObject: false };
  return { value: value.expression, ofObject: true };
}

/** The first place where the name of the class or function itself is read while the program runs. */
export function nameReadOf(workspace: Workspace, declaration: Node): OtherView | undefined {
  const checker = workspace.project.getTypeChecker().compilerObject;
  const symbol = declaration.getSymbol()?.compilerSymbol;
  if (symbol === undefined) return undefined;
  const object = (symbol.flags & ts.SymbolFlags.Class) === 0 ? undefined : checker.getDeclaredTypeOfSymbol(symbol);
  return firstPlace(workspace, (node) => {
    const read = namedValue(node);
    if (read === undefined) return false;
    const named = checker.getSymbolAtLocation(read.value);
    const origin = named !== undefined && (named.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(named) : named;
    if (!read.ofObject) return origin === symbol;
    const held = checker.getTypeAtLocation(read.value);
    return object !== undefined && holdsOwner({ checker, symbol, type: object, member: '' }, held);
  });
}

/** A use of all exports of the module at once: its namespace as a value that is more than the left side of a dot. */
export function namespaceUseOf(workspace: Workspace, file: SourceFile): OtherView | undefined {
  const checker = workspace.project.getTypeChecker().compilerObject;
  const module = checker.getSymbolAtLocation(file.compilerNode);
  if (module === undefined) return undefined;
  return firstPlace(workspace, (node) => {
    if (!ts.isIdentifier(node) || !isHandedOn(node)) return false;
    const symbol = checker.getSymbolAtLocation(node);
    const named = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
    return named === module;
  });
}

/** Whether an identifier is used as a value of its own: not declared, not named in a list, not the left side of a dot. */
export function isHandedOn(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) return false;
  if (ts.isImportClause(parent) || ts.isImportSpecifier(parent) || ts.isNamespaceImport(parent)) return false;
  if (ts.isExportSpecifier(parent) || ts.isNamespaceExport(parent) || ts.isTypeQueryNode(parent)) return false;
  if (ts.isElementAccessExpression(parent)) return !ts.isStringLiteralLike(parent.argumentExpression);
  if (ts.isVariableDeclaration(parent)) return parent.initializer === node && !ts.isObjectBindingPattern(parent.name);
  return true;
}
