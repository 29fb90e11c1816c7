// The members of a class whose methods are to be taken over: methods, thin readers, and where its fields come from.
import { type ClassDeclaration, type MethodDeclaration, Node, type ParameterDeclaration } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { ts } from '../kernel/parse-source.ts';
import { parseMember } from './member-text.ts';
import { attachedStart } from './removal-ranges.ts';
import { hiddenUse } from './this-uses.ts';

/** A field with the expression that fills it, in terms of the constructor's parameters. */
export interface WrapperField {
  readonly name: string;
  readonly declaration: Node;
  /** The declared type's text, if there is one. */
  readonly type: string | undefined;
  readonly comment: string;
  readonly isReadonly: boolean;
  /** For a parameter property, the parameter itself fills it. */
  readonly parameter: ParameterDeclaration | undefined;
  readonly value: Node | undefined;
}

export interface WrapperMembers {
  readonly declaration: ClassDeclaration;
  readonly methods: ReadonlyMap<string, MethodDeclaration>;
  /** Methods and getters that only answer a path on `this`: name → the path's text. */
  readonly readers: ReadonlyMap<string, string>;
  readonly fields: ReadonlyMap<string, WrapperField>;
}

function refuse(code: string, place: Node, message: string): never {
  throw new Refusal(code, message, placeOf(place));
}

/** The member's text with the comments above it. */
export function memberSource(member: Node): string {
  const text = member.getSourceFile().getFullText();
  return text.slice(attachedStart(text, member.compilerNode), member.getEnd());
}

function commentOf(member: Node): string {
  const text = member.getSourceFile().getFullText();
  return text.slice(attachedStart(text, member.compilerNode), member.getStart()).trimEnd();
}

/** `return this.a.b;` and nothing else, without parameters. */
function readPath(member: Node): string | undefined {
  if (!Node.isMethodDeclaration(member) && !Node.isGetAccessorDeclaration(member)) return undefined;
  if (member.getParameters().length > 0 || (Node.isMethodDeclaration(member) && member.isAsync())) return undefined;
  const [only, ...more] = member.getStatements();
  const value = Node.isReturnStatement(only) && more.length === 0 ? only.getExpression() : undefined;
  let at: Node | undefined = value;
  while (Node.isPropertyAccessExpression(at)) at = at.getExpression();
  const path = value !== undefined && Node.isThisExpression(at) && value !== at ? value.getText() : undefined;
  const own = Node.hasName(member) && path?.split('.')[1] === member.getName();
  return own ? undefined : path;
}

/** The assignments `this.name = value` that stand in the constructor itself; nothing else may touch a field there. */
function constructorValues(declaration: ClassDeclaration): ReadonlyMap<string, Node> {
  const values = new Map<string, Node>();
  for (const statement of declaration.getConstructors()[0]?.getStatements() ?? []) {
    const expression = Node.isExpressionStatement(statement) ? statement.getExpression() : undefined;
    const assigns =
      Node.isBinaryExpression(expression) && expression.getOperatorToken().getText() === '=' ? expression : undefined;
    const target = assigns?.getLeft();
    if (assigns === undefined || !Node.isPropertyAccessExpression(target) || !Node.isThisExpression(target.getExpression())) {
      if (!statement.getDescendants().some((each) => Node.isThisExpression(each))) continue;
      refuse(
        'REFIT_INLINE_STATE',
        statement,
        `The constructor does more with its object than fill fields (${statement.getText()}): the state it begins with is not known here. Fill the fields with their first values.`,
      );
    }
    if (values.has(target.getName()))
      refuse('REFIT_INLINE_STATE', statement, `${target.getName()} is filled twice in the constructor. Fill it once.`);
    values.set(target.getName(), assigns.getRight());
  }
  return values;
}

function fieldsOf(declaration: ClassDeclaration): ReadonlyMap<string, WrapperField> {
  const fields = new Map<string, WrapperField>();
  const values = constructorValues(declaration);
  for (const each of declaration.getInstanceProperties()) {
    if (!Node.isPropertyDeclaration(each) && !Node.isParameterDeclaration(each)) continue;
    const parameter = Node.isParameterDeclaration(each) ? each : undefined;
    const initial = parameter === undefined && Node.isPropertyDeclaration(each) ? each.getInitializer() : undefined;
    if ((initial !== undefined || parameter !== undefined) && values.has(each.getName())) {
      refuse('REFIT_INLINE_STATE', each, `${each.getName()} is filled twice: here and in the constructor. Fill it once.`);
    }
    fields.set(each.getName(), {
      name: each.getName(),
      declaration: each,
      type: each.getTypeNode()?.getText(),
      comment: parameter === undefined ? commentOf(each) : '',
      isReadonly: each.isReadonly(),
      parameter,
      value: initial ?? values.get(each.getName()),
    });
  }
  return fields;
}

function requirePlainClass(declaration: ClassDeclaration): void {
  const name = declaration.getName() ?? 'the class';
  if (declaration.getExtends() !== undefined) {
    refuse(
      'REFIT_INLINE_INHERITED',
      declaration,
      `${name} extends another class: what its methods run is decided elsewhere. Inline the base class's methods first.`,
    );
  }
  if (declaration.getTypeParameters().length > 0) {
    refuse(
      'REFIT_INLINE_GENERIC',
      declaration,
      `${name} has type parameters; its members would need their arguments. Give it a concrete type first.`,
    );
  }
  if (declaration.isAbstract() || declaration.getDecorators().length > 0) {
    refuse(
      'REFIT_INLINE_DYNAMIC',
      declaration,
      `${name} is abstract or decorated: which code runs is not known here. Inline it by hand.`,
    );
  }
}

/** Reads the class; refused when its members cannot stand anywhere else. */
export function wrapperMembers(declaration: ClassDeclaration): WrapperMembers {
  requirePlainClass(declaration);
  const readers = new Map<string, string>();
  for (const member of [...declaration.getInstanceMethods(), ...declaration.getGetAccessors()]) {
    const path = readPath(member);
    if (path !== undefined) readers.set(member.getName(), path);
  }
  const methods = new Map(declaration.getInstanceMethods().map((each) => [each.getName(), each]));
  return { declaration, methods, readers, fields: fieldsOf(declaration) };
}

/** Refused unless the method's text means the same as a member of another class. */
export function requireMovable(method: MethodDeclaration): void {
  const name = method.getName();
  if (method.isGenerator() || method.getOverloads().length > 0 || method.getDecorators().length > 0 || method.isAbstract()) {
    refuse('REFIT_INLINE_DYNAMIC', method, `${name} is a generator, overloaded, decorated or abstract. Inline it by hand.`);
  }
  const parsed = parseMember(method.getText());
  const hidden = parsed === undefined ? 'text that is not one member' : hiddenUse(parsed);
  if (hidden !== undefined) {
    refuse(
      'REFIT_INLINE_THIS',
      method,
      `${name} uses its object as a whole (${hidden}): in another class it would be another object. Name the members it needs, as this.name.`,
    );
  }
}

/** The parameters of a method as the text-level analysis reads them. */
export function parametersOf(method: MethodDeclaration): readonly ts.ParameterDeclaration[] {
  return method.compilerNode.parameters;
}
