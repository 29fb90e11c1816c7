// The liveness analysis: every member of a workspace with its class, the proof of it, and what speaks against a deletion.
import type { ts } from 'ts-morph';
import type { Workspace } from '../kernel/workspace.ts';
import { partialDeathOf } from './liveness-constants.ts';
import { findDispatch } from './liveness-dispatch.ts';
import { isNeverWritten, isWriteOnly, withSharedCollections } from './liveness-fields.ts';
import { LivenessGraph, type Step } from './liveness-graph.ts';
import { MemberIndex, type AnalysedFile } from './liveness-members.ts';
import { storingKinds, type LivenessClass, type Member, type Use, type Variant } from './liveness-model.ts';
import { findReferences } from './liveness-references.ts';
import { findRoots, type Root, type RootOptions, type Roots } from './liveness-roots.ts';
import { VariantIndex } from './liveness-variants.ts';

/** The stages of reachability, best first; a member belongs to the first that reaches it. */
export type Stage = 'live' | 'interface-only' | 'exported-unused' | 'test-only';

/** The whole analysis of one state of a workspace. */
export interface Liveness {
  readonly graph: LivenessGraph;
  readonly roots: Roots;
  readonly variants: readonly Variant[];
  readonly strings: ReadonlyMap<string, ts.Node>;
  readonly reached: ReadonlyMap<Member, Step<Stage>>;
  /** The roots of each stage, in order. */
  readonly stages: readonly (readonly [Stage, readonly Root[]])[];
  classOf(member: Member): LivenessClass;
}

const testPath = /(?:^|\/)(?:tests?|__tests__|__mocks__)\/|\.(?:test|spec|test-d)\.[cm]?tsx?$/;

/** Whether a file holds tests or serves only them; judged by its path inside the workspace. */
export function isTestPath(relativePath: string): boolean {
  return testPath.test(relativePath);
}

function analysedFiles(workspace: Workspace): readonly AnalysedFile[] {
  return workspace
    .sourceFiles()
    .filter((file) => !file.isDeclarationFile())
    .map((file) => {
      const path = workspace.relative(file.getFilePath());
      return { source: file.compilerNode, path, test: isTestPath(path) };
    });
}

function isUseBy(test: boolean): (use: Use) => boolean {
  return (use) => use.from.test === test && use.kind !== 're-export' && use.from !== use.to;
}

/** Members of live classes that must be there because an interface asks for them, and those members of the interface. */
function interfaceRoots(graph: LivenessGraph, reached: ReadonlyMap<Member, Step<Stage>>): readonly Root[] {
  const roots: Root[] = [];
  for (const member of graph.members.all) {
    if (member.test || member.owner === undefined || reached.has(member) || !reached.has(member.owner)) continue;
    const asked = graph.basesOf(member).find((base) => base.owner?.kind === 'interface' && !base.test);
    const callable = member.kind === 'method' || member.kind === 'accessor';
    if (asked !== undefined && callable) roots.push({ member, why: `asked for by ${asked.label}, which nobody calls` });
    if (member.kind === 'interface method') roots.push({ member, why: 'declared by an interface, nobody calls it' });
  }
  return roots;
}

function unusedApi(
  graph: LivenessGraph,
  roots: Roots,
  reached: ReadonlyMap<Member, Step<Stage>>,
  tested: boolean,
): readonly Root[] {
  return [...roots.api].flatMap(([member, why]): readonly Root[] => {
    const data = member.kind === 'interface field' || member.kind === 'interface method' || isWriteOnly(graph, member);
    if (reached.has(member) || data || graph.usesOf(member).some(isUseBy(true)) !== tested) return [];
    return [{ member, why: `exported by ${why}` }];
  });
}

interface Reaching {
  readonly reached: Map<Member, Step<Stage>>;
  readonly stages: readonly (readonly [Stage, readonly Root[]])[];
}

function reachAll(graph: LivenessGraph, roots: Roots): Reaching {
  const reached = new Map<Member, Step<Stage>>();
  const stages: [Stage, readonly Root[]][] = [];
  const stage = (name: Stage, from: readonly Root[]): void => {
    graph.spread(reached, from, name);
    stages.push([name, from]);
  };
  stage('live', roots.live);
  stage('interface-only', interfaceRoots(graph, reached));
  stage('exported-unused', unusedApi(graph, roots, reached, false));
  stage('test-only', [...unusedApi(graph, roots, reached, true), ...roots.tests]);
  return { reached, stages };
}

/** A class one of whose members is live cannot go, whatever else uses it. */
function stageOf(reached: ReadonlyMap<Member, Step<Stage>>, member: Member): Stage | undefined {
  return reached.get(member)?.stage;
}

/** The members of a workspace alone, without the uses between them. */
export function membersOf(workspace: Workspace): MemberIndex {
  return new MemberIndex(analysedFiles(workspace));
}

/** Analyses the workspace as it is now. */
export function analyseLiveness(workspace: Workspace, options: RootOptions = {}): Liveness {
  const checker = workspace.project.getTypeChecker().compilerObject;
  const files = analysedFiles(workspace);
  const members = new MemberIndex(files);
  const variants = new VariantIndex(checker, members);
  const references = findReferences(checker, files, members, variants);
  const dispatch = findDispatch(checker, members, references);
  const graph = new LivenessGraph(members, withSharedCollections(references.uses), dispatch);
  const roots = findRoots({ workspace, checker, members, uses: references.uses, dispatch }, options);
  const { reached, stages } = reachAll(graph, roots);
  const isLive = (member: Member): boolean => {
    const stage = stageOf(reached, member);
    return stage === 'live' || stage === 'interface-only';
  };
  return {
    graph,
    roots,
    variants: variants.all,
    strings: references.strings,
    reached,
    stages,
    classOf: (member) => {
      if (isNeverWritten(graph, member)) return 'never-written';
      if (isWriteOnly(graph, member)) return 'write-only';
      const stage = stageOf(reached, member);
      if (stage === undefined) return 'unreachable';
      return stage === 'live' && partialDeathOf(graph, member, isLive) !== undefined ? 'partially-dead' : stage;
    },
  };
}

/** Uses of a member that are no mere storing into it. */
export function livingUses(graph: LivenessGraph, member: Member): readonly Use[] {
  return graph.usesOf(member).filter((use) => !storingKinds.has(use.kind) && use.from !== member);
}
