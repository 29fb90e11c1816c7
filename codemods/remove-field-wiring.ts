// Codemod: remove-field-wiring
//
// Removes a field that nothing reads, with the line of the constructor (or the initialiser) that fills it. An import
// that only the field needed goes with it; a constructor of which nothing is left goes too.
//
// Preconditions: the only use of the field anywhere in the project is the one that fills it, and making its value
// cannot be seen from outside: it only allocates and keeps what it is given, through all constructors it runs.
// Refused: a field that is read or filled elsewhere, a value with an effect or of unknown code, a field that is a
// parameter of the constructor (its callers would change), and a class that lists its own fields.
//
// with { "file": "example.ts", "class": "Worker", "field": "store" }
// ```ts
// class Store {
//   private readonly seen = new Map<string, number>();
//   constructor(private readonly limit: number) {}
// }
// export class Worker {
//   // where the seen ones are
//   private readonly store: Store;
//
//   constructor(private readonly limit: number) {
//     this.store = new Store(limit);
//   }
// }
// ```
// ->
// ```ts
// class Store {
//   private readonly seen = new Map<string, number>();
//   constructor(private readonly limit: number) {}
// }
// export class Worker {
//   constructor(private readonly limit: number) {}
// }
// ```
//
// with { "file": "example.ts", "class": "Worker", "field": "id" }
// ```ts
// let made = 0;
// export class Worker {
//   private readonly id = next();
// }
// function next(): number {
//   made += 1;
//   return made;
// }
// ```
// -> refused: REFIT_WIRING_EFFECT
import { type ClassDeclaration, type ConstructorDeclaration, Node, type PropertyDeclaration, Scope, SyntaxKind } from 'ts-morph';
import { effectOf } from './analysis/construction-effects.ts';
import { hiddenUseOf, listingOf } from './analysis/other-views.ts';
import { removalRanges } from './analysis/removal-ranges.ts';
import type { Codemod } from './kernel/codemod.ts';
import { nearestOf } from './kernel/nearest.ts';
import type { Proposal } from './kernel/proposal.ts';
import type { Workspace } from './kernel/workspace.ts';

export interface RemoveFieldWiringOptions {
  readonly file: string;
  readonly class: string;
  readonly field: string;
}

/** The one statement of the constructor that fills the field; undefined when its initialiser does, or nothing. */
function wiringOf(field: PropertyDeclaration, out: Proposal): Node | undefined {
  let wiring: Node | undefined;
  for (const use of field.findReferencesAsNodes()) {
    if (use === field.getNameNode()) continue;
    const access = use.getParent();
    const assignment = access?.getParent();
    const statement = assignment?.getParent();
    const fills =
      Node.isPropertyAccessExpression(access) &&
      Node.isThisExpression(access.getExpression()) &&
      Node.isBinaryExpression(assignment) &&
      assignment.getLeft() === access &&
      assignment.getOperatorToken().getText() === '=' &&
      Node.isExpressionStatement(statement) &&
      Node.isConstructorDeclaration(statement.getParent()?.getParent());
    if (!fills || wiring !== undefined || field.getInitializer() !== undefined) {
      out.refuse(
        'REFIT_WIRING_FIELD_READ',
        use,
        `${field.getName()} is used here besides being filled: ${(assignment ?? use).getText()}. Take that use away first.`,
      );
    }
    wiring = statement;
  }
  return wiring;
}

/** Code that sees all fields of its object sees one less. */
function requireUnlisted(declaration: ClassDeclaration, out: Proposal): void {
  for (const node of declaration.getDescendants().filter((each) => Node.isThisExpression(each))) {
    const parent = node.getParent();
    const computed = Node.isElementAccessExpression(parent) && !Node.isStringLiteral(parent.getArgumentExpression());
    const callee = Node.isCallExpression(parent) ? parent.getExpression().getText() : '';
    if (computed || Node.isSpreadAssignment(parent) || /^(?:Object|Reflect)\.|^JSON\.stringify$|^structuredClone$/.test(callee)) {
      out.refuse(
        'REFIT_WIRING_LISTED',
        node,
        `The class looks at its own fields here (${parent?.getText() ?? 'this'}) and would see one less. Name the fields it means first.`,
      );
    }
  }
}

function valueOf(field: PropertyDeclaration, wiring: Node | undefined): Node | undefined {
  const assignment = Node.isExpressionStatement(wiring) ? wiring.getExpression() : undefined;
  return Node.isBinaryExpression(assignment) ? assignment.getRight() : field.getInitializer();
}

function isBare(build: ConstructorDeclaration): boolean {
  const says = build.getLeadingCommentRanges().length > 0 || build.getOverloads().length > 0;
  return build.getParameters().length === 0 && build.getScope() === Scope.Public && !says;
}

