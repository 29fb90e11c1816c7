// The proof of an extraction, on texts alone: the new function, put back where it is called, is the code that stood there, and all else is as it was.
import { ts, walk } from '../kernel/parse-source.ts';
import { callSite, callsOf } from './call-site.ts';
import { type Extracted, type InlinedCall, inlinedCall, isAsyncFunction } from './inlined-call.ts';
import { type ModuleItem, type ModuleText, moduleText, stemOf } from './module-items.ts';
import { different, freeNames, type Judgement, judgement, parting, type TextPair, undecided } from './judgement.ts';
import { Env, NormalForm } from './normal-form.ts';
import { named } from './running-code.ts';

interface Trees {
  readonly before: ModuleText;
  readonly after: ModuleText;
  readonly target: ModuleText;
  readonly targetBefore: ModuleText;
}

function isFunctionItem(item: ModuleItem): item is ModuleItem & { readonly node: Extracted } {
  return (ts.isFunctionDeclaration(item.node) || ts.isMethodDeclaration(item.node)) && item.node.body !== undefined;
}

/** The new function: in no text before, once after. */
function helperIn(trees: Trees, name: string): ModuleItem & { readonly node: Extracted } {
  const isNamed = (item: ModuleItem): boolean => item.name === name || item.name.endsWith(`.${name}`);
  const known = [...trees.before.items, ...trees.targetBefore.items].filter(isNamed).map((item) => item.name);
  const [found, more] = trees.target.items.filter((item) => isNamed(item) && !known.includes(item.name)).filter(isFunctionItem);
  if (found === undefined) return different(known.length > 0 ? `${name} was there before` : `${name} is not there as a function`);
  if (ts.isFunctionDeclaration(found.node) && named(trees.before.source, name).length > 0)
    return different(`${name} meant something else before`);
  return more === undefined ? found : undecided(`${name} is declared more than once`);
}

/** Declarations that went to the target with the function, unchanged. */
function movedAlong(trees: Trees): ReadonlySet<string> {
  const kept = new Set(trees.after.items.map((item) => item.code));
  const arrived = new Set(trees.target.items.map((item) => item.code));
  if (trees.after === trees.target) return new Set();
  return new Set(trees.before.items.filter((item) => !kept.has(item.code) && arrived.has(item.code)).map((item) => item.code));
}

/** The one item that is another now. All others must be the same, in the same order. */
function changedItem(
  trees: Trees,
  helper: ModuleItem,
  moved: ReadonlySet<string>,
): readonly [before: ModuleItem, after: ModuleItem] {
  const before = trees.before.items.filter((item) => !moved.has(item.code));
  const after = trees.after.items.filter((item) => item !== helper);
  const pairs = before.map((item, at) => [item, after[at]] as const).filter(([a, b]) => a.code !== b?.code);
  if (before.length !== after.length) different('declarations came or went besides the function');
  const [first, second] = pairs;
  if (first === undefined || first[1] === undefined) return different('nothing calls the function');
  if (second !== undefined) different(`${second[0].name} changed as well`);
  return [first[0], first[1]];
}

/** A file the function went to that was there already has nothing else that is new. */
function requireSameTarget(trees: Trees, helper: ModuleItem, moved: ReadonlySet<string>): void {
  if (trees.after === trees.target) return;
  const rest = trees.target.items.filter((item) => item !== helper && !moved.has(item.code)).map((item) => item.code);
  const before = trees.targetBefore.items.map((item) => item.code);
  if (rest.join('\n') !== before.join('\n')) different(`${trees.target.path} changed besides the function`);
}

/** A module that neither file loads any more: what it does when it is loaded may be lost. */
function loadDoubts({ before, after, target }: Trees): readonly string[] {
  const lost = [...before.loads].find((module) => !after.loads.has(module) && !target.loads.has(module));
  return lost === undefined ? [] : [`${lost} is not loaded any more by these files`];
}

/** Names that a module binds mean the same as before; what is new is the function, and what moved with it. */
function requireSameImports({ before, after, target }: Trees, name: string): void {
  for (const [local, binding] of after.bindings) {
    const old = before.bindings.get(local);
    const arrived = binding === `${stemOf(target.path)}#${local}`;
    if (old === binding || (arrived && (local === name || old === `${stemOf(before.path)}#${local}`))) continue;
    if (old !== undefined || named(before.source, local).length > 0) different(`${local} is bound to ${binding} now`);
  }
  for (const [local] of before.bindings)
    if (!after.bindings.has(local) && named(after.source, local).length > 0) different(`${local} is not bound any more`);
}

/** The same name, once by a path and once by an alias for paths or a package's own name. */
function isMaybeSame(was: string | undefined, is: string | undefined): boolean {
  if (was === undefined || is === undefined) return false;
  const nameIn = (binding: string): string => binding.slice(binding.lastIndexOf('#'));
  return nameIn(was) === nameIn(is) && !(was.startsWith('/') && is.startsWith('/'));
}

