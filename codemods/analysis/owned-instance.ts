// An object that one class makes for itself, keeps in a private field and only calls: nobody else can tell it from its code.
import { type CallExpression, type ClassDeclaration, Node, type PropertyDeclaration, type Symbol as TsSymbol } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';

export interface OwnedInstance {
  readonly owner: ClassDeclaration;
  readonly field: PropertyDeclaration;
  /** The statement of the constructor, or the field itself when its initialiser makes the object. */
  readonly wiring: Node;
  /** The arguments of `new`. */
  readonly arguments: readonly Node[];
  /** Every call `this.field.method(…)` of the owner. */
  readonly calls: readonly { readonly method: string; readonly call: CallExpression }[];
}

function refuse(code: string, place: Node, message: string): never {
  throw new Refusal(code, message, placeOf(place));
}

/** Fields of the owner declared with the class's type, or made with `new` of it. */
function fieldsOfType(owner: ClassDeclaration, wanted: TsSymbol): readonly Node[] {
  return owner.getInstanceProperties().filter((each) => each.getType().getSymbol() === wanted);
}

/** `this.name` everywhere in the class, and `x.name` for other objects of it. */
function usesOf(owner: ClassDeclaration, field: PropertyDeclaration): readonly Node[] {
  const uses = field.findReferencesAsNodes().filter((each) => each !== field.getNameNode());
  for (const use of uses) {
    const access = use.getParent();
    const own = Node.isPropertyAccessExpression(access) && Node.isThisExpression(access.getExpression());
    if (!own || !use.getAncestors().includes(owner)) {
      refuse(
        'REFIT_INLINE_NOT_OWNED',
        use,
        `${field.getName()} is also used from outside of its object (${access?.getText() ?? use.getText()}). Give that code a method of its own first.`,
      );
    }
  }
  return uses.flatMap((use) => use.getParent() ?? []);
}

function wiringOf(
  field: PropertyDeclaration,
  uses: readonly Node[],
): { readonly wiring: Node; readonly value: Node; readonly write: Node | undefined } {
  const writes = uses.filter((access) => {
    const parent = access.getParent();
    return Node.isBinaryExpression(parent) && parent.getLeft() === access;
  });
  const initializer = field.getInitializer();
  const [write, ...more] = writes;
  if (more.length > 0 || (initializer !== undefined && write !== undefined)) {
    refuse(
      'REFIT_INLINE_NOT_OWNED',
      field,
      `${field.getName()} is filled more than once: which object is called is not certain. Fill it once, in the constructor.`,
    );
  }
  if (initializer !== undefined) return { wiring: field, value: initializer, write: undefined };
  const assignment = write?.getParent();
  const statement = assignment?.getParent();
  const inConstructor =
    Node.isExpressionStatement(statement) && Node.isConstructorDeclaration(statement.getParent()?.getParent());
  if (!Node.isBinaryExpression(assignment) || statement === undefined || !inConstructor) {
    refuse('REFIT_INLINE_NOT_OWNED', field, `${field.getName()} is not filled in the constructor itself. Fill it there, once.`);
  }
  return { wiring: statement, value: assignment.getRight(), write };
}

function callOf(access: Node, field: PropertyDeclaration): { readonly method: string; readonly call: CallExpression } {
  const named = access.getParent();
  const call = named?.getParent();
  const plain = Node.isPropertyAccessExpression(named) && named.getExpression() === access && !named.hasQuestionDotToken();
  if (plain && Node.isCallExpression(call) && call.getExpression() === named && !call.hasQuestionDotToken())
    return { method: named.getName(), call };
  refuse(
    'REFIT_INLINE_VALUE_USE',
    access,
    `${field.getName()} is used as a value (${(call ?? named ?? access).getText()}), not only called. Call its method where it is meant: () => this.${field.getName()}.method().`,
  );
}

/** The object of class `wrapper` that `owner` keeps; undefined when it keeps none. */
export function ownedInstance(owner: ClassDeclaration, wrapper: ClassDeclaration): OwnedInstance | undefined {
  const symbol = wrapper.getSymbol();
  const [field, ...more] = symbol === undefined ? [] : fieldsOfType(owner, symbol);
  if (field === undefined) return undefined;
  const name = wrapper.getName() ?? 'the class';
  if (more.length > 0)
    refuse('REFIT_INLINE_NOT_OWNED', field, `The class keeps more than one ${name}: their states differ. Keep one.`);
  if (!Node.isPropertyDeclaration(field)) {
    refuse(
      'REFIT_INLINE_NOT_OWNED',
      field,
      `The ${name} is given from outside and may be shared with others: its state cannot be taken over. Construct it here, or inline it where it is constructed.`,
    );
  }
  const uses = usesOf(owner, field);
  const { wiring, value, write } = wiringOf(field, uses);
  const exact = Node.isNewExpression(value) && sameClass(value.getExpression(), symbol);
  if (!Node.isNewExpression(value) || !exact) {
    refuse(
      'REFIT_INLINE_NOT_OWNED',
      wiring,
      `${field.getName()} is not filled with new ${name}(…) (found ${value.getText()}): which code its methods run is not certain.`,
    );
  }
  const calls = uses.filter((access) => access !== write).map((access) => callOf(access, field));
  return { owner, field, wiring, arguments: value.getArguments(), calls };
}

function sameClass(expression: Node, wanted: TsSymbol | undefined): boolean {
  const symbol = expression.getSymbol();
  return symbol !== undefined && (symbol.getAliasedSymbol() ?? symbol) === wanted;
}
