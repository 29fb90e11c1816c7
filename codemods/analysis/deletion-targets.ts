// Finds what a plan says shall go: declarations by name, members by `Class.member`, whole files.
import { nearestOf } from '../kernel/nearest.ts';
import type { Workspace } from '../kernel/workspace.ts';
import type { MemberIndex } from './liveness-members.ts';
import type { Member } from './liveness-model.ts';

/** As plans write it; paths are relative to the workspace. */
export interface DeletionOptions {
  readonly symbols?: readonly string[];
  readonly files?: readonly string[];
}

export interface DeletionTargets {
  /** The named declarations, and what belongs to them. */
  readonly members: ReadonlySet<Member>;
  /** What was named itself. */
  readonly named: readonly Member[];
  /** Names and files there are none of (any more), each with a sentence. */
  readonly missing: readonly string[];
}

/** `name`, `Class.member` or `file.ts#name`. */
function find(index: MemberIndex, symbol: string): readonly Member[] {
  const [path, label] = symbol.includes('#') && symbol.indexOf('#') > 0 ? symbol.split('#', 2) : [undefined, symbol];
  return index.all.filter(
    (each) => !each.test && each.kind !== 'module' && each.label === label && (path === undefined || each.path === path),
  );
}

function missingText(index: MemberIndex, symbol: string): string {
  const near = nearestOf(symbol, new Set(index.all.filter((each) => !each.test).map((each) => each.label)));
  return `there is no ${symbol} (any more)${near === undefined ? '' : `; the nearest name is ${near}`}`;
}

/** The members of the named declarations; a name that several declarations have means all of them. */
export function deletionTargets(workspace: Workspace, index: MemberIndex, options: DeletionOptions): DeletionTargets {
  const named: Member[] = [];
  const missing: string[] = [];
  for (const symbol of options.symbols ?? []) {
    const found = find(index, symbol);
    named.push(...found);
    if (found.length === 0) missing.push(missingText(index, symbol));
  }
  for (const file of options.files ?? []) {
    const path = workspace.relative(file);
    const inFile = index.all.filter((each) => each.path === path && each.owner === undefined);
    named.push(...inFile);
    if (inFile.length === 0) missing.push(`there is no source file ${path} (any more)`);
  }
  return { members: new Set(named.flatMap((each) => [each, ...index.childrenOf(each)])), named, missing };
}
