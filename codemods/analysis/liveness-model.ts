// What the liveness analysis speaks of: members, the uses between them, and the class each member is found in.
import type { ts } from 'ts-morph';

/** How alive a member is; the order is from what must stay to what can go. */
export const livenessClasses = [
  'live',
  'partially-dead',
  'interface-only',
  'exported-unused',
  'test-only',
  'write-only',
  'never-written',
  'unproduced',
  'unreachable',
] as const;

export type LivenessClass = (typeof livenessClasses)[number];

export type MemberKind =
  | 'module'
  | 'class'
  | 'function'
  | 'method'
  | 'accessor'
  | 'field'
  | 'interface'
  | 'interface method'
  | 'interface field'
  | 'type'
  | 'enum'
  | 'enum member'
  | 'variable'
  | 'namespace';

/** One declaration that can be live or dead: a top-level declaration, a member of a class, interface or enum, or a module's statements. */
export interface Member {
  readonly name: string;
  /** `Class.member`, or the name; a module's path. */
  readonly label: string;
  readonly kind: MemberKind;
  /** The class, interface or enum it belongs to. */
  readonly owner: Member | undefined;
  /** All declarations: overloads, a getter with its setter, merged interfaces. */
  readonly nodes: ts.Node[];
  readonly file: ts.SourceFile;
  /** Relative to the workspace. */
  readonly path: string;
  readonly line: number;
  /** Declared in a test file. */
  readonly test: boolean;
  readonly visibility: 'public' | 'protected' | 'private';
  readonly isStatic: boolean;
}

/**
 * `update`: changed by a compound assignment whose value nobody takes. `mutate`: a collection changed through a method.
 * `copy`: read only to be stored in the same field of another object. `dispatch`: a call through the base leads here.
 * `dynamic`: by a computed key or through `any`. `whole`: all fields are read (spread, JSON, Object.entries).
 */
export type UseKind =
  | 'call'
  | 'construct'
  | 'read'
  | 'write'
  | 'initialise'
  | 'update'
  | 'mutate'
  | 'copy'
  | 'type'
  | 'extends'
  | 'dispatch'
  | 'dynamic'
  | 'whole'
  | 'loads'
  | 're-export';

/** One place where a member is used by another (or by itself). */
export interface Use {
  readonly from: Member;
  readonly to: Member;
  readonly kind: UseKind;
  readonly node: ts.Node;
  /** The variant of a union without which this place is not reached. */
  readonly guard: Variant | undefined;
}

/** One variant of a discriminated union. */
export interface Variant {
  /** `Union(kind: 'A')`. */
  readonly label: string;
  readonly union: Member;
  readonly discriminant: string;
  readonly value: string | number | boolean;
  readonly node: ts.Node;
  /** Where a value of it is made, and by whom. */
  readonly producers: { readonly from: Member; readonly node: ts.Node }[];
  /** Where values nobody sees come from: an assertion from `unknown`, a discriminant that is any string. */
  readonly unknownProducers: ts.Node[];
  /** `case` clauses that expect it. */
  readonly matches: ts.Node[];
}

/** Kinds of use that do not keep a field alive. */
export const storingKinds: ReadonlySet<UseKind> = new Set(['write', 'initialise', 'update', 'mutate', 'copy', 're-export']);

/** A reference as reports show it. */
export interface ReportedUse {
  readonly path: string;
  readonly line: number;
  readonly colour: 'production' | 'test';
  readonly kind: UseKind;
  readonly from: string;
}

/** What is known about one member, with its proof. */
export interface Finding {
  readonly symbol: string;
  readonly kind: MemberKind | 'variant';
  readonly path: string;
  readonly line: number;
  readonly class: LivenessClass;
  /** For live members the shortest path from a root; for others what was looked for and not found. */
  readonly proof: string;
  readonly confidence: 'high' | 'medium' | 'low';
  /** What speaks against deleting it although nothing uses it. */
  readonly blockers: readonly string[];
  readonly references: readonly ReportedUse[];
  /** What else nobody would reach if this were gone. */
  readonly cascade: readonly string[];
  /** Of a part of the API: its class once its export counts as internal (its removal approved). */
  readonly ifInternal: LivenessClass | undefined;
}

/** The line of a node, counted from 1. */
export function lineOfNode(node: ts.Node): number {
  const file = node.getSourceFile();
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}
