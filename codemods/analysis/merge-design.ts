// From the selected clones to the design of their helper: differences, holes, captured values, result, and all texts.
import { type ClassDeclaration, Node } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { reindent } from '../kernel/indent.ts';
import { indentAt } from '../kernel/text-positions.ts';
import type { Workspace } from '../kernel/workspace.ts';
import { AntiUnifier, type Difference } from './anti-unify.ts';
import { type Captured, type Captures, capturesOf, captureReplacements } from './clone-captures.ts';
import { type HoleName, HoleTable } from './clone-holes.ts';
import { type ContextName, type HelperDesign, helperText, inContext, isDirect } from './clone-print.ts';
import { type Results, resultsOf } from './clone-results.ts';
import { type CloneScope, nodesOf, scopeOf } from './clone-scope.ts';
import { type Clone, type CloneSelector, selectClone } from './clone-selector.ts';
import { TypeTable } from './clone-types.ts';
import { controlExits } from './control-exits.ts';

/** What a merge is asked for. */
export interface MergeRequest {
  readonly clones: readonly CloneSelector[];
  /** The file of the clones that do not name one. */
  readonly file?: string;
  /** The helper's name. */
  readonly name: string;
  /** The file the helper goes to, as a function; default: a private method of the class, or a function beside the clones. */
  readonly to?: string;
  /** The member or function the helper stands behind; default: the last one with a clone. */
  readonly after?: string;
  readonly doc?: string;
  /** The comment at the head of a new file. */
  readonly moduleDoc?: string;
  /** Names of the holes, in the order of the text. */
  readonly holes?: readonly (string | HoleName)[];
  /** Names of the type parameters. */
  readonly types?: readonly string[];
  readonly descriptor?: { readonly name?: string; readonly type?: string; readonly doc?: string };
  /** Puts the captured values into one parameter object. */
  readonly context?: ContextName;
  /** Names for captured values: `this.systemStatistics` → `statistics`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface MergeDesign {
  readonly clones: readonly [Clone, ...Clone[]];
  readonly scopes: readonly [CloneScope, ...CloneScope[]];
  readonly differences: readonly Difference[];
  readonly captures: Captures;
  readonly results: Results;
  readonly types: TypeTable;
  readonly helper: HelperDesign;
  readonly helperText: string;
  /** The class the helper becomes a method of. */
  readonly owner: ClassDeclaration | undefined;
}

/** The clones that a request names. */
export function selectClones(workspace: Workspace, request: MergeRequest): readonly [Clone, ...Clone[]] {
  const clones = request.clones.map((selector) => {
    const file = selector.file ?? request.file;
    if (file === undefined)
      throw new Refusal(
        'REFIT_FILE_UNKNOWN',
        `The clone in ${selector.in} names no file. Give \`file\` for it, or one for all clones.`,
      );
    return selectClone(workspace.sourceFile(file), selector);
  });
  const [first, second, ...more] = clones;
  if (first === undefined || second === undefined) {
    throw new Refusal(
      'REFIT_MERGE_CLONES',
      `Found ${String(clones.length)} clone. Expected two or more: name each with \`in\`, \`case\`, \`from\`, \`to\`.`,
    );
  }
  return [first, second, ...more];
}

/** The class that all clones are in, when the helper is to be a method. */
function ownerOf(request: MergeRequest, clones: readonly Clone[]): ClassDeclaration | undefined {
  if (request.to !== undefined) return undefined;
  const classes = clones.map((clone) => clone.owner.getParent());
  const [first] = classes;
  if (first === undefined || !Node.isClassDeclaration(first)) return undefined;
  const other = classes.findIndex((each) => each !== first);
  if (other < 0) return first;
  const place = clones[other];
  const message = 'The clones are in different classes. Say in `to` which file the helper goes to.';
  throw new Refusal('REFIT_MERGE_CLONES', message, place === undefined ? undefined : placeOf(place.owner));
}

function isStatic(clone: Clone): boolean {
  return Node.isMethodDeclaration(clone.owner) && clone.owner.isStatic();
}

function differencesOf(clones: readonly Clone[], unifier: AntiUnifier): readonly Difference[] {
  const results = clones.flatMap((clone) => clone.result ?? []);
  if (results.length > 0 && results.length < clones.length) {
    throw new Refusal('REFIT_MERGE_CLONES', 'Some clones name a `result` and some do not. Name it for all of them, or for none.');
  }
  const found = unifier.statements(clones.map((clone) => clone.statements));
  const inResult = results.length === 0 ? [] : unifier.unify(results);
  if (found !== undefined && inResult !== undefined) return [...found, ...inResult];
  throw new Refusal(
    'REFIT_MERGE_SHAPE',
    'The results of the clones differ in a way no hole can stand for. Choose another `result`.',
    results[0] === undefined ? undefined : placeOf(results[0]),
  );
}

/** Something of the first clone must stay outside of the holes. */
function requireCommon(clone: Clone, differences: readonly Difference[]): void {
  const runs = new Set(differences.flatMap((each) => (each.kind === 'statements' ? (each.cells[0] ?? []) : [])));
  if (clone.statements.some((each) => !runs.has(each))) return;
  const message =
    'The clones do not have the same control skeleton: no statement of the first has its like in the others. Choose other ranges.';
  throw new Refusal('REFIT_MERGE_SKELETON', message, placeOf(clone.statements[0]));
}

