// What an operation changed besides what its structural claims say: a declaration that none of them names, or a name that arrived elsewhere with another meaning.
import type { ChangedFile } from '../kernel/result-checks.ts';
import { ts } from '../kernel/parse-source.ts';
import type { StructuralClaim } from '../kernel/proposal.ts';
import { tokensOf } from './code-tokens.ts';
import { isCodeFile, isTestFile } from './file-kinds.ts';
import { freeNames } from './judgement.ts';
import { type ModuleItem, type ModuleText, moduleText, stemOf } from './module-items.ts';
import { Env, NormalForm, NotReducible } from './normal-form.ts';

/** The claims this question is asked for; the others compare all there is themselves. */
type FramedClaim = Extract<StructuralClaim, { readonly kind: 'moved' | 'removed' | 'merged' }>;

interface Pair {
  readonly path: string;
  readonly before: ModuleText;
  readonly after: ModuleText;
}

interface Frame {
  readonly claims: readonly FramedClaim[];
  readonly pairs: readonly Pair[];
}

/** A claim's path may be relative to the root. */
function isSamePath(path: string, claimed: string): boolean {
  return path === claimed || path.endsWith(`/${claimed}`);
}

/** Types do not run, and what a module passes on is looked up by name elsewhere. */
function runs({ node }: ModuleItem): boolean {
  return !ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node) && !ts.isExportDeclaration(node);
}

function running(module: ModuleText): readonly ModuleItem[] {
  return module.items.filter(runs);
}

/** Every name a statement declares; that of its item for a class, a function or a member. */
function namesOf({ node, name }: ModuleItem): readonly string[] {
  return ts.isVariableStatement(node) ? node.declarationList.declarations.map((each) => each.name.getText()) : [name];
}

function isRemoved({ claims }: Frame, { path }: Pair, item: ModuleItem): boolean {
  const names = namesOf(item);
  return claims.some(
    (claim) =>
      claim.kind === 'removed' &&
      isSamePath(path, claim.from) &&
      names.every((name) => name === claim.name || name.startsWith(`${claim.name}.`)),
  );
}

function isMoved({ claims }: Frame, { path }: Pair, item: ModuleItem, end: 'from' | 'to'): boolean {
  const names = namesOf(item).map((name) => (ts.isClassElement(item.node) ? name.slice(0, name.indexOf('.')) : name));
  return names.every((name) =>
    claims.some((claim) => claim.kind === 'moved' && claim.name === name && isSamePath(path, claim[end])),
  );
}

function isHelper({ claims }: Frame, { path }: Pair, { name }: ModuleItem): boolean {
  return claims.some(
    (claim) =>
      claim.kind === 'merged' && isSamePath(path, claim.to) && (name === claim.helper || name.endsWith(`.${claim.helper}`)),
  );
}

/** Code with the clones of a file replaced by the calls that stand there now. */
function withCalls(frame: Frame, path: string, code: string): string {
  const clones = frame.claims.flatMap((claim) => (claim.kind === 'merged' ? claim.clones : []));
  return clones
    .filter((clone) => clone.path === path)
    .reduce((text, { original, call }) => {
      const [was, is] = [tokensOf(original).join(' '), tokensOf(call).join(' ')];
      return was === '' ? text : text.replace(was, () => is);
    }, code);
}

