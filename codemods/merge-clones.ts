// Codemod: merge-clones
//
// Merges near-clones into one helper whose descriptor holds what differs between them.
//
// The clones are named by function, case clause and the code they start and end with. They are laid side by side; what all
// have in common becomes the helper, what differs becomes a hole: a text or value (computed at the call, when nothing can
// tell that from computing it later), a type (type parameter), an expression over variables of the helper (closure, run where
// the code stood and as often), optional fields of a record, optional or different statements (callback). Values captured from
// around the clones become parameters. Variables that the code behind reads become the helper's result.
// A cell that breaks the rule its column follows (a label of another clone, a missing field) is kept and reported.
// Before anything is proposed each call is put back into the helper and compared with its clone.
// Refused: similarity below 0.8, helper and calls of 0.8 of the clones' lines or more, more than 6 parameters, more than 40 % of
// optional lines (these four can be overridden with a reason); other control skeletons; captured names that mean different
// things; captured variables that are assigned; a result that is not the clones again.
//
// with { "file": "example.ts", "name": "report", "clones": [{ "in": "saved", "from": "if (" }, { "in": "loaded", "from": "if (" }], "holes": ["verb"], "override": { "rule": "net-lines", "reason": "one place for the rule" } }
// ```ts
// declare const log: { info(text: string): void };
//
// export function saved(name: string): void {
//   if (name !== '') {
//     log.info(`the file ${name} was saved`);
//   }
// }
//
// export function loaded(name: string): void {
//   if (name !== '') {
//     log.info(`the file ${name} was loaded`);
//   }
// }
// ```
// ->
// ```ts
// declare const log: { info(text: string): void };
//
// export function saved(name: string): void {
//   report(name, 'saved');
// }
//
// export function loaded(name: string): void {
//   report(name, 'loaded');
// }
//
// function report(name: string, verb: string): void {
//   if (name !== '') {
//     log.info(`the file ${name} was ${verb}`);
//   }
// }
// ```
//
// with { "file": "example.ts", "name": "both", "clones": [{ "in": "a" }, { "in": "b" }] }
// ```ts
// declare const log: { info(text: string): void };
//
// export function a(): void {
//   log.info('started');
// }
//
// export function b(): void {
//   for (let at = 0; at < 3; at += 1) log.info('again and again');
// }
// ```
// -> refused: REFIT_MERGE_SIMILARITY
import type { Node } from 'ts-morph';
import { slipsIn } from './analysis/clone-slips.ts';
import { type MergeRule, type RuleResult, rulesOf, similarityRule } from './analysis/clone-numbers.ts';
import { importsFor, type NeededName } from './analysis/clone-imports.ts';
import { accessTo, interfacesText, parameterCount } from './analysis/clone-print.ts';
import { type CallEdit, callEdit } from './analysis/merge-calls.ts';
import { designMerge, type MergeDesign, type MergeRequest, originalText, selectClones } from './analysis/merge-design.ts';
import { namesake, newTexts, type NewText } from './analysis/merge-place.ts';
import { reinlinedEquals } from './analysis/reinline.ts';
import type { Codemod } from './kernel/codemod.ts';
import type { Proposal } from './kernel/proposal.ts';
import { Refusal } from './kernel/refusal.ts';
import type { Workspace } from './kernel/workspace.ts';

export interface MergeClonesOptions extends MergeRequest {
  /** Rules that are not to refuse this merge, and why. */
  readonly override?: { readonly rule: MergeRule | readonly MergeRule[]; readonly reason: string };
}

