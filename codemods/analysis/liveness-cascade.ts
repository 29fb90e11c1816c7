// What else nobody would reach if a member, or a variant of a union, were gone.
import type { Reached, Step, Without } from './liveness-graph.ts';
import type { Member, Variant } from './liveness-model.ts';
import type { Root } from './liveness-roots.ts';
import type { Liveness, Stage } from './liveness.ts';

const ranks: Readonly<Record<Stage, number>> = { live: 0, 'interface-only': 1, 'exported-unused': 2, 'test-only': 3 };

export class Cascades {
  readonly #liveness: Liveness;
  /** What production reaches; what falls for production falls, whoever tests it. */
  readonly #production: Liveness['stages'];
  readonly #roots: ReadonlySet<Member>;
  #productionReach: ReadonlySet<Member> | undefined;

  constructor(liveness: Liveness) {
    this.#liveness = liveness;
    this.#production = liveness.stages.filter(([stage]) => stage !== 'test-only');
    this.#roots = new Set(liveness.stages.flatMap(([, from]) => from.map((root) => root.member)));
  }

  ofMember(member: Member): readonly string[] {
    const gone = new Set([member, ...this.#liveness.graph.members.childrenOf(member)]);
    if (![...gone].some((each) => this.#liveness.reached.has(each))) return [];
    const variants = this.#lostVariants(gone);
    const lost =
      variants.length > 0 ? this.#lostAnywhere({ members: gone, variants: new Set(variants) }) : this.#lostBelow(member, gone);
    return [...variants.map((each) => each.label), ...lost.map((each) => each.label)];
  }

  ofVariant(variant: Variant): readonly string[] {
    return this.#lostAnywhere({ members: new Set(), variants: new Set([variant]) }).map((each) => each.label);
  }

  /** Variants all of whose makers go: their `case` clauses are not reached any more. */
  #lostVariants(gone: ReadonlySet<Member>): readonly Variant[] {
    return this.#liveness.variants.filter((variant) => {
      const producers = variant.producers.filter((each) => !each.from.test);
      return producers.length > 0 && variant.unknownProducers.length === 0 && producers.every((each) => gone.has(each.from));
    });
  }

  /** Compares the reach of all production roots with and without. */
  #lostAnywhere(without: Without): readonly Member[] {
    this.#productionReach ??= this.#reach({ members: new Set(), variants: new Set() });
    const now = this.#reach(without);
    return [...this.#productionReach].filter((each) => !now.has(each) && !without.members.has(each) && isShown(each));
  }

  #reach(without: Without): ReadonlySet<Member> {
    const reached = new Map<Member, Step<Stage>>();
    for (const [stage, roots] of this.#production) this.#liveness.graph.spread(reached, roots, stage, without);
    return new Set(reached.keys());
  }

  /** Only what the member leads to, and nothing better leads to, can fall with it: a small part of the program. */
  #lostBelow(member: Member, gone: ReadonlySet<Member>): readonly Member[] {
    const { graph, reached, roots } = this.#liveness;
    const below = this.#below(gone, rankOf(reached, member));
    const kept = layeredOver((each) => reached.has(each) && !below.has(each) && !gone.has(each));
    const entered = [...below].filter((each) => this.#roots.has(each) || roots.api.has(each) || graph.isEntered(each, kept));
    graph.spread(kept, entered.map(asRoot), 'kept', { members: gone, variants: new Set() });
    return [...below].filter((each) => !kept.has(each) && isShown(each));
  }

  /** What the gone members lead to, as far as it is reached no better than they are. */
  #below(gone: ReadonlySet<Member>, rank: number): ReadonlySet<Member> {
    const { graph, reached } = this.#liveness;
    const below = layeredOver((each) => reached.has(each) && rankOf(reached, each) < rank);
    graph.spread(below, [...gone].map(asRoot), 'below');
    return new Set([...below.own].filter((each) => !gone.has(each)));
  }
}

function asRoot(member: Member): Root {
  return { member, why: '' };
}

/** Members of a search's own over those that count as reached before it. */
function layeredOver(isReached: (member: Member) => boolean): Reached<string> & { readonly own: ReadonlySet<Member> } {
  const own = new Set<Member>();
  return { own, has: (member) => own.has(member) || isReached(member), set: (member) => own.add(member) };
}

function rankOf(reached: ReadonlyMap<Member, Step<Stage>>, member: Member): number {
  const stage = reached.get(member)?.stage;
  return stage === undefined ? 0 : ranks[stage];
}

function isShown(member: Member): boolean {
  return !member.test && member.kind !== 'module';
}
