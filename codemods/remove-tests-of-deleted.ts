// Codemod: remove-tests-of-deleted
//
// Removes the tests that exercise nothing but what is about to be deleted, with the helpers only they use; a file without
// a test left goes. Run it before the deletion, with the same `symbols` and `files`.
//
// A test goes when every production declaration it runs, constructs or reads, itself or through helpers and hooks, is
// among the deleted; types and plain constants are fixture data. Refused: a test that exercises deleted code and other
// code as well (the message lists such tests), and helpers that stay but use what goes.
//
// with { "symbols": ["Draft"] }
// ```ts
// // ---- draft.ts
// export class Draft {
//   text(): string {
//     return 'draft';
//   }
// }
// export const shout = (text: string): string => text.toUpperCase();
// // ---- draft.test.ts
// import { Draft, shout } from './draft.ts';
//
// declare function test(title: string, body: () => boolean): Promise<void>;
//
// /** A draft to look at. */
// const draft = (): Draft => new Draft();
//
// await test('has a text', () => draft().text() === 'draft');
//
// await test('shouts', () => shout('a') === 'A');
// ```
// ->
// ```ts
// // ---- draft.ts
// export class Draft {
//   text(): string {
//     return 'draft';
//   }
// }
// export const shout = (text: string): string => text.toUpperCase();
// // ---- draft.test.ts
// import { shout } from './draft.ts';
//
// declare function test(title: string, body: () => boolean): Promise<void>;
//
// await test('shouts', () => shout('a') === 'A');
// ```
//
// Refused: a test that looks at both.
//
// with { "symbols": ["draft"] }
// ```ts
// // ---- texts.ts
// export const draft = (): string => 'draft';
// export const final = (): string => 'final';
// // ---- texts.test.ts
// import { draft, final } from './texts.ts';
//
// declare function test(title: string, body: () => void): Promise<void>;
//
// await test('tells draft and final apart', () => {
//   if (draft() === final()) throw new Error('the same');
// });
// ```
// -> refused: REFIT_TESTS_MIXED
import { ts } from 'ts-morph';
import { deletionTargets } from './analysis/deletion-targets.ts';
import { isInertNode } from './analysis/inert-node.ts';
import { lineOfNode, type Member } from './analysis/liveness-model.ts';
import { membersOf } from './analysis/liveness.ts';
import { removalRanges } from './analysis/removal-ranges.ts';
import { suiteOfFile, testsIn, type TestBlock, type TestSuite } from './analysis/test-blocks.ts';
import { helperOf, TestReader, type TestReferences } from './analysis/test-references.ts';
import type { Codemod } from './kernel/codemod.ts';
import type { Proposal } from './kernel/proposal.ts';
import type { Workspace } from './kernel/workspace.ts';

interface Options {
  readonly symbols?: readonly string[];
  readonly files?: readonly string[];
  readonly data?: readonly string[];
}

/** The most tests a refusal lists. */
const LISTED = 8;

export const removeTestsOfDeleted: Codemod<Options> = {
  name: 'remove-tests-of-deleted',
  options: {
    symbols: { kind: 'list', help: 'declarations that are about to be deleted: Name, Class.member or file.ts#Name' },
    files: { kind: 'list', help: 'files that are about to be deleted with all they declare' },
    data: { kind: 'list', help: 'production names that tests use as mere fixture data' },
  },
  propose(workspace, options, out) {
    const index = membersOf(workspace);
    const targets = deletionTargets(workspace, index, options);
    for (const missing of targets.missing) out.skip({ path: '', line: 1 }, missing);
    if (targets.named.length === 0) return;
    const reader = new TestReader(workspace.project.getTypeChecker().compilerObject, index);
    const isGone = (member: Member): boolean => targets.members.has(member);
    const data = new Set(options.data ?? []);
    const isFixture = (member: Member): boolean =>
      data.has(member.label) || data.has(member.owner?.name ?? member.name) || isConstant(member);
    const verdict: Judge = (references) => judge(references, isGone, isFixture);
    const files = [...index.modules].filter(([, module]) => module.test).map(([file]) => planFor(file, reader, verdict));
    const plans = withHelperModules(files, reader, verdict);
    requireUnmixed(workspace, plans, out);
    for (const plan of plans) requireNothingLeft(plan, reader, verdict, out);
    for (const plan of plans) carryOut(workspace, plan, out);
    const removed = plans.flatMap((plan) => plan.removed);
    if (removed.length === 0) return;
    out.holds(
      'every removed test refers to no production code but the deleted',
      `${String(countOf(removed))} tests, each followed through its helpers and hooks`,
    );
  },
};

