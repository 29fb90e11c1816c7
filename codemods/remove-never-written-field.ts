// Codemod: remove-never-written-field
//
// Removes a field that only ever has the value it begins with, and that no production code reads.
// The field goes from the type, from every object literal that gives it its first value, and from the tests that fill or
// look at it (whole statements; a test that would assert nothing afterwards is refused).
//
// Refused when a write can exist: an assignment, a changing method (`set`, `push`, …) or any other read in production code,
// a spread, `Object.assign`, a computed key or parsed data that may carry the key, different first values.
// An exported type is part of what others see: the missing key is reported as an API change.
//
// with { "file": "stats.ts", "type": "Stats", "field": "sizes" }
// ```ts
// // ---- stats.ts
// export interface Stats {
//   done: number;
//   /** Never filled. */
//   sizes: Map<string, number>;
// }
//
// export function stats(): Stats {
//   return {
//     done: 0,
//     sizes: new Map(),
//   };
// }
// // ---- stats.test.ts
// import { type Stats, stats } from './stats.ts';
//
// declare function expect(value: unknown): { toBe(other: unknown): void };
// declare function check(title: string, body: () => void): void;
//
// check('counts', () => {
//   const counted: Stats = { ...stats(), done: 1, sizes: new Map([['a', 7]]) };
//   counted.sizes.set('b', 3);
//   expect(counted.done).toBe(1);
//   expect(counted.sizes.size).toBe(2);
// });
// ```
// ->
// ```ts
// // ---- stats.ts
// export interface Stats {
//   done: number;
// }
//
// export function stats(): Stats {
//   return {
//     done: 0,
//   };
// }
// // ---- stats.test.ts
// import { type Stats, stats } from './stats.ts';
//
// declare function expect(value: unknown): { toBe(other: unknown): void };
// declare function check(title: string, body: () => void): void;
//
// check('counts', () => {
//   const counted: Stats = { ...stats(), done: 1 };
//   expect(counted.done).toBe(1);
// });
// ```
//
// A changing method is a write:
//
// with { "file": "stats.ts", "type": "Stats", "field": "sizes" }
// ```ts
// // ---- stats.ts
// export interface Stats {
//   sizes: Map<string, number>;
// }
//
// export const note = (stats: Stats): void => {
//   stats.sizes.set('a', 1);
// };
// ```
// -> refused: REFIT_FIELD_WRITTEN
import { Node, type PropertyDeclaration, type PropertySignature, type SourceFile } from 'ts-morph';
import { changesReceiver } from './analysis/changing-methods.ts';
import { type FieldUse, fieldUses } from './analysis/field-uses.ts';
import { hiddenUses } from './analysis/hidden-writes.ts';
import { isTestPath } from './analysis/liveness.ts';
import { listCuts, removalRanges } from './analysis/removal-ranges.ts';
import type { Codemod } from './kernel/codemod.ts';
import { nearestOf } from './kernel/nearest.ts';
import type { Proposal } from './kernel/proposal.ts';
import { isInert } from './kernel/top-level-effects.ts';
import type { Workspace } from './kernel/workspace.ts';

export interface RemoveNeverWrittenFieldOptions {
  readonly file: string;
  /** The class, interface or type alias of an object. */
  readonly type: string;
  readonly field: string;
}

type Field = PropertySignature | PropertyDeclaration;

interface Removal {
  readonly workspace: Workspace;
  readonly options: RemoveNeverWrittenFieldOptions;
  readonly field: Field;
  readonly owner: Node;
  readonly out: Proposal;
}

interface Uses {
  /** Values of the field in object literals of production code and of tests. */
  readonly literals: readonly Node[];
  /** Statements of tests that are about the field alone. */
  readonly testStatements: readonly Node[];
}

