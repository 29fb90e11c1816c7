// What the liveness analysis tells: one finding a member, with proof, references, blockers and what would fall with it.
import type { ts } from 'ts-morph';
import type { Workspace } from '../kernel/workspace.ts';
import { Cascades } from './liveness-cascade.ts';
import { partialDeathOf } from './liveness-constants.ts';
import { isWriteOnly, readsOf, storesOf } from './liveness-fields.ts';
import { wayTo, type Step } from './liveness-graph.ts';
import {
  lineOfNode,
  type Finding,
  type LivenessClass,
  type Member,
  type ReportedUse,
  type Use,
  type Variant,
} from './liveness-model.ts';
import type { Liveness, Stage } from './liveness.ts';

/** The most references and names a proof quotes; the list of references is complete. */
const QUOTED = 4;

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, QUOTED).join(', ');
  return names.length > QUOTED ? `${shown} and ${String(names.length - QUOTED)} more` : shown;
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}

class Reporter {
  readonly #liveness: Liveness;
  readonly #workspace: Workspace;
  readonly #cascades: Cascades;

  constructor(liveness: Liveness, workspace: Workspace) {
    this.#liveness = liveness;
    this.#cascades = new Cascades(liveness);
    this.#workspace = workspace;
  }

  member(member: Member): Finding {
    const found = this.#liveness.classOf(member);
    const blockers = found === 'live' ? [] : this.#blockers(member);
    return {
      symbol: member.label,
      kind: member.kind,
      path: member.path,
      line: member.line,
      class: found,
      proof: this.#proof(member, found),
      confidence: this.#confidence(member, blockers),
      blockers,
      references: this.#uses(member).map((use) => this.#reported(use)),
      cascade: found === 'live' || found === 'partially-dead' ? [] : this.#cascades.ofMember(member),
      ifInternal: undefined,
    };
  }

  #uses(member: Member): readonly Use[] {
    return this.#liveness.graph.usesOf(member).filter((use) => use.from !== member);
  }

  #reported(use: Use): ReportedUse {
    return { ...this.#place(use.node), colour: use.from.test ? 'test' : 'production', kind: use.kind, from: use.from.label };
  }

  #place(node: ts.Node): { readonly path: string; readonly line: number } {
    return { path: this.#workspace.relative(node.getSourceFile().fileName), line: lineOfNode(node) };
  }

  #places(nodes: readonly ts.Node[]): string {
    const places = nodes.map((node) => this.#place(node)).map(({ path, line }) => `${path}:${String(line)}`);
    return quoted([...new Set(places)]);
  }

  #proof(member: Member, found: LivenessClass): string {
    const { reached, graph } = this.#liveness;
    if (found === 'partially-dead') return this.#partialProof(member);
    if (found === 'never-written') {
      const reads = readsOf(graph, member).map((use) => use.node);
      return `no production code changes it after its first, blank value; ${reads.length === 0 ? 'nobody reads it' : `read at ${this.#places(reads)}`}`;
    }
    if (found === 'write-only')
      return `stored at ${this.#places(storesOf(graph, member).map((use) => use.node)) || 'its declaration'}, nobody reads it`;
    if (found === 'unreachable') return this.#unreachableProof(member);
    return this.#reachedProof(member, found, reached);
  }

  #reachedProof(member: Member, found: LivenessClass, reached: ReadonlyMap<Member, Step<Stage>>): string {
    const way = wayTo(reached, member);
    if (found === 'live') return way;
    const uses = this.#uses(member).filter((use) => use.kind !== 're-export');
    const tests = uses.filter((use) => use.from.test).length;
    const colours = `${counted(uses.length - tests, 'production reference')}, ${counted(tests, 'test reference')}`;
    return `${colours}; best way: ${way}`;
  }

  #unreachableProof(member: Member): string {
    const users = [
      ...new Set(
        this.#uses(member)
          .filter((use) => use.kind !== 're-export')
          .map((use) => use.from.label),
      ),
    ];
    return users.length === 0
      ? 'no reference at all'
      : `${counted(users.length, 'member')} use it, none is reached from a root: ${quoted(users)}`;
  }

  #partialProof(member: Member): string {
    const death = partialDeathOf(this.#liveness.graph, member, (each) => this.#isLive(each));
    if (death === undefined) return '';
    const others =
      death.otherCallers.length === 0 ? '' : `; callers that are not live pass other values: ${quoted(death.otherCallers)}`;
    return `every live caller passes ${death.parameter} = ${death.constants.join(' or ')}; never taken: ${death.dead.join(', ')}${others}`;
  }

  #isLive(member: Member): boolean {
    const stage = this.#liveness.reached.get(member)?.stage;
    return stage === 'live' || stage === 'interface-only';
  }

  #blockers(member: Member): readonly string[] {
    const { roots, graph, strings } = this.#liveness;
    const api = roots.api.get(member);
    const blockers = api === undefined ? [] : [`public API: ${api}`];
    const dynamic = graph.usesOf(member).filter((use) => use.kind === 'dynamic');
    if (dynamic.length > 0)
      blockers.push(
        `may be reached by a computed key or through an untyped value at ${this.#places(dynamic.map((use) => use.node))}`,
      );
    const whole = graph.usesOf(member).filter((use) => use.kind === 'whole');
    if (whole.length > 0)
      blockers.push(`read with all fields of its object (spread, JSON) at ${this.#places(whole.map((use) => use.node))}`);
    const text = member.kind === 'field' ? undefined : strings.get(member.name);
    if (text !== undefined) blockers.push(`its name is a string at ${this.#places([text])}`);
    if (member.kind === 'enum member') blockers.push('a value from outside may equal it');
    const asked = graph.basesOf(member).filter((base) => !base.test);
    if (asked.length > 0) blockers.push(`asked for by ${quoted(asked.map((base) => base.label))}`);
    return blockers;
  }

  #confidence(member: Member, blockers: readonly string[]): Finding['confidence'] {
    if (blockers.length === 0) return 'high';
    return blockers.length === 1 && this.#liveness.roots.api.has(member) ? 'medium' : 'low';
  }

  variant(variant: Variant): Finding {
    const { graph } = this.#liveness;
    const tests = variant.producers.filter((each) => each.from.test);
    const blockers =
      variant.unknownProducers.length === 0
        ? []
        : [`a value of unknown shape may be one, at ${this.#places(variant.unknownProducers)}`];
    const api = this.#liveness.roots.api.get(variant.union);
    if (api !== undefined) blockers.push(`outsiders can make one: ${variant.union.name} is exported by ${api}`);
    const made = tests.length === 0 ? '' : `, tests make it at ${this.#places(tests.map((each) => each.node))}`;
    const matches = variant.matches.filter((node) => graph.members.enclosing(node)?.test !== true);
    const expected =
      matches.length === 0 ? 'no clause expects it' : `${counted(matches.length, 'clause')} for it: ${this.#places(matches)}`;
    return {
      symbol: variant.label,
      kind: 'variant',
      ...this.#place(variant.node),
      class: 'unproduced',
      proof: `no production code makes one${made}; ${expected}`,
      confidence: variant.unknownProducers.length > 0 ? 'low' : api === undefined ? 'high' : 'medium',
      blockers,
      references: [...matches, ...tests.map((each) => each.node)].map((node): ReportedUse => {
        const from = graph.members.enclosing(node);
        return {
          ...this.#place(node),
          colour: from?.test === true ? 'test' : 'production',
          kind: matches.includes(node) ? 'read' : 'construct',
          from: from?.label ?? '',
        };
      }),
      cascade: this.#cascades.ofVariant(variant),
      ifInternal: undefined,
    };
  }
}

