// What becomes of a wrapper's fields when its methods move into the class that owns it: an own field of the same value, or one it has.
import { Node, type ParameterDeclaration, SyntaxKind } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Workspace } from '../kernel/workspace.ts';
import { effectOf } from './construction-effects.ts';
import { classNamedBy } from './implementation-of.ts';
import { unlikeMap } from './map-in-disguise.ts';
import type { OwnedInstance } from './owned-instance.ts';
import type { WrapperField, WrapperMembers } from './wrapper-members.ts';

/** What the plan decides about state: refuse it, or let it move into the owner; and whether a Map by another name becomes one. */
export interface StateDecision {
  readonly state: 'refuse' | 'move';
  readonly maps: 'keep' | 'plain';
}

/** A field as the owner gets it. */
export interface TakenField {
  readonly field: WrapperField;
  /** `name: Type = value` without modifiers, when it is filled where it stands. */
  readonly declared: string;
  /** The value to assign in the constructor, when it needs the constructor's parameters. */
  readonly assigned: string | undefined;
  /** Nodes whose names the owner's file needs. */
  readonly nodes: readonly Node[];
  readonly becamePlainMap: boolean;
}

function refuse(code: string, place: Node, message: string): never {
  throw new Refusal(code, message, placeOf(place));
}

function argumentFor(instance: OwnedInstance, parameter: ParameterDeclaration): Node | undefined {
  const owner = parameter.getParent();
  const at = Node.isConstructorDeclaration(owner) ? owner.getParameters().indexOf(parameter) : -1;
  return instance.arguments[at];
}

function isNeverWritten(parameter: ParameterDeclaration): boolean {
  return parameter.findReferencesAsNodes().every((use) => {
    const parent = use.getParent();
    return !(Node.isBinaryExpression(parent) && parent.getLeft() === use && parent.getOperatorToken().getText().endsWith('='));
  });
}

/** The owner's own path to a value it was given, when that is certain to be the same for ever. */
function ownPath(argument: Node): string | undefined {
  if (Node.isPropertyAccessExpression(argument) && Node.isThisExpression(argument.getExpression())) {
    const declared = argument.getNameNode().getSymbol()?.getDeclarations()[0];
    const isReadonly = (Node.isPropertyDeclaration(declared) || Node.isParameterDeclaration(declared)) && declared.isReadonly();
    return isReadonly ? argument.getText() : undefined;
  }
  const parameter = Node.isIdentifier(argument)
    ? argument
        .getSymbol()
        ?.getDeclarations()
        .find((each) => Node.isParameterDeclaration(each))
    : undefined;
  const same = parameter !== undefined && parameter.isParameterProperty() && parameter.isReadonly() && isNeverWritten(parameter);
  return same ? `this.${argument.getText()}` : undefined;
}

/** Fields that are only another name for what the owner has: wrapper's field → the owner's path. */
export function sharedFields(wrapper: WrapperMembers, instance: OwnedInstance): ReadonlyMap<string, string> {
  const shared = new Map<string, string>();
  for (const field of wrapper.fields.values()) {
    const argument = field.parameter === undefined || !field.isReadonly ? undefined : argumentFor(instance, field.parameter);
    const path = argument === undefined ? undefined : ownPath(argument);
    if (path !== undefined) shared.set(field.name, path);
  }
  return shared;
}

/** A Map that is constructed empty, or something shown to be one on the given methods. */
export function isMapField(workspace: Workspace, field: WrapperField | undefined, decision: StateDecision): boolean {
  const value = field?.value;
  if (field === undefined || !field.isReadonly || !Node.isNewExpression(value)) return false;
  const named = classNamedBy(value.getExpression());
  if (value.getExpression().getText() === 'Map' && named === undefined) return true;
  const declaration = decision.maps === 'plain' ? named : undefined;
  return (
    declaration !== undefined &&
    value.getArguments().length === 0 &&
    unlikeMap(workspace, declaration, ['get', 'set'])?.length === 0
  );
}

/** `new Map<K, V>()` for a class that does the same on the methods that are called. */
function plainMap(workspace: Workspace, field: WrapperField, called: ReadonlySet<string> | undefined): string {
  const value = field.value;
  const name = Node.isNewExpression(value) ? value.getExpression().getText() : '';
  const declaration = Node.isNewExpression(value) ? classNamedBy(value.getExpression()) : undefined;
  if (!Node.isNewExpression(value) || declaration === undefined || value.getArguments().length > 0 || called === undefined) {
    refuse(
      'REFIT_INLINE_MAP_UNSHOWN',
      field.declaration,
      `${field.name} was to become a plain Map, but ${name} is given arguments, is unknown, or is used other than by calls. Keep it (maps: "keep").`,
    );
  }
  const unlike = unlikeMap(workspace, declaration, [...called]);
  if (unlike === undefined || unlike.length > 0) {
    const what = unlike === undefined ? 'its code could not be read as one of a Map' : `not shown for ${unlike.join(', ')}`;
    refuse(
      'REFIT_INLINE_MAP_UNSHOWN',
      field.declaration,
      `${field.name} was to become a plain Map, but ${name} is not shown to be equal to one: ${what}. Keep it (maps: "keep").`,
    );
  }
  const types = /<[\s\S]*>/.exec(value.getText())?.[0] ?? /<[\s\S]*>/.exec(field.type ?? '')?.[0] ?? '';
  return `new Map${types}()`;
}

