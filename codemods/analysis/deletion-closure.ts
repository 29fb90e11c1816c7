// What a deletion takes along: declarations whose every use was inside what goes, to a fixpoint.
import { ts } from 'ts-morph';
import { isInertClass, isInertNode } from './inert-node.ts';
import type { Member, Use } from './liveness-model.ts';
import type { Liveness } from './liveness.ts';

/** The whole deletion. */
export interface Deletion {
  readonly members: ReadonlySet<Member>;
  /** What becomes unused as well but is left: others could use it. */
  readonly leftUnused: readonly Member[];
}

function isExported(member: Member): boolean {
  return member.nodes.some((node) => (ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.Export) !== 0); // nodes of members are declarations
}

/** Private members, and declarations that are exported from no module. */
function isInternal(liveness: Liveness, member: Member): boolean {
  if (member.owner !== undefined) return member.visibility === 'private';
  return !isExported(member) && !liveness.graph.usesOf(member).some((use) => use.kind === 're-export');
}

/** Its initialiser runs when the class or module is set up: it may go only if nobody can see that it did not run. */
function isQuiet(member: Member): boolean {
  return member.nodes.every((node) => {
    if (ts.isParameter(node)) return false;
    if (ts.isClassDeclaration(node)) return isInertClass(node);
    const value = ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) ? node.initializer : undefined;
    return value === undefined || isInertNode(value);
  });
}

class Spreading {
  readonly #liveness: Liveness;
  readonly #gone: Set<Member>;

  constructor(liveness: Liveness, targets: ReadonlySet<Member>) {
    this.#liveness = liveness;
    this.#gone = new Set(targets);
  }

  get gone(): ReadonlySet<Member> {
    return this.#gone;
  }

  take(member: Member): void {
    for (const each of [member, ...this.#liveness.graph.members.childrenOf(member)]) this.#gone.add(each);
  }

  /** Members that had users, and have none outside what goes. */
  orphans(): readonly Member[] {
    const near = new Set([...this.#gone].flatMap((member) => this.#liveness.graph.usesFrom(member).map((use) => use.to)));
    return [...near].filter((member) => this.#isOrphan(member));
  }

  #isOrphan(member: Member): boolean {
    const { graph, roots } = this.#liveness;
    if (this.#gone.has(member) || member.kind === 'module' || member.test || roots.api.has(member)) return false;
    if (member.owner?.kind === 'interface' || member.owner?.kind === 'enum' || graph.dispatch.external.has(member)) return false;
    if (roots.live.some((root) => root.member === member)) return false;
    const relatives = [...graph.basesOf(member), ...(graph.dispatch.targets.get(member) ?? [])];
    if (!relatives.every((each) => this.#gone.has(each)) || !isQuiet(member)) return false;
    const own = new Set([member, ...graph.members.childrenOf(member)]);
    return [...own].every((each) => graph.usesOf(each).every((use) => this.#isInside(use, own)));
  }

  #isInside(use: Use, own: ReadonlySet<Member>): boolean {
    return use.kind === 're-export' || this.#gone.has(use.from) || own.has(use.from);
  }
}

/** Spreads from the targets; `all` takes exported declarations along that no entry offers. */
export function spreadDeletion(liveness: Liveness, targets: ReadonlySet<Member>, all: boolean): Deletion {
  const spreading = new Spreading(liveness, targets);
  for (;;) {
    const orphans = spreading.orphans();
    const next = orphans.filter((member) => all || isInternal(liveness, member));
    if (next.length === 0) return { members: spreading.gone, leftUnused: orphans };
    for (const member of next) spreading.take(member);
  }
}