function isUnproduced(liveness: Liveness, variant: Variant): boolean {
  if (!liveness.reached.has(variant.union)) return false;
  return !variant.producers.some((each) => !each.from.test && liveness.reached.has(each.from));
}

/** Fields of interfaces are data that comes and goes: they are judged only by whether they are ever written. */
function isReported(liveness: Liveness, member: Member): boolean {
  if (member.test || member.kind === 'module') return false;
  return member.kind !== 'interface field' || liveness.classOf(member) === 'never-written';
}

/** The class of a member if the export it belongs to were no API. */
function classIfInternal(liveness: Liveness, member: Member): LivenessClass {
  const { roots, graph, stages } = liveness;
  const top = member.owner ?? member;
  const own = new Set([top, ...graph.members.childrenOf(top)]);
  const reached = new Map<Member, Step<Stage>>();
  const kept = stages.map(
    ([stage, from]) =>
      [stage, from.filter((root) => !own.has(root.member) || !roots.api.has(root.member) || stage === 'interface-only')] as const,
  );
  for (const [stage, from] of kept) graph.spread(reached, from, stage);
  return reached.get(member)?.stage ?? (isWriteOnly(graph, member) ? 'write-only' : 'unreachable');
}

/** All findings, by file and line. */
export function findingsOf(liveness: Liveness, workspace: Workspace): readonly Finding[] {
  const reporter = new Reporter(liveness, workspace);
  const members = liveness.graph.members.all
    .filter((member) => isReported(liveness, member))
    .map((member): Finding => {
      const finding = reporter.member(member);
      return finding.class === 'exported-unused' ? { ...finding, ifInternal: classIfInternal(liveness, member) } : finding;
    });
  const variants = liveness.variants
    .filter((variant) => isUnproduced(liveness, variant))
    .map((variant) => reporter.variant(variant));
  return [...members, ...variants].toSorted((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
}