function ownerNamed(file: SourceFile, name: string, out: Proposal): Node {
  const found = file.getInterface(name) ?? file.getClass(name) ?? file.getTypeAlias(name);
  if (found !== undefined) return found;
  const near = nearestOf(
    name,
    [...file.getInterfaces(), ...file.getClasses(), ...file.getTypeAliases()].flatMap((each) => each.getName() ?? []),
  );
  return out.refuse(
    'REFIT_TYPE_UNKNOWN',
    { path: file.getFilePath(), line: 1 },
    `${file.getBaseName()} declares no type ${name}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
  );
}

function fieldIn(owner: Node, name: string): Field | undefined {
  const members = Node.isTypeAliasDeclaration(owner) ? owner.getTypeNode() : owner;
  if (Node.isClassDeclaration(members))
    return members
      .getInstanceProperties()
      .filter(Node.isPropertyDeclaration)
      .find((each) => each.getName() === name);
  return Node.isInterfaceDeclaration(members) || Node.isTypeLiteral(members) ? members.getProperty(name) : undefined;
}

/** A value that a field begins with and that nothing can be learnt from. */
function isFirstValue(value: Node): boolean {
  const text = value.getText().replaceAll(/\s/g, '');
  return /^(?:new(?:Map|Set)(?:<.*>)?\(\)|\[\]|\{\}|undefined|null|true|false|''|""|``|-?\d[\d_.]*)$/.test(text);
}

function literalValue(use: FieldUse): Node | undefined {
  const parent = use.node.getParent();
  return Node.isPropertyAssignment(parent) ? parent.getInitializer() : undefined;
}

function isInTest({ workspace }: Removal, node: Node): boolean {
  return isTestPath(workspace.relative(node.getSourceFile().getFilePath()));
}

/** The statement of a test that only fills the field or looks at it. */
function testStatement(use: FieldUse): Node | undefined {
  const statement = use.node.getFirstAncestor((each) => Node.isStatement(each));
  if (!Node.isExpressionStatement(statement) || use.access === undefined) return undefined;
  let root: Node = statement.getExpression();
  while (Node.isCallExpression(root) || Node.isPropertyAccessExpression(root)) {
    if (Node.isCallExpression(root) && /^(?:expect|assert)/.test(root.getExpression().getText().split(/[.(]/)[0] ?? '')) {
      return expectsOnly(root, use.access) ? statement : undefined;
    }
    if (root === use.access) return statement;
    root = root.getExpression();
  }
  return undefined;
}

/** `expect(x.f…)`: everything that is called in it belongs to the field, or is a matcher of constants. */
function expectsOnly(call: Node, access: Node): boolean {
  const argument = call.getDescendants().find((each) => each === access);
  const others = call
    .getDescendants()
    .filter(
      (each) =>
        Node.isCallExpression(each) &&
        !each.getDescendants().includes(access) &&
        !isInert(each) &&
        !/^expect\b/.test(each.getText()),
    );
  return argument !== undefined && others.length === 0;
}

/** A read in production code that may see, or make, another value than the first. */
function judgeProduction(use: FieldUse, removal: Removal): void {
  const { out, options } = removal;
  const name = `${options.type}.${options.field}`;
  if (use.touch === 'literal') {
    const value = literalValue(use);
    if (value === undefined || !isFirstValue(value))
      out.refuse(
        'REFIT_FIELD_WRITTEN',
        use.node,
        `${name} is given \`${(value ?? use.node).getText()}\` here, which is more than a first value. It is written; keep it.`,
      );
    return;
  }
  if (use.touch === 'declaration')
    out.refuse('REFIT_FIELD_REQUIRED', use.node, `${name} is also a member of another type. Remove it there first.`);
  if (use.touch !== 'read' || (use.access !== undefined && changesReceiver(use.access)))
    out.refuse(
      'REFIT_FIELD_WRITTEN',
      use.node,
      `${name} is written here: \`${use.node.getParent()?.getParent()?.getText().split('\n')[0] ?? ''}\`. Keep it.`,
    );
  out.refuse(
    'REFIT_FIELD_READ',
    use.node,
    `${name} is read in production code. Replace what is read by the first value, then remove the field.`,
  );
}

function judgeTest(use: FieldUse, removal: Removal): Node | undefined {
  const { out, options } = removal;
  const value = use.touch === 'literal' ? literalValue(use) : undefined;
  if (value !== undefined && isInert(value)) return undefined;
  const statement = testStatement(use);
  if (statement === undefined)
    out.refuse(
      'REFIT_FIELD_TEST',
      use.node,
      `This test uses ${options.field} in a way that is more than filling it or looking at it. Change it by hand first.`,
    );
  return statement;
}

