// Reachability over members: which are reached from which roots, by which shortest way, and what falls when one is gone.
import type { Dispatch } from './liveness-dispatch.ts';
import type { MemberIndex } from './liveness-members.ts';
import { storingKinds, type Member, type Use, type Variant } from './liveness-model.ts';
import type { Root } from './liveness-roots.ts';

/** How a member was reached: the root's reason, or the member before it on the way. */
export interface Step<Stage> {
  readonly stage: Stage;
  readonly why: string;
  readonly via: Member | undefined;
}

/** What a search has reached: a map, or a part of one laid over what counts as reached already. */
export interface Reached<Stage> {
  has(member: Member): boolean;
  set(member: Member, step: Step<Stage>): unknown;
}

/** What is left out of a search. */
export interface Without {
  readonly members: ReadonlySet<Member>;
  readonly variants: ReadonlySet<Variant>;
}

const nothing: Without = { members: new Set(), variants: new Set() };

/** The uses of a program as a graph. */
export class LivenessGraph {
  readonly members: MemberIndex;
  readonly dispatch: Dispatch;
  readonly #from = new Map<Member, Use[]>();
  readonly #to = new Map<Member, Use[]>();
  readonly #edges = new Map<Member, Edges>();
  /** Class member → the members it overrides or implements. */
  readonly #basesOf = new Map<Member, Member[]>();

  constructor(members: MemberIndex, uses: readonly Use[], dispatch: Dispatch) {
    this.members = members;
    this.dispatch = dispatch;
    for (const use of uses) {
      this.#from.set(use.from, pushed(this.#from.get(use.from), use));
      this.#to.set(use.to, pushed(this.#to.get(use.to), use));
      this.#addEdge(use);
    }
    for (const [base, targets] of dispatch.targets) {
      for (const target of targets) this.#basesOf.set(target, pushed(this.#basesOf.get(target), base));
    }
  }

  #addEdge(use: Use): void {
    if (storingKinds.has(use.kind)) return;
    const edges = this.#edges.get(use.from) ?? { always: new Set(), guarded: [] };
    this.#edges.set(use.from, edges);
    if (use.guard === undefined) edges.always.add(use.to);
    else edges.guarded.push([use.guard, use.to]);
  }

  usesOf(member: Member): readonly Use[] {
    return this.#to.get(member) ?? [];
  }

  usesFrom(member: Member): readonly Use[] {
    return this.#from.get(member) ?? [];
  }

  /** The members of bases and interfaces that `member` overrides or implements. */
  basesOf(member: Member): readonly Member[] {
    return this.#basesOf.get(member) ?? [];
  }

  /** Reaches on from `roots`, over what `reached` holds already; a class member is dispatched to once its class is reached. */
  spread<Stage>(reached: Reached<Stage>, roots: readonly Root[], stage: Stage, without: Without = nothing): void {
    const waiting: Member[] = [];
    const reach = (member: Member, why: string, via: Member | undefined): void => {
      if (reached.has(member) || without.members.has(member)) return;
      reached.set(member, { stage, why, via });
      waiting.push(member);
    };
    for (const root of roots) reach(root.member, root.why, undefined);
    for (let at = 0; at < waiting.length; at += 1) {
      const member = waiting[at];
      if (member === undefined) break;
      for (const next of this.#next(member, reached, without)) reach(next, '', member);
    }
  }

  *#next(member: Member, reached: { has(member: Member): boolean }, without: Without): Iterable<Member> {
    if (member.owner !== undefined) yield member.owner;
    const module = this.members.modules.get(member.file);
    if (module !== undefined) yield module;
    yield* this.#followed(member, without);
    for (const target of this.dispatch.targets.get(member) ?? [])
      if (target.owner === undefined || reached.has(target.owner)) yield target;
    for (const child of this.members.childrenOf(member)) {
      if (isPartOfOwner(child) && !without.members.has(child)) yield* this.#followed(child, without);
      if (this.dispatch.external.has(child) || this.basesOf(child).some((base) => reached.has(base))) yield child;
    }
  }

  /** What the code of a member uses; storing into a field does not keep the field alive. */
  *#followed(member: Member, without: Without): Iterable<Member> {
    const edges = this.#edges.get(member);
    if (edges === undefined) return;
    yield* edges.always;
    for (const [guard, to] of edges.guarded) if (!without.variants.has(guard)) yield to;
  }

  /** Whether one of `reached` leads to the member directly; may say yes too often where it hangs on a class. */
  isEntered(member: Member, reached: { has(member: Member): boolean }): boolean {
    const isFrom = (use: Use): boolean => {
      if (storingKinds.has(use.kind)) return false;
      return reached.has(use.from) || (isPartOfOwner(use.from) && use.from.owner !== undefined && reached.has(use.from.owner));
    };
    if (this.members.childrenOf(member).some((child) => reached.has(child))) return true;
    return (
      this.usesOf(member).some(isFrom) ||
      this.basesOf(member).some((base) => reached.has(base)) ||
      this.dispatch.external.has(member)
    );
  }
}

/** The initialiser and type of a field run and count with its class. */
function isPartOfOwner(member: Member): boolean {
  return member.kind === 'field' || member.kind === 'interface field' || member.kind === 'interface method';
}

/** Where the code of a member leads, each member once. */
interface Edges {
  readonly always: Set<Member>;
  readonly guarded: (readonly [Variant, Member])[];
}

function pushed<T>(list: T[] | undefined, item: T): T[] {
  if (list === undefined) return [item];
  list.push(item);
  return list;
}

/** The way from a root to the member, as text. */
export function wayTo<Stage>(reached: ReadonlyMap<Member, Step<Stage>>, member: Member): string {
  const names: string[] = [];
  let why = '';
  for (let at: Member | undefined = member; at !== undefined;) {
    names.unshift(at.label);
    const step: Step<Stage> | undefined = reached.get(at);
    why = step?.why ?? '';
    at = step?.via;
  }
  return `${why}: ${names.join(' → ')}`;
}
