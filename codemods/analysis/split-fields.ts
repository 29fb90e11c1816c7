// What becomes of the fields that moved methods use: they move along, or both classes hold the same object.
import { type ClassDeclaration, Node, type ParameterDeclaration, type PropertyDeclaration } from 'ts-morph';
import type { Proposal } from '../kernel/proposal.ts';
import { isInert } from '../kernel/top-level-effects.ts';
import { fieldUses } from './field-uses.ts';
import { constructorAssignment, memberUses } from './member-graph.ts';

export type DeclaredField = PropertyDeclaration | ParameterDeclaration;

export interface SplitField {
  readonly name: string;
  readonly declaration: DeclaredField;
  /** `own`: moves with its first value. `given`: moves, the constructor hands it in. `shared`: both classes hold it. */
  readonly fate: 'own' | 'given' | 'shared';
  /** What the old constructor passes for it. */
  readonly argument: string;
  /** `this.field = …` in the old constructor, when it goes. */
  readonly assignment: Node | undefined;
}

interface Split {
  readonly owner: ClassDeclaration;
  readonly moved: readonly Node[];
  readonly out: Proposal;
}

function isIn(node: Node, nodes: readonly Node[]): boolean {
  return nodes.some(
    (each) => each.getSourceFile() === node.getSourceFile() && each.getPos() <= node.getPos() && node.getEnd() <= each.getEnd(),
  );
}

/** A field that both classes hold must keep the object it got in the constructor. */
function requireFixed(field: DeclaredField, { owner, out }: Split): void {
  const constructors = owner.getConstructors();
  const write = fieldUses(field).find((use) => !['read', 'declaration'].includes(use.touch) && !isIn(use.node, constructors));
  if (write !== undefined) {
    out.refuse(
      'REFIT_EXTRACT_CLASS_SHARED',
      write.node,
      `${field.getName()} is assigned here and used by both classes; they would hold different values. Move everything that uses it, or nothing.`,
    );
  }
}

/** The value the constructor gives the field, when the new object can be given it as well. */
function givenValue(
  field: DeclaredField,
  { owner, out }: Split,
): { readonly text: string; readonly assignment: Node | undefined } {
  if (Node.isParameterDeclaration(field)) return { text: field.getName(), assignment: undefined };
  const assignment = constructorAssignment(owner, field.getName());
  const expression = Node.isExpressionStatement(assignment) ? assignment.getExpression() : undefined;
  const value = Node.isBinaryExpression(expression) ? expression.getRight() : undefined;
  const top = assignment?.getParent() === owner.getConstructors()[0]?.getBody();
  if (value === undefined || !top || !isInert(value)) {
    return out.refuse(
      'REFIT_EXTRACT_CLASS_FIELD',
      field,
      `${field.getName()} gets its value in a way that cannot be handed on. Assign it once in the constructor, from a parameter.`,
    );
  }
  return { text: value.getText(), assignment };
}

function splitField(field: DeclaredField, split: Split): SplitField {
  const name = field.getName();
  const stays = fieldUses(field).some(
    (use) => use.touch !== 'declaration' && !isIn(use.node, split.moved) && !isAssignment(use.node, split.owner, name),
  );
  const initial = Node.isPropertyDeclaration(field) ? field.getInitializer() : undefined;
  if (stays) {
    requireFixed(field, split);
    return { name, declaration: field, fate: 'shared', argument: `this.${name}`, assignment: undefined };
  }
  if (initial !== undefined) {
    if (!isInert(initial) || memberUses(initial, split.owner).length > 0 || Node.isThisExpression(initial)) {
      split.out.refuse(
        'REFIT_EXTRACT_CLASS_FIELD',
        initial,
        `The first value of ${name} is made by code that can be seen from outside or uses the object. Assign it in the constructor first.`,
      );
    }
    return { name, declaration: field, fate: 'own', argument: '', assignment: undefined };
  }
  const { text, assignment } = givenValue(field, split);
  return { name, declaration: field, fate: 'given', argument: text, assignment };
}

function isAssignment(node: Node, owner: ClassDeclaration, field: string): boolean {
  const assignment = constructorAssignment(owner, field);
  return assignment !== undefined && Node.isExpressionStatement(assignment) && isIn(node, [assignment]);
}

/** The fields the moved methods use, in the order they are declared. */
export function splitFields(split: Split, names: ReadonlySet<string>): readonly SplitField[] {
  return split.owner.getInstanceProperties().flatMap((each) => {
    if (!names.has(each.getName())) return [];
    if (Node.isPropertyDeclaration(each) || Node.isParameterDeclaration(each)) return [splitField(each, split)];
    return split.out.refuse('REFIT_EXTRACT_CLASS_FIELD', each, `${each.getName()} is an accessor. Move it by hand.`);
  });
}