/** Whether the helper is there and every function that had a clone calls it. */
function isDone(workspace: Workspace, options: MergeClonesOptions, out: Proposal): boolean {
  const known = namesake(workspace, options);
  if (known === undefined) return false;
  const calls = options.clones.every((clone) => {
    const file = workspace.sourceFile(clone.file ?? options.file ?? '');
    const [owner, member] = clone.in.split('.');
    const found = member === undefined ? file.getFunction(owner ?? '') : file.getClass(owner ?? '')?.getMember(member);
    return new RegExp(`\\b${options.name}(?:<[^(]*>)?\\(`).test(found?.getText() ?? '');
  });
  if (calls) {
    out.skip(known, `${options.name} is there and called from every place: the clones are merged already.`);
    return true;
  }
  return out.refuse(
    'REFIT_MERGE_NAME_TAKEN',
    known,
    `There is a ${options.name} already, and it is not called where the clones are. Choose another \`name\`.`,
  );
}

function isOverridden(rule: MergeRule, { override }: MergeClonesOptions): boolean {
  return override !== undefined && [override.rule].flat().includes(rule);
}

function rulesFor(design: MergeDesign, calls: readonly CallEdit[]): readonly RuleResult[] {
  return rulesOf({
    originals: design.clones.map(originalText),
    helper: `${interfacesText(design.helper)}${design.helperText}`,
    calls: calls.map((call) => call.statement),
    parameters: parameterCount(design.helper),
    optional: design.helper.fields.filter((field) => field.optional).map(accessTo(design.helper)),
  });
}

/** Code that is not alike is refused before its holes are looked at; the other numbers are told where there are any. */
function requireSimilarity(workspace: Workspace, options: MergeClonesOptions, out: Proposal): void {
  const clones = selectClones(workspace, options);
  const similarity = similarityRule(clones.map(originalText));
  if (similarity.holds || isOverridden(similarity.rule, options)) return;
  let others: readonly RuleResult[] = [];
  try {
    const design = designMerge(workspace, options);
    others = rulesFor(design, callEdits(design)).filter((each) => each.rule !== similarity.rule && !each.holds);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
  }
  notWorthIt([similarity, ...others], clones[0].statements[0], options, out);
}

function notWorthIt(rules: readonly RuleResult[], place: Node, { name }: MergeClonesOptions, out: Proposal): never {
  const numbers = rules.map((each) => `${each.rule}: ${each.numbers}`).join('; ');
  const names = rules.map((each) => `'${each.rule}'`).join(', ');
  const advice = `Leave the clones as they are, choose other ranges, or give \`override: { rule: [${names}], reason }\`.`;
  return out.refuse(
    rules[0]?.code ?? 'REFIT_MERGE_SIMILARITY',
    place,
    `Merging into ${name} is not worth it. ${numbers}. ${advice}`,
  );
}

function requireRules(design: MergeDesign, calls: readonly CallEdit[], options: MergeClonesOptions, out: Proposal): void {
  const rules = rulesFor(design, calls);
  const broken = rules.filter((each) => !each.holds && !isOverridden(each.rule, options));
  if (broken.length > 0) notWorthIt(broken, design.clones[0].statements[0], options, out);
  for (const { rule, holds, numbers } of rules)
    out.holds(holds ? rule : `${rule}, overridden: ${options.override?.reason ?? ''}`, numbers);
}

function callEdits(design: MergeDesign): readonly CallEdit[] {
  return design.clones.map((_, at) => callEdit(design, at));
}

function requireProof(design: MergeDesign, calls: readonly CallEdit[], out: Proposal): void {
  for (const [at, clone] of design.clones.entries()) {
    const proof = reinlinedEquals(design.helperText, calls[at]?.statement ?? '', originalText(clone));
    if (proof.equal) continue;
    const message = `The helper with the call of ${clone.label} put back is not the clone again: ${proof.difference ?? ''} Nothing was proposed; choose smaller ranges.`;
    out.refuse('REFIT_MERGE_NOT_EQUIVALENT', clone.statements[0], message);
  }
  out.holds(
    'each call, put back into the helper, is the clone it replaced',
    `${String(design.clones.length)} normal forms compared; reading a property is taken to have no effect`,
  );
  if (design.helper.isAsync) {
    out.holds('the helper awaits where the clones did, and is awaited', 'one more turn of the microtask queue for each call');
  }
}

