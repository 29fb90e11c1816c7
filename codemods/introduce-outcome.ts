// Codemod: introduce-outcome
//
// Writes one discriminated union for what several result types have in common, in a module of its own, with one
// classifier for each of them. A field named for a variant is taken over by name; whatever else a switch over one of
// the results reads is carried along in `result`, the result itself: nothing that is used is lost. Classifiers are
// exhaustive: a variant that is added to a result later does not compile until it is mapped.
//
// Preconditions: the results are closed unions told apart by one text; every variant of them is mapped to exactly one
// variant of the new union; a field that is taken over has one type in all of them.
// Helpers that nothing would call are not written; they are reported.
//
// with { "name": "Outcome", "to": "outcome.ts", "doc": "What became of it.", "from": [{ "type": "Saved", "file": "types.ts", "classifier": "outcomeOfSaved" }, { "type": "Claimed", "file": "types.ts", "classifier": "outcomeOfClaimed" }], "variants": [{ "kind": "Done" }, { "kind": "Left", "from": ["Skipped", "Taken"], "fields": ["reason"] }] }
// ```ts
// // ---- types.ts
// export type Saved = { readonly kind: 'Done' } | { readonly kind: 'Skipped'; readonly reason: string };
// export type Claimed = { readonly kind: 'Done' } | { readonly kind: 'Taken'; readonly reason: string; readonly by: string };
// // ---- use.ts
// import type { Claimed } from './types.ts';
// export function text(claimed: Claimed): string {
//   switch (claimed.kind) {
//     case 'Done':
//       return 'done';
//     case 'Taken':
//       return claimed.by;
//   }
// }
// ```
// ->
// ```ts
// // ---- types.ts
// export type Saved = { readonly kind: 'Done' } | { readonly kind: 'Skipped'; readonly reason: string };
// export type Claimed = { readonly kind: 'Done' } | { readonly kind: 'Taken'; readonly reason: string; readonly by: string };
// // ---- use.ts
// import type { Claimed } from './types.ts';
// export function text(claimed: Claimed): string {
//   switch (claimed.kind) {
//     case 'Done':
//       return 'done';
//     case 'Taken':
//       return claimed.by;
//   }
// }
// // ---- outcome.ts
// import type { Claimed, Saved } from './types.ts';
//
// /** What became of it. */
// export type Outcome<Result> =
//   | { readonly kind: 'Done' }
//   | {
//       readonly kind: 'Left';
//       readonly reason: string;
//       readonly result: Extract<Result, { readonly kind: 'Skipped' | 'Taken' }>;
//     };
//
// export function outcomeOfSaved(result: Saved): Outcome<Saved> {
//   switch (result.kind) {
//     case 'Done':
//       return { kind: 'Done' };
//     case 'Skipped':
//       return { kind: 'Left', reason: result.reason, result };
//     default:
//       return result satisfies never;
//   }
// }
//
// export function outcomeOfClaimed(result: Claimed): Outcome<Claimed> {
//   switch (result.kind) {
//     case 'Done':
//       return { kind: 'Done' };
//     case 'Taken':
//       return { kind: 'Left', reason: result.reason, result };
//     default:
//       return result satisfies never;
//   }
// }
// ```
//
// with { "name": "Outcome", "to": "outcome.ts", "from": [{ "type": "Saved", "file": "types.ts", "classifier": "outcomeOf" }], "variants": [{ "kind": "Done" }] }
// ```ts
// // ---- types.ts
// export type Saved = { readonly kind: 'Done' } | { readonly kind: 'Skipped'; readonly reason: string };
// ```
// -> refused: REFIT_OUTCOME_MAPPING
import type { SourceFile } from 'ts-morph';
import { closedUnion, type ClosedUnion } from './analysis/closed-union.ts';
import { carryingVariants, outcomeColumns, outcomeText, type OutcomeVariant, typeOf } from './analysis/outcome-text.ts';
import { importsForNewFile } from './analysis/taken-over-names.ts';
import type { Codemod } from './kernel/codemod.ts';
import { nearestOf } from './kernel/nearest.ts';
import { specifierFor } from './kernel/module-specifier.ts';
import { printImport, sortsBefore } from './kernel/print-import.ts';
import type { ImportRequest, Proposal } from './kernel/proposal.ts';
import type { Workspace } from './kernel/workspace.ts';