function isState(field: WrapperField): boolean {
  const value = field.value;
  const holds = Node.isNewExpression(value) || Node.isArrayLiteralExpression(value) || Node.isObjectLiteralExpression(value);
  return !field.isReadonly || holds;
}

/** The value's text with the wrapper's constructor parameters replaced by what the owner gives for them. */
function valueText(value: Node, instance: OwnedInstance): { readonly text: string; readonly usesArguments: boolean } {
  if (Node.isThisExpression(value) || value.getDescendants().some((each) => Node.isThisExpression(each))) {
    refuse(
      'REFIT_INLINE_STATE',
      value,
      `The value of a field depends on other fields of the wrapper (${value.getText()}). Write it without this.`,
    );
  }
  let text = value.getText();
  let usesArguments = false;
  const identifiers = Node.isIdentifier(value) ? [value] : value.getDescendantsOfKind(SyntaxKind.Identifier);
  for (const identifier of identifiers.toReversed()) {
    const declared = identifier.getSymbol()?.getDeclarations()[0];
    if (declared?.getFirstAncestor((each) => Node.isConstructorDeclaration(each)) === undefined) continue;
    const argument = Node.isParameterDeclaration(declared) ? argumentFor(instance, declared) : undefined;
    if (argument === undefined) {
      refuse(
        'REFIT_INLINE_STATE',
        identifier,
        `The value of a field depends on ${identifier.getText()}, which only exists in the constructor of the wrapper. Compute it in the field's own initialiser.`,
      );
    }
    usesArguments = true;
    const at = identifier.getStart() - value.getStart();
    text = text.slice(0, at) + argument.getText() + text.slice(at + identifier.getText().length);
  }
  return { text, usesArguments };
}

function requireMovable(workspace: Workspace, field: WrapperField, value: Node, decision: StateDecision): void {
  const effect = effectOf(workspace, value);
  if (effect !== undefined) {
    refuse(
      'REFIT_INLINE_STATE_EFFECT',
      field.declaration,
      `Filling ${field.name} can be seen from outside: ${effect}. It must happen once; inline it by hand.`,
    );
  }
  if (!isState(field) || decision.state === 'move') return;
  refuse(
    'REFIT_INLINE_STATE',
    field.declaration,
    `${field.name} is state of its own (${value.getText()}) and nothing says what becomes of it. Say state: "move" to let each owner keep one, as its ${field.name} is now.`,
  );
}

/** One field of the wrapper as a field of the owner. `name` is its name there. */
export function takenField(
  workspace: Workspace,
  given: {
    field: WrapperField;
    name: string;
    instance: OwnedInstance;
    decision: StateDecision;
    called: ReadonlySet<string> | undefined;
  },
): TakenField {
  const { field, name, instance, decision } = given;
  const value = field.parameter === undefined ? field.value : argumentFor(instance, field.parameter);
  if (value === undefined) {
    refuse(
      'REFIT_INLINE_STATE',
      field.declaration,
      `${field.name} is not filled in the constructor or by an initialiser; its value is not known. Fill it there.`,
    );
  }
  requireMovable(workspace, field, value, decision);
  const type = field.type;
  const nodes = [value, ...field.declaration.forEachChildAsArray().filter((each) => Node.isTypeNode(each))];
  const foreignMap =
    decision.maps === 'plain' &&
    Node.isNewExpression(value) &&
    value.getExpression().getText() !== 'Map' &&
    field.parameter === undefined;
  if (foreignMap) {
    return {
      field,
      declared: `${name} = ${plainMap(workspace, field, given.called)}`,
      assigned: undefined,
      nodes,
      becamePlainMap: true,
    };
  }
  const { text, usesArguments } =
    field.parameter === undefined ? valueText(value, instance) : { text: value.getText(), usesArguments: true };
  const typed = type === undefined ? name : `${name}: ${type}`;
  const says =
    Node.isNewExpression(value) && (text.includes('<') || type === undefined || type === value.getExpression().getText());
  if (!usesArguments)
    return { field, declared: `${says ? name : typed} = ${text}`, assigned: undefined, nodes, becamePlainMap: false };
  return { field, declared: typed, assigned: text, nodes, becamePlainMap: false };
}