function proposeImports(workspace: Workspace, design: MergeDesign, home: NewText, out: Proposal): void {
  const inTypes = [...design.types.names].map(([name, declaration]): NeededName => ({ name, declaration, typeOnly: true }));
  const inBody = design.captures.moduleUses.map((use): NeededName => ({
    name: use.baseName,
    declaration: use.declaration,
    typeOnly: use.typeOnly,
  }));
  const target = workspace.findSourceFile(home.path);
  const words = `${interfacesText(design.helper)}${design.helperText}`;
  const needed = inTypes.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(words));
  for (const request of importsFor(target, home.path, [...inBody, ...needed])) out.needImport(request);
  for (const file of new Set(design.clones.map((clone) => clone.file))) {
    const path = file.getFilePath();
    const cells = design.helper.typeParameters.flatMap((each) => each.cells).join(' ');
    const named = inTypes.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(cells));
    for (const request of importsFor(file, path, named)) out.needImport(request);
    if (path !== home.path) out.needImport({ into: path, name: design.helper.name, from: home.path, typeOnly: false });
  }
}

function proposeTexts(design: MergeDesign, calls: readonly CallEdit[], texts: readonly NewText[], out: Proposal): void {
  for (const [at, clone] of design.clones.entries()) {
    const call = calls[at];
    if (call !== undefined) out.edit(clone.file.getFilePath(), call.range, call.text, 'merged');
  }
  for (const text of texts) {
    if (text.kind === 'create') out.createFile(text.path, text.text);
    else out.insert(text.path, text.position, text.text);
  }
}

export const mergeClones: Codemod<MergeClonesOptions> = {
  name: 'merge-clones',
  options: {
    clones: { kind: 'data', required: true, help: 'the clones: [{ in, case, from, to, result, file }, …]' },
    file: { kind: 'text', help: 'the file of the clones that do not name one' },
    name: { kind: 'text', required: true, help: 'the name of the helper' },
    to: { kind: 'text', help: 'the file the helper goes to as a function; default: a method of the class of the clones' },
    after: { kind: 'text', help: 'the member the helper stands behind; default: the last with a clone' },
    doc: { kind: 'text', help: 'the comment of the helper, one sentence' },
    moduleDoc: { kind: 'text', help: 'the comment at the head of a new file' },
    holes: { kind: 'data', help: 'names of the holes in the order of the text: names, or { name, doc }' },
    types: { kind: 'list', help: 'names of the type parameters' },
    descriptor: { kind: 'data', help: 'the parameter object with what differs: { name, type, doc }' },
    context: { kind: 'data', help: 'puts what the clones capture into one parameter object: { name, type, doc }' },
    parameters: { kind: 'data', help: 'names for captured values: { "this.theStatistics": "statistics" }' },
    override: { kind: 'data', help: 'a rule that is not to refuse the merge, and why: { rule, reason }' },
  },
  propose(workspace, options, out) {
    if (isDone(workspace, options, out)) return;
    requireSimilarity(workspace, options, out);
    const design = designMerge(workspace, options);
    const calls = callEdits(design);
    requireRules(design, calls, options, out);
    requireProof(design, calls, out);
    const texts = newTexts(workspace, design, options);
    const home = texts[0];
    if (home === undefined) return;
    proposeTexts(design, calls, texts, out);
    proposeImports(workspace, design, home, out);
    for (const { place, what } of slipsIn(design.differences, design.clones.length)) out.finding('suspected-slip', place, what);
    const origins = design.clones.map((clone, at) => ({
      path: clone.file.getFilePath(),
      label: clone.label,
      original: originalText(clone),
      call: calls[at]?.statement ?? '',
    }));
    out.claim({ kind: 'merged', helper: options.name, to: home.path, clones: origins });
  },
};
