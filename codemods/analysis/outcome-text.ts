// The text of a union of outcomes and of its classifiers, and which of its variants must carry the whole result.
import { Node, type SourceFile, SyntaxKind, type SwitchStatement } from 'ts-morph';
import type { ClosedUnion } from './closed-union.ts';
import { reachingKinds, subjectUses, unionSwitch } from './union-switches.ts';

/** One variant of the new union. */
export interface OutcomeVariant {
  readonly kind: string;
  /** Kinds of the results that become it; default: its own. */
  readonly from?: readonly string[];
  /** Fields taken over by name. */
  readonly fields?: readonly string[];
}

/** Variant → what switches read of the results that it does not take over by name. */
export type Carrying = ReadonlyMap<string, ReadonlySet<string>>;

interface Mapping {
  readonly variants: readonly OutcomeVariant[];
  readonly sources: readonly ClosedUnion[];
  readonly discriminant: string;
}

/** Columns a line of the new file may have. */
export const outcomeColumns = 120;

function variantFor(mapping: Mapping, kind: string): OutcomeVariant | undefined {
  return mapping.variants.find((variant) => (variant.from ?? [variant.kind]).includes(kind));
}

/** What a use reads: a field's name, or the whole value. */
function readBy(use: Node): string {
  const parent = use.getParent();
  return Node.isPropertyAccessExpression(parent) && parent.getExpression() === use ? parent.getName() : 'the whole result';
}

function addReads(mapping: Mapping, node: SwitchStatement, carrying: Map<string, Set<string>>): void {
  const found = unionSwitch(node);
  if (found === undefined || found.discriminant !== mapping.discriminant) return;
  const type = found.subject.getType().compilerType;
  const source = mapping.sources.find((each) => each.type.compilerType === type);
  if (source === undefined) return;
  const reaching = reachingKinds(node, [...source.variants.keys()]);
  for (const [at, clause] of node.getClauses().entries()) {
    for (const variant of new Set((reaching[at] ?? []).flatMap((kind) => variantFor(mapping, kind) ?? []))) {
      const reads = clause
        .getStatements()
        .flatMap((statement) => subjectUses(statement, found.subject))
        .map(readBy);
      const kept = reads.filter((read) => !(variant.fields ?? []).includes(read));
      if (kept.length > 0) carrying.set(variant.kind, new Set([...(carrying.get(variant.kind) ?? []), ...kept]));
    }
  }
}

/** The variants that must carry the result, because a switch over it reads more than they take over. */
export function carryingVariants(files: readonly SourceFile[], mapping: Mapping): Carrying {
  const carrying = new Map<string, Set<string>>();
  for (const file of files) {
    for (const node of file.getDescendantsOfKind(SyntaxKind.SwitchStatement)) addReads(mapping, node, carrying);
  }
  return carrying;
}

/** The declared type of a field that a variant takes over. */
export function typeOf(variant: OutcomeVariant, field: string, sources: readonly ClosedUnion[]): Node | undefined {
  for (const source of sources) {
    for (const kind of variant.from ?? [variant.kind]) {
      const type = source.variants.get(kind)?.fields.get(field);
      if (type !== undefined) return type;
    }
  }
  return undefined;
}

export interface OutcomeShape {
  readonly name: string;
  readonly doc?: string;
  readonly head?: string;
  readonly discriminant: string;
  readonly variants: readonly OutcomeVariant[];
  readonly sources: readonly { readonly union: ClosedUnion; readonly classifier: string; readonly doc?: string }[];
  readonly carrying: Carrying;
  /** The import declarations. */
  readonly imports: string;
}

function docLines(doc: string | undefined): string {
  return doc === undefined ? '' : `/** ${doc} */\n`;
}

function kindsText(kinds: readonly string[]): string {
  return kinds.map((kind) => `'${kind}'`).join(' | ');
}

function memberText(shape: OutcomeShape, variant: OutcomeVariant): string {
  const unions = shape.sources.map((source) => source.union);
  const fields = (variant.fields ?? []).map(
    (field) => `readonly ${field}: ${typeOf(variant, field, unions)?.getText() ?? 'unknown'}`,
  );
  const from = kindsText(variant.from ?? [variant.kind]);
  const carried = shape.carrying.has(variant.kind)
    ? [`readonly result: Extract<Result, { readonly ${shape.discriminant}: ${from} }>`]
    : [];
  const parts = [`readonly ${shape.discriminant}: '${variant.kind}'`, ...fields, ...carried];
  const line = `  | { ${parts.join('; ')} }`;
  if (line.length < outcomeColumns) return line;
  return `  | {\n${parts.map((part) => `      ${part};\n`).join('')}    }`;
}

function clauseText(shape: OutcomeShape, kind: string): string {
  const variant = variantFor({ ...shape, sources: [] }, kind);
  const fields = (variant?.fields ?? []).map((field) => `${field}: result.${field}`);
  const carried = shape.carrying.has(variant?.kind ?? '') ? ['result'] : [];
  const parts = [`${shape.discriminant}: '${variant?.kind ?? ''}'`, ...fields, ...carried];
  return `    case '${kind}':\n      return { ${parts.join(', ')} };\n`;
}

function signature(name: string, type: string, answer: string): string {
  const line = `export function ${name}(result: ${type}): ${answer} {`;
  return line.length <= outcomeColumns ? `${line}\n` : `export function ${name}(\n  result: ${type},\n): ${answer} {\n`;
}

/** The whole new file. */
export function outcomeText(shape: OutcomeShape): string {
  const generic = shape.carrying.size > 0;
  const union = `${docLines(shape.doc)}export type ${shape.name}${generic ? '<Result>' : ''} =\n${shape.variants.map((each) => memberText(shape, each)).join('\n')};\n`;
  const classifiers = shape.sources.map((source) => {
    const type = source.union.name;
    const answer = generic ? `${shape.name}<${type}>` : shape.name;
    const clauses = [...source.union.variants.keys()].map((kind) => clauseText(shape, kind)).join('');
    const body = `  switch (result.${shape.discriminant}) {\n${clauses}    default:\n      return result satisfies never;\n  }\n`;
    return `${docLines(source.doc)}${signature(source.classifier, type, answer)}${body}}\n`;
  });
  const head = shape.head === undefined ? '' : `/** ${shape.head} */\n`;
  return `${head}${shape.imports}\n\n${[union, ...classifiers].join('\n')}`;
}
