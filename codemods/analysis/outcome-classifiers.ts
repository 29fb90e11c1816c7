// Reads classifiers: functions that map each variant of a union to a variant of another by one switch.
import { type FunctionDeclaration, Node, type SourceFile, type Type } from 'ts-morph';
import { labelOf, unionSwitch } from './union-switches.ts';

/** What one kind becomes. */
export interface Target {
  readonly kind: string;
  /** Field of the source → field of the target. */
  readonly fields: ReadonlyMap<string, string>;
  /** The field that carries the whole source. */
  readonly carried: string | undefined;
}

export interface Classifier {
  readonly name: string;
  readonly source: Type;
  readonly discriminant: string;
  /** The property that tells the targets apart. */
  readonly targetDiscriminant: string;
  readonly targets: ReadonlyMap<string, Target>;
}

interface Answer extends Target {
  readonly discriminant: string;
}

/** `{ kind: 'K', error: result.error, result }` read as a target of `result`. */
function answerOf(value: Node | undefined, parameter: string): Answer | undefined {
  if (!Node.isObjectLiteralExpression(value)) return undefined;
  const fields = new Map<string, string>();
  let kind: string | undefined;
  let discriminant = '';
  let carried: string | undefined;
  for (const property of value.getProperties()) {
    const named = Node.isPropertyAssignment(property) ? property.getInitializer() : undefined;
    if (Node.isShorthandPropertyAssignment(property) && property.getName() === parameter) carried = parameter;
    else if (!Node.isPropertyAssignment(property)) return undefined;
    else if (Node.isStringLiteral(named) && kind === undefined) {
      kind = named.getLiteralText();
      discriminant = property.getName();
    } else if (Node.isIdentifier(named) && named.getText() === parameter) carried = property.getName();
    else if (Node.isPropertyAccessExpression(named) && named.getExpression().getText() === parameter)
      fields.set(named.getName(), property.getName());
    else return undefined;
  }
  return kind === undefined ? undefined : { kind, discriminant, fields, carried };
}

/** A function of one parameter whose body is one switch that answers an object for each kind. */
function classifierOf(declared: FunctionDeclaration): Classifier | undefined {
  const [parameter, ...more] = declared.getParameters();
  const [only, ...others] = declared.getStatements();
  const name = declared.getName();
  if (parameter === undefined || more.length > 0 || others.length > 0 || name === undefined || declared.isAsync())
    return undefined;
  const found = Node.isSwitchStatement(only) ? unionSwitch(only) : undefined;
  if (found === undefined || found.subject.getText() !== parameter.getName()) return undefined;
  const targets = new Map<string, Target>();
  let waiting: string[] = [];
  let targetDiscriminant: string | undefined;
  for (const clause of found.node.getClauses()) {
    const label = labelOf(clause);
    if (label === undefined) continue;
    waiting.push(label);
    const [statement] = clause.getStatements();
    if (statement === undefined) continue;
    const answer = Node.isReturnStatement(statement) ? answerOf(statement.getExpression(), parameter.getName()) : undefined;
    if (answer === undefined) return undefined;
    targetDiscriminant = answer.discriminant;
    for (const kind of waiting) targets.set(kind, answer);
    waiting = [];
  }
  if (targetDiscriminant === undefined) return undefined;
  return { name, source: parameter.getType(), discriminant: found.discriminant, targetDiscriminant, targets };
}

/** The exported classifiers of a file. */
export function classifiersIn(file: SourceFile): readonly Classifier[] {
  return file.getFunctions().flatMap((each) => (each.isExported() ? (classifierOf(each) ?? []) : []));
}