/** A constructor that does no longer fill the fields which are gone. */
function fillsFewer(frame: Frame, pair: Pair, before: ModuleItem, after: ModuleItem): boolean {
  if (!ts.isConstructorDeclaration(before.node) || !ts.isConstructorDeclaration(after.node)) return false;
  const owner = before.name.slice(0, before.name.indexOf('.'));
  const gone = (statement: ts.Statement): boolean => {
    const field = /^this\.([\w$#]+)\s*=[^=]/.exec(statement.getText())?.[1];
    const claimed = (claim: FramedClaim): boolean =>
      claim.kind === 'removed' && claim.name === `${owner}.${field ?? ''}` && isSamePath(pair.path, claim.from);
    return field !== undefined && frame.claims.some(claimed);
  };
  const code = (node: ts.ConstructorDeclaration, kept: (each: ts.Statement) => boolean): string =>
    [
      ...node.parameters.map((each) => each.getText()),
      ...(node.body?.statements ?? []).filter(kept).map((each) => each.getText()),
    ]
      .map((text) => tokensOf(text).join(' '))
      .join('\n');
  return code(before.node, (each) => !gone(each)) === code(after.node, () => true);
}

/** The first declaration of a file that is another one, or somewhere else, though no claim says so. */
function changeIn(frame: Frame, pair: Pair): string | undefined {
  const kept = running(pair.before).filter((item) => !isMoved(frame, pair, item, 'from'));
  const now = running(pair.after).filter((item) => !isMoved(frame, pair, item, 'to') && !isHelper(frame, pair, item));
  const shown = (item: ModuleItem): string =>
    `${item.name === '' ? `"${item.code.slice(0, 40)}"` : item.name} in ${pair.path} changed as well`;
  let at = 0;
  for (const item of kept) {
    const other = now[at];
    const isSame =
      other !== undefined &&
      (item.code === other.code || withCalls(frame, pair.path, item.code) === other.code || fillsFewer(frame, pair, item, other));
    if (isSame) at += 1;
    else if (!isRemoved(frame, pair, item)) return shown(item);
  }
  const more = now[at];
  return more === undefined ? undefined : shown(more);
}

/** A name of a declaration that moved and that is bound to something else where it stands now. */
function reboundIn(from: ModuleText, to: ModuleText, item: ModuleItem): string | undefined {
  const [old, now] = [`${stemOf(from.path)}#`, `${stemOf(to.path)}#`];
  for (const name of freeNames(new NormalForm().of(item.node, new Env(new Map())))) {
    const [was, is] = [from.bindings.get(name), to.bindings.get(name)];
    // What moved along is found in the new module; what stayed is imported from the old one.
    const followed = was === `${old}${name}` && is === `${now}${name}` && !running(from).some((each) => each.name === name);
    if (was !== is && !followed) return `${name} is ${is ?? 'a global'} in ${to.path} and was ${was ?? 'a global'}`;
  }
  return undefined;
}

function rebound({ claims, pairs }: Frame): string | undefined {
  for (const claim of claims) {
    if (claim.kind !== 'moved') continue;
    const from = pairs.find(({ path }) => isSamePath(path, claim.from));
    const to = pairs.find(({ path }) => isSamePath(path, claim.to));
    const items = to === undefined ? [] : running(to.after).filter((item) => item.name.split('.')[0] === claim.name);
    for (const item of items) {
      if (from === undefined || to === undefined) continue;
      const before = { ...from.before, items: from.after.items };
      const found = reboundIn(before, to.after, item);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/**
 * What changed besides what the claims name, in a sentence; undefined when nothing did. `files`: what the operation changed,
 * paths absolute. Test files, types, imports and what a module passes on are left out: other checks look at them.
 */
export function unclaimedChange(claims: readonly StructuralClaim[], files: readonly ChangedFile[]): string | undefined {
  const framed = claims.filter(
    (claim): claim is FramedClaim => claim.kind === 'moved' || claim.kind === 'removed' || claim.kind === 'merged',
  );
  const pairs = files
    .filter(({ path }) => isCodeFile(path) && !isTestFile(path))
    .map(({ path, before, after }) => ({ path, before: moduleText(path, before), after: moduleText(path, after) }));
  const frame: Frame = { claims: framed, pairs };
  const wholeFiles = new Set(
    framed.flatMap((claim) => (claim.kind === 'removed' ? pairs.filter(({ path }) => path.endsWith(`/${claim.name}`)) : [])),
  );
  try {
    return (
      pairs
        .filter((pair) => !wholeFiles.has(pair))
        .map((pair) => changeIn(frame, pair))
        .find((found) => found !== undefined) ?? rebound(frame)
    );
  } catch (thrown) {
    if (thrown instanceof NotReducible) return thrown.message;
    throw thrown;
  }
}