/** Every name of a module that the function uses is bound to what it was bound to where the code stood. */
function requireSameNames({ before, target }: Trees, helper: ModuleItem, moved: ReadonlySet<string>): void {
  if (before.path === target.path) return;
  const own = `${stemOf(before.path)}#`;
  const along = new Set(before.items.filter((item) => moved.has(item.code)).map((item) => item.name));
  for (const name of freeNames(new NormalForm().of(helper.node, new Env(new Map())))) {
    if (name === helper.name) continue;
    const was = before.bindings.get(name);
    const is = target.bindings.get(name);
    const followed = was === `${own}${name}` && along.has(name) && is === `${stemOf(target.path)}#${name}`;
    if (was === is || followed) continue;
    if (isMaybeSame(was, is)) undecided(`${name} comes from ${is ?? ''} in the function and from ${was ?? ''} before`);
    different(`${name} is ${is ?? 'a global'} in the function and was ${was ?? 'a global'}`);
  }
}

/** The code before with a run of statements that the function starts with moved down; each way to do it. */
function movedDown(owner: ts.Node, leading: readonly ts.Statement[]): readonly string[] {
  const lists: (ts.Block | ts.CaseOrDefaultClause)[] = [];
  walk(owner, (node) => {
    if (ts.isBlock(node) || ts.isCaseOrDefaultClause(node)) lists.push(node);
  });
  const count = leading.length;
  return lists.flatMap((list) => {
    const { statements } = list;
    const starts = statements.flatMap((_, at) =>
      leading.every((each, k) => statements[at + k]?.kind === each.kind) ? [at] : [],
    );
    return starts.flatMap((start) => {
      const run = statements.slice(start, start + count);
      const rest = [...statements.slice(0, start), ...statements.slice(start + count)];
      const places = rest.map((_, at) => at).filter((at) => at > start);
      return places.map((at) =>
        new NormalForm({ order: { list, statements: rest.toSpliced(at, 0, ...run) } }).of(owner, new Env(new Map())),
      );
    });
  });
}

function compared(owners: readonly [ModuleItem, ModuleItem], inlined: InlinedCall, helper: Extracted): readonly string[] {
  const nothing = new Env(new Map());
  const now = new NormalForm({ expansion: inlined.expansion }).of(owners[1].node, nothing);
  const then = new NormalForm().of(owners[0].node, nothing);
  if (now === then) return inlined.doubts;
  const { leading } = inlined;
  if (leading.length > 0 && movedDown(owners[0].node, leading).includes(now))
    return [...inlined.doubts, `${String(leading.length)} statements run later than before`];
  const scratch = helper.body.statements[0];
  const keepsOwn =
    scratch !== undefined &&
    ts.isVariableStatement(scratch) &&
    scratch.declarationList.declarations[0]?.initializer === undefined;
  if (keepsOwn && !inlined.expansion.takes.includes(scratch) && named(owners[1].node, declaredName(scratch)).length > 0)
    return undecided('the function keeps a variable of its own for one of its caller');
  return different(parting(now, then));
}

function declaredName(statement: ts.Statement): string {
  return ts.isVariableStatement(statement) ? (statement.declarationList.declarations[0]?.name.getText() ?? '') : '';
}

function isUnsteady({ before }: Trees): (name: string) => boolean {
  return (name) => {
    const item = before.items.find((each) => each.name === name);
    if (item === undefined) return before.bindings.has(name);
    return ts.isVariableStatement(item.node) && (item.node.declarationList.flags & ts.NodeFlags.Const) === 0;
  };
}

function waits(helper: Extracted): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) found = true;
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  visit(helper.body);
  return found;
}

function judged(trees: Trees, name: string): readonly string[] {
  const helper = helperIn(trees, name);
  const moved = movedAlong(trees);
  const owners = changedItem(trees, helper, moved);
  requireSameTarget(trees, helper, moved);
  requireSameImports(trees, name);
  requireSameNames(trees, helper, moved);
  const { calls, others } = callsOf(owners[1].node, name);
  const [call, more] = calls;
  if (call === undefined) return different('nothing calls the function');
  if (more !== undefined || others > 0) undecided('the function is used more than once');
  const site = callSite(call) ?? undecided('the call stands in no statement');
  if (isAsyncFunction(helper.node) && site.whole === site.call) different('the function is async and its call is not awaited');
  if (isAsyncFunction(helper.node) && !waits(helper.node)) different('the function is async and nothing in it waits');
  const inlined = inlinedCall(site, helper.node, { owner: owners[1].node, isUnsteady: isUnsteady(trees) });
  return [...compared(owners, inlined, helper.node), ...loadDoubts(trees)];
}

/**
 * Judges that `name` in the file `to` was extracted from the file `from`. Reading a property is taken to have no effect of
 * its own; a parameter counts as its argument only where nothing runs in between that could change it.
 */
export function extractionUndone(claim: { readonly name: string; readonly from: TextPair; readonly to: TextPair }): Judgement {
  const { name, from, to } = claim;
  const after = moduleText(from.path, from.after);
  const own = from.path === to.path;
  const before = moduleText(from.path, from.before);
  const target = own ? after : moduleText(to.path, to.after);
  const targetBefore = own ? before : moduleText(to.path, to.before);
  return judgement(() => judged({ before, after, target, targetBefore }, name));
}