function judge(removal: Removal): Uses {
  const { field, out, options } = removal;
  const uses = fieldUses(field);
  const production = uses.filter((use) => !isInTest(removal, use.node));
  for (const use of production) judgeProduction(use, removal);
  const values = new Set(production.flatMap((use) => literalValue(use)?.getText().replaceAll(/\s/g, '') ?? []));
  const initializer = Node.isPropertyDeclaration(field) ? field.getInitializer() : undefined;
  if (initializer !== undefined) {
    if (!isFirstValue(initializer))
      out.refuse(
        'REFIT_FIELD_WRITTEN',
        initializer,
        `${options.field} begins with \`${initializer.getText()}\`, which is more than a first value.`,
      );
    values.add(initializer.getText().replaceAll(/\s/g, ''));
  }
  if (values.size > 1)
    out.refuse(
      'REFIT_FIELD_WRITTEN',
      field,
      `${options.field} begins with different values: ${[...values].join(', ')}. It says something; keep it.`,
    );
  const tests = uses.filter((use) => isInTest(removal, use.node));
  const statements = tests.flatMap((use) => judgeTest(use, removal) ?? []);
  const literals = uses.filter((use) => use.touch === 'literal').flatMap((use) => use.node.getParent() ?? []);
  out.holds(
    `${options.type}.${options.field} is never written`,
    `${String(production.length)} uses in production code, all of them its first value${values.size > 0 ? ` ${[...values].join()}` : ''}`,
  );
  return { literals, testStatements: [...new Set(statements)] };
}

function requireNothingHidden({ workspace, owner, options, out }: Removal): void {
  const [hidden] = hiddenUses(workspace, { owner, ownerName: options.type, field: options.field });
  if (hidden === undefined) {
    out.holds(`nothing sets ${options.field} without naming it`, 'no spread, assign, computed key or parsed data can carry it');
    return;
  }
  out.refuse(
    'REFIT_FIELD_HIDDEN',
    hidden.node,
    `${options.field} may be set or read here without its name: ${hidden.what}. Write the keys out first.`,
  );
}

/** A test must still assert something when its statements about the field are gone. */
function requireAssertions(statements: readonly Node[], out: Proposal): void {
  for (const statement of statements) {
    const body = statement.getParent();
    if (body === undefined || !Node.isBlock(body) || !/^(?:expect|assert)/.test(statement.getText())) continue;
    const left = body.getStatements().filter((each) => !statements.includes(each));
    if (left.some((each) => /\b(?:expect|assert)\w*\b/.test(each.getText()))) continue;
    out.refuse(
      'REFIT_FIELD_TEST',
      statement,
      'Without its statements about the field this test would assert nothing. Remove or change the test first.',
    );
  }
}

function cutAll(removal: Removal, { literals, testStatements }: Uses): void {
  const { field, out } = removal;
  const byFile = new Map<SourceFile, Node[]>();
  for (const node of [field, ...testStatements])
    byFile.set(node.getSourceFile(), [...(byFile.get(node.getSourceFile()) ?? []), node]);
  for (const [file, nodes] of byFile) {
    const cuts = removalRanges(
      file.getFullText(),
      nodes.map((each) => each.compilerNode),
    );
    for (const range of cuts) out.edit(file.getFilePath(), range, '', 'deleted');
  }
  for (const property of literals) {
    const literal = property.getParent();
    if (!Node.isObjectLiteralExpression(literal)) continue;
    const file = literal.getSourceFile();
    const items = literal.getProperties().map((each) => each.compilerNode);
    const gone = new Set([property.compilerNode]);
    for (const [start, end] of listCuts(file.getFullText(), items, gone))
      out.edit(file.getFilePath(), [start, end], '', 'deleted');
  }
}

export const removeNeverWrittenField: Codemod<RemoveNeverWrittenFieldOptions> = {
  name: 'remove-never-written-field',
  options: {
    file: { kind: 'text', required: true, help: 'module of the type' },
    type: { kind: 'text', required: true, help: 'class, interface or object type' },
    field: { kind: 'text', required: true, help: 'field that is never written' },
  },
  propose(workspace, options, out) {
    const owner = ownerNamed(workspace.sourceFile(options.file), options.type, out);
    const field = fieldIn(owner, options.field);
    if (field === undefined) {
      out.skip(owner, `${options.type} has no field ${options.field}; there is nothing to remove.`);
      return;
    }
    const removal: Removal = { workspace, options, field, owner, out };
    requireNothingHidden(removal);
    const uses = judge(removal);
    requireAssertions(uses.testStatements, out);
    cutAll(removal, uses);
    const exported = Node.isExportable(owner) && owner.hasExportKeyword();
    if (exported)
      out.finding(
        'api',
        field,
        `${options.type} loses the key ${options.field}: it is missing from what is serialised, and from the type others import.`,
      );
  },
};