export interface OutcomeSource {
  readonly type: string;
  readonly file: string;
  readonly classifier: string;
  readonly doc?: string;
}

export interface IntroduceOutcomeOptions {
  readonly name: string;
  readonly to: string;
  readonly from: readonly OutcomeSource[];
  readonly variants: readonly OutcomeVariant[];
  readonly discriminant?: string;
  readonly doc?: string;
  readonly head?: string;
  readonly helpers?: readonly string[];
  readonly sites?: readonly string[];
}

interface Source extends OutcomeSource {
  readonly union: ClosedUnion;
}

/** Which new variant each kind of each source becomes. */
function requireTotalMapping(options: IntroduceOutcomeOptions, sources: readonly Source[], out: Proposal): void {
  const kinds = new Set(sources.flatMap((source) => [...source.union.variants.keys()]));
  for (const { union } of sources) {
    for (const kind of union.variants.keys()) {
      const targets = options.variants.filter((variant) => (variant.from ?? [variant.kind]).includes(kind));
      if (targets.length === 1) continue;
      const found =
        targets.length === 0 ? 'is mapped to no variant' : `is mapped to ${targets.map((each) => each.kind).join(' and ')}`;
      out.refuse(
        'REFIT_OUTCOME_MAPPING',
        union.declaration,
        `'${kind}' of ${union.name} ${found} of ${options.name}. Name it in the "from" of exactly one.`,
      );
    }
  }
  for (const kind of options.variants.flatMap((variant) => variant.from ?? [variant.kind])) {
    if (kinds.has(kind)) continue;
    const near = nearestOf(kind, kinds);
    out.refuse(
      'REFIT_OUTCOME_MAPPING',
      sources[0]?.union.declaration,
      `No result has a variant '${kind}'.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
    );
  }
}

/** The types a field has in all that become the variant; refused when one of them lacks it. */
function fieldTypes(variant: OutcomeVariant, field: string, sources: readonly Source[], out: Proposal): ReadonlySet<string> {
  const kinds = variant.from ?? [variant.kind];
  const origins = sources.flatMap(({ union }) => kinds.flatMap((kind) => ({ union, from: union.variants.get(kind) })));
  const types = new Set<string>();
  for (const { union, from } of origins) {
    if (from === undefined) continue;
    const type = from.fields.get(field);
    if (type !== undefined) types.add(type.getText());
    else {
      const what = `'${from.kind}' of ${union.name} has no field ${field}, which ${variant.kind} is to take over.`;
      out.refuse('REFIT_OUTCOME_FIELD', union.declaration, `${what} Leave it out; what is used is carried in the result.`);
    }
  }
  return types;
}

/** A taken-over field must be there, with one type, in all that become the variant. */
function requireFields(options: IntroduceOutcomeOptions, sources: readonly Source[], out: Proposal): void {
  for (const variant of options.variants) {
    for (const field of variant.fields ?? []) {
      const types = fieldTypes(variant, field, sources, out);
      if (types.size <= 1) continue;
      const what = `${field} has different types in what becomes ${variant.kind}: ${[...types].join(', ')}.`;
      out.refuse(
        'REFIT_OUTCOME_FIELD',
        sources[0]?.union.declaration,
        `${what} Leave it out; what is used is carried in the result.`,
      );
    }
  }
}

function isDone(file: SourceFile | undefined, options: IntroduceOutcomeOptions, out: Proposal): boolean {
  if (file === undefined) return false;
  const missing = options.from
    .filter((source) => file.getFunction(source.classifier) === undefined)
    .map((source) => source.classifier);
  if (file.getTypeAlias(options.name) !== undefined && missing.length === 0) return true;
  return out.refuse(
    'REFIT_OUTCOME_TAKEN',
    { path: file.getFilePath(), line: 1 },
    `${options.to} exists and has no ${[options.name, ...missing].join(', ')}. Name a file that does not exist yet.`,
  );
}

/** The files whose switches will be over the outcome; by default any may be. */
function sitesOf(workspace: Workspace, options: IntroduceOutcomeOptions): readonly SourceFile[] {
  return options.sites === undefined ? workspace.sourceFiles() : options.sites.map((path) => workspace.sourceFile(path));
}

function propose(workspace: Workspace, options: IntroduceOutcomeOptions, out: Proposal): void {
  if (isDone(workspace.findSourceFile(options.to), options, out)) return;
  const discriminant = options.discriminant ?? 'kind';
  const sources = options.from.map((source): Source => ({
    ...source,
    union: closedUnion(workspace.sourceFile(source.file), source.type, discriminant),
  }));
  requireTotalMapping(options, sources, out);
  requireFields(options, sources, out);
  const carrying = carryingVariants(sitesOf(workspace, options), {
    variants: options.variants,
    sources: sources.map((source) => source.union),
    discriminant,
  });
  const path = workspace.absolute(options.to);
  const imports = importsText(workspace, path, importsOf(path, options, sources, out));
  out.createFile(path, outcomeText({ ...options, discriminant, sources, carrying, imports }));
  out.holds(
    'every variant of every result is mapped',
    sources.map(({ union }) => `${union.name}: ${[...union.variants.keys()].join(', ')}`).join('; '),
  );
  for (const [kind, reads] of carrying)
    out.holds(`${kind} carries the result`, `read by a switch: ${[...reads].toSorted().join(', ')}`);
  for (const helper of options.helpers ?? []) {
    out.finding(
      'note',
      { path, line: 1 },
      `${helper} is planned and nothing would call it: it is not written, it would be dead code.`,
    );
  }
}

/** The results' types, and what the types of taken-over fields name. */
function importsOf(
  path: string,
  options: IntroduceOutcomeOptions,
  sources: readonly Source[],
  out: Proposal,
): readonly ImportRequest[] {
  const unions = sources.map((source) => source.union);
  const results = unions.map((union): ImportRequest => {
    if (!union.declaration.isExported())
      out.refuse(
        'REFIT_OUTCOME_PRIVATE',
        union.declaration,
        `${union.name} is not exported; its classifier could not name it. Export it first.`,
      );
    return { into: path, name: union.name, from: union.declaration.getSourceFile().getFilePath(), typeOnly: true };
  });
  const types = options.variants.flatMap((variant) =>
    (variant.fields ?? []).flatMap((field) => typeOf(variant, field, unions) ?? []),
  );
  return [...results, ...importsForNewFile(types, path).map((request) => ({ ...request, typeOnly: true }))];
}

function importsText(workspace: Workspace, path: string, requests: readonly ImportRequest[]): string {
  const bySpecifier = new Map<string, Set<string>>();
  for (const { name, from } of requests) {
    const specifier = specifierFor(workspace, path, from);
    bySpecifier.set(specifier, (bySpecifier.get(specifier) ?? new Set<string>()).add(name));
  }
  const sorted = [...bySpecifier].toSorted(([a], [b]) => (sortsBefore(a, b) ? -1 : 1));
  const lines = sorted.map(([specifier, names]) => {
    const named = [...names].map((name) => ({ name, alias: undefined, typeOnly: true }));
    return printImport({ named, specifier, quote: "'", semicolon: true, width: outcomeColumns, sort: true });
  });
  return lines.join('\n');
}

export const introduceOutcome: Codemod<IntroduceOutcomeOptions> = {
  name: 'introduce-outcome',
  options: {
    name: { kind: 'text', required: true, help: 'the name of the new union' },
    to: { kind: 'text', required: true, help: 'the new file' },
    from: { kind: 'data', required: true, help: 'the results: [{ "type", "file", "classifier", "doc"? }]' },
    variants: {
      kind: 'data',
      required: true,
      help: 'the variants: [{ "kind", "from"?: kinds of the results, "fields"?: taken over by name }]',
    },
    discriminant: { kind: 'text', help: 'the property that tells variants apart; default "kind"' },
    doc: { kind: 'text', help: 'a sentence about the union' },
    head: { kind: 'text', help: 'a sentence about the file' },
    sites: { kind: 'list', help: 'the files whose switches count; default all' },
    helpers: { kind: 'list', help: 'names a plan has for helpers that no code would call; reported, not written' },
  },
  propose,
};