/** Plain constants are data, whoever declares them. */
function isConstant(member: Member): boolean {
  return (
    member.kind === 'variable' &&
    member.nodes.every((node) => ts.isVariableDeclaration(node) && node.initializer !== undefined && isData(node.initializer))
  );
}

function isData(value: ts.Expression): boolean {
  return isInertNode(value) && !ts.isArrowFunction(value) && !ts.isFunctionExpression(value);
}

/** `apart`: does not look at deleted code. `gone`: looks at nothing else. `mixed`: looks at other code too, which is named. */
type Verdict =
  | { readonly kind: 'apart' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'mixed'; readonly other: readonly string[] };
type Judge = (references: TestReferences) => Verdict;

function judge(
  { values, types }: TestReferences,
  isGone: (member: Member) => boolean,
  isFixture: (member: Member) => boolean,
): Verdict {
  if (![...values, ...types].some(isGone)) return { kind: 'apart' };
  const other = [...values].filter((member) => !isGone(member) && !isFixture(member));
  return other.length === 0 ? { kind: 'gone' } : { kind: 'mixed', other: other.map((member) => member.label) };
}

/** What becomes of one test file. */
interface FilePlan {
  readonly file: ts.SourceFile;
  readonly suite: TestSuite;
  readonly removed: readonly TestBlock[];
  readonly mixed: readonly { readonly test: TestBlock; readonly other: readonly string[] }[];
  /** Statements and declarations that go. */
  readonly nodes: readonly ts.Node[];
  readonly whole: boolean;
}

function planFor(file: ts.SourceFile, reader: TestReader, verdict: Judge): FilePlan {
  const suite = suiteOfFile(file);
  const tests = testsIn(suite).map(({ test, setUp }) => ({ test, verdict: verdict(reader.of([test.node, ...setUp])) }));
  const removed = tests.filter((each) => each.verdict.kind === 'gone').map((each) => each.test);
  const mixed = tests.flatMap(({ test, verdict: each }) => (each.kind === 'mixed' ? [{ test, other: each.other }] : []));
  const whole = removed.length > 0 && removed.length === tests.length;
  const gone = new Set<ts.Node>(removed.map((test) => test.node));
  if (!whole) addOrphans(file, emptied(suite, gone), reader);
  return { file, suite, removed, mixed, nodes: outermost(gone), whole };
}

/** Suites nothing is left in go as a whole. */
function emptied(suite: TestSuite, gone: Set<ts.Node>): Set<ts.Node> {
  for (const each of suite.suites) emptied(each, gone);
  const inside = [...suite.tests.map((test) => test.node), ...suite.suites.flatMap((each) => each.node ?? [])];
  if (suite.node !== undefined && inside.length > 0 && inside.every((node) => gone.has(node))) gone.add(suite.node);
  return gone;
}

/** Nodes that lie in no other of the set. */
function outermost(nodes: ReadonlySet<ts.Node>): readonly ts.Node[] {
  return [...nodes].filter(
    (node) => ![...nodes].some((other) => other !== node && other.pos <= node.pos && node.end <= other.end),
  );
}

/** The statement that declares a helper, when it declares nothing else and evaluating it cannot be seen. */
function removableStatement(helper: ts.Node): ts.Node | undefined {
  if (!ts.isVariableDeclaration(helper)) return ts.isClassDeclaration(helper) || isTypeOrFunction(helper) ? helper : undefined;
  const list = helper.parent;
  const quiet = helper.initializer === undefined || isInertNode(helper.initializer);
  return ts.isVariableDeclarationList(list) && list.declarations.length === 1 && quiet ? list.parent : undefined;
}

function isTypeOrFunction(node: ts.Node): boolean {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node)
  );
}

function isExported(node: ts.Node): boolean {
  return (ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.Export) !== 0; // helpers are declarations
}

/** Helpers that only what goes has used go too, to a fixpoint. */
function addOrphans(file: ts.SourceFile, gone: Set<ts.Node>, reader: TestReader): void {
  if (gone.size === 0) return;
  const helpers = helpersIn(file);
  const inGone = (node: ts.Node): boolean => [...gone].some((each) => each.pos <= node.pos && node.end <= each.end);
  for (let changed = true; changed;) {
    changed = false;
    for (const [helper, users] of usersOf(file, helpers, reader)) {
      const statement = removableStatement(helper);
      if (statement === undefined || inGone(statement) || isExported(helper) || users.length === 0 || !users.every(inGone))
        continue;
      gone.add(statement);
      changed = true;
    }
  }
}