/** Whether the constructor has nothing but the wiring, no comment either. */
function isOnlyLine(build: ConstructorDeclaration, wiring: Node): boolean {
  return build.getStatements().length === 1 && build.getBodyText()?.trim() === wiring.getText();
}

/** Takes the field and its wiring out; a constructor of which nothing is left goes, or gets an empty body. */
function removeBoth(field: PropertyDeclaration, wiring: Node | undefined, out: Proposal): void {
  const build = wiring?.getFirstAncestor((each) => Node.isConstructorDeclaration(each));
  const gone: Node[] = [field];
  if (build !== undefined && wiring !== undefined) {
    const body = build.getBody();
    const emptied = isOnlyLine(build, wiring);
    if (emptied && !isBare(build) && body !== undefined) out.replace(body, '{}', 'deleted');
    else gone.push(emptied ? build : wiring);
  }
  const file = field.getSourceFile();
  const ranges = removalRanges(
    file.getFullText(),
    gone.map((node) => node.compilerNode),
  );
  for (const [start, end] of ranges) out.edit(file.getFilePath(), [start, end], '', 'deleted');
  if (build !== undefined && wiring !== undefined) obligeUnusedParameters(build, wiring, out);
}

function obligeUnusedParameters(build: ConstructorDeclaration, wiring: Node, out: Proposal): void {
  const owner = build.getParentIfKind(SyntaxKind.ClassDeclaration)?.getName() ?? 'the class';
  for (const parameter of build.getParameters().filter((each) => !each.isParameterProperty())) {
    const uses = parameter.findReferencesAsNodes().filter((use) => use !== parameter.getNameNode());
    const left = uses.filter((use) => !use.getAncestors().includes(wiring));
    if (uses.length > 0 && left.length === 0)
      out.obligation(`The parameter ${parameter.getName()} of the constructor of ${owner} is not used any more.`);
  }
}

function propose(workspace: Workspace, options: RemoveFieldWiringOptions, out: Proposal): void {
  const file = workspace.sourceFile(options.file);
  const declaration = file.getClass(options.class);
  if (declaration === undefined) {
    const near = nearestOf(
      options.class,
      file.getClasses().map((each) => each.getName() ?? ''),
    );
    return out.refuse(
      'REFIT_CLASS_UNKNOWN',
      { path: file.getFilePath(), line: 1 },
      `There is no class ${options.class} here.${near === undefined ? '' : ` Did you mean ${near}?`}`,
    );
  }
  const field = declaration.getInstanceProperty(options.field);
  if (field === undefined) return out.skip(declaration, `${options.class} has no field ${options.field}: nothing to remove.`);
  if (!Node.isPropertyDeclaration(field)) {
    return out.refuse(
      'REFIT_WIRING_PARAMETER',
      field,
      `${options.field} is a parameter of the constructor (or an accessor): whoever constructs ${options.class} gives it. Remove the parameter with its arguments first.`,
    );
  }
  const wiring = wiringOf(field, out);
  requireUnlisted(declaration, out);
  const listed = listingOf(workspace, field);
  if (listed !== undefined) {
    return out.refuse(
      'REFIT_WIRING_LISTED',
      listed,
      `All fields of an object of ${options.class} are shown here (${listed.text}), which would be one less. Name the fields that are meant first.`,
    );
  }
  const hidden = hiddenUseOf(workspace, declaration, options.field);
  if (hidden !== undefined) {
    return out.refuse(
      'REFIT_WIRING_FIELD_READ',
      hidden,
      `${options.field} may be read here without being named as a field of ${options.class}: ${hidden.text}. Take that use away first.`,
    );
  }
  const value = valueOf(field, wiring);
  const effect = value === undefined ? undefined : effectOf(workspace, value);
  if (effect !== undefined) {
    return out.refuse(
      'REFIT_WIRING_EFFECT',
      value,
      `Making the value of ${options.field} may be seen from outside: ${effect}. Keep the expression as a statement, or show that it does nothing.`,
    );
  }
  removeBoth(field, wiring, out);
  out.holds(`${options.field} is not read`, 'no reference in the project but the one that fills it');
  out.holds(
    'making its value cannot be seen',
    value === undefined ? 'it is never filled' : value.getText().replaceAll(/\s+/g, ' '),
  );
  out.claim({ kind: 'removed', name: `${options.class}.${options.field}`, from: workspace.relative(file.getFilePath()) });
  if (field.getScope() === Scope.Public)
    out.finding('api', field, `${options.class}.${options.field} was public: code outside of this project may read it.`);
}

export const removeFieldWiring: Codemod<RemoveFieldWiringOptions> = {
  name: 'remove-field-wiring',
  options: {
    file: { kind: 'text', required: true, help: 'the file of the class' },
    class: { kind: 'text', required: true, help: 'the class that keeps the field' },
    field: { kind: 'text', required: true, help: 'the field that nothing reads' },
  },
  propose,
};