/** A helper that waits makes each of its callers wait. */
function requireSameWaiting(clones: readonly Clone[]): boolean {
  const awaits = clones.map((clone) => controlExits(nodesOf(clone)).awaits.length > 0);
  const [first] = awaits;
  const other = clones[awaits.findIndex((each) => each !== first)];
  if (other === undefined) return first === true;
  const message =
    'The clones do not have the same control skeleton: some await and some do not. Choose ranges that all await, or none.';
  throw new Refusal('REFIT_MERGE_SKELETON', message, placeOf(other.statements[0]));
}

function formOf(owner: ClassDeclaration | undefined, clones: readonly Clone[], usesThis: boolean): HelperDesign['form'] {
  if (owner === undefined) return 'function';
  const statics = clones.filter(isStatic);
  const [first] = statics;
  if (first === undefined) return 'method';
  if (usesThis && statics.length < clones.length) {
    throw new Refusal(
      'REFIT_MERGE_THIS',
      'The clones use `this`, which is the object in some and the class in others. Merge into a function (`to`).',
      placeOf(first.owner),
    );
  }
  return 'static';
}

/** Names of the first clone that new parameters must not hide. */
function requireFreeNames(helper: HelperDesign, scopes: readonly CloneScope[]): void {
  const own = isDirect(helper.fields)
    ? helper.fields.map((field) => field.name)
    : helper.fields.length > 0
      ? [helper.descriptorName]
      : [];
  const made = helper.context === undefined ? own : [...own, helper.context.name];
  const used = new Set(scopes[0]?.uses.map((use) => use.baseName));
  const names = helper.fields.map((field) => field.name);
  const taken = made.find((name) => used.has(name)) ?? names.find((name, at) => names.indexOf(name) !== at);
  if (taken === undefined) return;
  throw new Refusal(
    'REFIT_MERGE_NAME_TAKEN',
    `The name ${taken} is used twice in the helper. Give another name (\`holes\`, \`descriptor.name\`, \`context.name\`).`,
  );
}

/** The table of holes for a message. */
export function holeList(helper: HelperDesign): string {
  return helper.fields
    .map(
      (field, at) =>
        `\n  ${String(at + 1)} ${field.name}: ${field.cells.map((cell) => (cell ?? '–').replaceAll(/\s+/g, ' ').slice(0, 60)).join(' | ')}`,
    )
    .join('');
}

function requireHoleNames(request: MergeRequest, helper: HelperDesign): void {
  if (request.holes === undefined || request.holes.length === helper.fields.length) return;
  const message = `${String(request.holes.length)} names are given in \`holes\`, the clones differ in ${String(helper.fields.length)}:${holeList(helper)}\nName each of them, in this order.`;
  throw new Refusal('REFIT_MERGE_HOLES', message);
}

function pascal(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** What the request says about the helper. */
function named({
  name,
  doc,
  descriptor,
  context,
  to,
}: MergeRequest): Pick<
  HelperDesign,
  'name' | 'doc' | 'descriptorName' | 'descriptorType' | 'descriptorDoc' | 'context' | 'isExported'
> {
  return {
    name,
    doc,
    descriptorName: descriptor?.name ?? 'descriptor',
    descriptorType: descriptor?.type ?? `${pascal(name)}Descriptor`,
    descriptorDoc: descriptor?.doc,
    context,
    isExported: to !== undefined,
  };
}

/** The whole design. Refused when the clones cannot be one helper. */
export function designMerge(workspace: Workspace, request: MergeRequest): MergeDesign {
  const clones = selectClones(workspace, request);
  const owner = ownerOf(request, clones);
  const unifier = new AntiUnifier();
  const differences = differencesOf(clones, unifier);
  requireCommon(clones[0], differences);
  const isAsync = requireSameWaiting(clones);
  const [firstClone, ...otherClones] = clones;
  const scopes: readonly [CloneScope, ...CloneScope[]] = [
    scopeOf(firstClone, unifier.names),
    ...otherClones.map((clone) => scopeOf(clone, unifier.names)),
  ];
  const types = new TypeTable(request.types ?? []);
  const table = new HoleTable(
    scopes,
    types,
    (request.holes ?? []).map((each) => (typeof each === 'string' ? { name: each } : each)),
  );
  table.encode(differences);
  const captures = capturesOf({
    scopes,
    differences,
    types,
    withoutThis: owner === undefined,
    renames: request.parameters ?? {},
  });
  const results = resultsOf(scopes, types);
  const helper: HelperDesign = {
    ...named(request),
    captured: captures.values,
    fields: table.fields,
    typeParameters: types.parameters,
    returned: results.returned,
    isAsync,
    form: formOf(owner, clones, captures.usesThis),
  };
  requireHoleNames(request, helper);
  requireFreeNames(helper, scopes);
  const held = inContext(helper);
  const { context } = request;
  const reach = (value: Captured): string =>
    context !== undefined && held.includes(value) ? `${context.name}.${value.name}` : value.name;
  const replacements = [...table.replacements, ...captureReplacements(captures.values, reach)];
  return {
    clones,
    scopes,
    differences,
    captures,
    results,
    types,
    helper,
    helperText: helperText(helper, scopes[0], replacements),
    owner,
  };
}

/** A clone's own text without the file's indentation, with the statement its result stands in. */
export function originalText(clone: Clone): string {
  const text = clone.file.getFullText();
  const [first] = clone.statements;
  const next = clone.result === undefined ? undefined : statementOf(clone.result);
  const end = next?.getEnd() ?? clone.statements.at(-1)?.getEnd() ?? first.getEnd();
  return reindent(text.slice(first.getStart(), end), '', indentAt(text, first.getStart()));
}

export function statementOf(node: Node): Node {
  return node.getFirstAncestor((each) => Node.isStatement(each) && !Node.isBlock(each)) ?? node;
}