function helpersIn(file: ts.SourceFile): readonly ts.Node[] {
  const found = new Set<ts.Node>();
  const visit = (node: ts.Node): void => {
    const helper = helperOf(node);
    if (helper === node) found.add(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...found];
}

/** Helper → the smallest statements or helpers that name it. */
function usersOf(file: ts.SourceFile, helpers: readonly ts.Node[], reader: TestReader): ReadonlyMap<ts.Node, readonly ts.Node[]> {
  const users = new Map<ts.Node, ts.Node[]>(helpers.map((helper) => [helper, []]));
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) for (const helper of reader.helpersOf(node)) users.get(helper)?.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return users;
}

/** Modules of helpers without tests, which only files that go have imported, go as well. */
function withHelperModules(plans: readonly FilePlan[], reader: TestReader, verdict: Judge): readonly FilePlan[] {
  const importers = new Map<ts.SourceFile, FilePlan[]>();
  for (const plan of plans) {
    for (const used of importedBy(plan.file, plans)) importers.set(used.file, [...(importers.get(used.file) ?? []), plan]);
  }
  return plans.map((plan) => {
    const users = importers.get(plan.file) ?? [];
    const orphaned = testsIn(plan.suite).length === 0 && users.length > 0 && users.every((user) => user.whole);
    return orphaned && verdict(reader.of([plan.file])).kind !== 'apart' ? { ...plan, whole: true } : plan;
  });
}

function importedBy(file: ts.SourceFile, plans: readonly FilePlan[]): readonly FilePlan[] {
  const specifiers = file.statements.flatMap((each) =>
    ts.isImportDeclaration(each) && ts.isStringLiteral(each.moduleSpecifier) ? [each.moduleSpecifier.text] : [],
  );
  const stems = new Set(
    specifiers.filter((each) => each.startsWith('.')).map((each) => stemOf(new URL(each, `file://${file.fileName}`).pathname)),
  );
  return plans.filter((plan) => stems.has(stemOf(plan.file.fileName)));
}

function stemOf(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, '');
}

function requireUnmixed(workspace: Workspace, plans: readonly FilePlan[], out: Proposal): void {
  const mixed = plans.flatMap((plan) => plan.mixed.map((each) => ({ ...each, file: plan.file })));
  const [first] = mixed;
  if (first === undefined) return;
  const lines = mixed
    .slice(0, LISTED)
    .map(
      ({ file, test, other }) =>
        `${workspace.relative(file.fileName)}:${String(lineOfNode(test.node))} "${test.title}" also uses ${other.slice(0, 3).join(', ')}`,
    );
  const more = mixed.length > LISTED ? `\n  and ${String(mixed.length - LISTED)} more` : '';
  out.refuse(
    'REFIT_TESTS_MIXED',
    { path: first.file.fileName, line: lineOfNode(first.test.node) },
    `Tests that look at what goes look at other code too:\n  ${lines.join('\n  ')}${more}\nSplit them, or list what they use as mere data in \`data\`.`,
  );
}

/** What stays of a file must not use what goes. */
function requireNothingLeft(plan: FilePlan, reader: TestReader, verdict: Judge, out: Proposal): void {
  if (plan.whole) return;
  const gone = new Set(plan.nodes);
  const visit = (node: ts.Node): void => {
    if (gone.has(node) || ts.isImportDeclaration(node)) return;
    const names = ts.isIdentifier(node) ? reader.of([node]) : undefined;
    const direct = names === undefined || helperNamed(reader, node) ? undefined : verdict(names);
    if (direct !== undefined && direct.kind !== 'apart') {
      const place = { path: plan.file.fileName, line: lineOfNode(node) };
      out.refuse(
        'REFIT_TESTS_MIXED',
        place,
        `${node.getText()} is used here outside the tests that go. Move it into them, or take it out first.`,
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(plan.file);
}

function helperNamed(reader: TestReader, node: ts.Node): boolean {
  return reader.helpersOf(node).length > 0;
}

function countOf(tests: readonly TestBlock[]): number {
  return tests.reduce((sum, test) => sum + test.tests, 0);
}

function carryOut(workspace: Workspace, plan: FilePlan, out: Proposal): void {
  const path = plan.file.fileName;
  const count = countOf(plan.removed);
  if (plan.whole) {
    out.deleteFile(path);
    out.finding(
      'note',
      { path, line: 1 },
      count === 0 ? 'helpers of removed tests go with them' : `${String(count)} tests removed, the file goes with them`,
    );
  } else if (plan.nodes.length > 0) {
    for (const range of removalRanges(plan.file.text, plan.nodes)) out.edit(path, range, '', 'deleted');
    out.finding(
      'note',
      { path, line: 1 },
      `${String(count)} tests removed, ${String(testsIn(plan.suite).length - plan.removed.length)} stay`,
    );
  }
  for (const test of plan.removed) out.claim({ kind: 'removed', name: `test "${test.title}"`, from: workspace.relative(path) });
}
