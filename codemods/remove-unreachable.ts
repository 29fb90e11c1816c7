// Codemod: remove-unreachable
//
// Deletes declarations, members and whole files that production does not reach, and what becomes unused with them:
// private members, types, helpers and imports, to a fixpoint. Barrels lose the names, `exports` of package.json the
// subpaths that lead to a deleted file.
//
// Preconditions: nothing outside the deleted set uses it, by name, by a computed key, through an untyped value or a name
// in a configuration file; no interface or subclass asks for it; loading a deleted file does nothing; what outsiders can
// import is listed in `approve`. Tests that use it go first (remove-tests-of-deleted). What becomes unused but is
// exported inside the workspace is named in a finding; `cascade` deletes it too.
//
// with { "symbols": ["Report.draft"], "approve": ["Report.draft"] }
// ```ts
// // ---- package.json
// { "name": "reports", "exports": "./report.ts" }
// // ---- report.ts
// import { frame, underline } from './text.ts';
//
// export class Report {
//   private printed = 0;
//
//   /** Prints it. */
//   print(): string {
//     this.printed += 1;
//     return frame(String(this.printed));
//   }
//
//   /** Nobody asks for drafts. */
//   draft(): string {
//     return this.mark(underline('draft'));
//   }
//
//   private mark(text: string): string {
//     return `~${text}`;
//   }
// }
// // ---- text.ts
// export const frame = (text: string): string => `[${text}]`;
// export const underline = (text: string): string => `_${text}_`;
// ```
// ->
// ```ts
// // ---- package.json
// { "name": "reports", "exports": "./report.ts" }
// // ---- report.ts
// import { frame } from './text.ts';
//
// export class Report {
//   private printed = 0;
//
//   /** Prints it. */
//   print(): string {
//     this.printed += 1;
//     return frame(String(this.printed));
//   }
// }
// // ---- text.ts
// export const frame = (text: string): string => `[${text}]`;
// export const underline = (text: string): string => `_${text}_`;
// ```
//
// A file goes with its lines in barrels and in package.json.
//
// with { "files": ["old.ts"], "approve": ["Old"] }
// ```ts
// // ---- package.json
// {
//   "name": "things",
//   "exports": {
//     ".": "./index.ts",
//     "./old": "./old.ts"
//   }
// }
// // ---- index.ts
// export { Old } from './old.ts';
// export { now } from './now.ts';
// // ---- now.ts
// export const now = 'now';
// // ---- old.ts
// export class Old {}
// ```
// ->
// ```ts
// // ---- package.json
// {
//   "name": "things",
//   "exports": {
//     ".": "./index.ts"
//   }
// }
// // ---- index.ts
// export { now } from './now.ts';
// // ---- now.ts
// export const now = 'now';
// ```
//
// Refused: a part of the API that nobody has approved the removal of.
//
// with { "symbols": ["unused"] }
// ```ts
// // ---- package.json
// { "name": "things", "exports": "./index.ts" }
// // ---- index.ts
// export const unused = 1;
// ```
// -> refused: REFIT_UNREACHABLE_API
//
// Refused: a method that a computed key may reach.
//
// with { "symbols": ["Handlers.opened"] }
// ```ts
// class Handlers {
//   opened(): string {
//     return 'opened';
//   }
//
//   closed(): string {
//     return 'closed';
//   }
// }
// export function handle(event: 'opened' | 'closed'): string {
//   return new Handlers()[event]();
// }
// ```
// -> refused: REFIT_UNREACHABLE_DYNAMIC
import { ts } from 'ts-morph';
import { spreadDeletion, type Deletion } from './analysis/deletion-closure.ts';
import { deletionEdits } from './analysis/deletion-edits.ts';
import { deletionTargets } from './analysis/deletion-targets.ts';
import { lostEffect } from './analysis/lost-effects.ts';
import { textMentionsOf } from './analysis/mentions.ts';
import { lineOfNode, type Member, type Use } from './analysis/liveness-model.ts';
import { analyseLiveness, type Liveness } from './analysis/liveness.ts';
import type { Codemod } from './kernel/codemod.ts';
import type { Proposal } from './kernel/proposal.ts';
import type { Place } from './kernel/refusal.ts';
import { topLevelEffect } from './kernel/top-level-effects.ts';
import type { Workspace } from './kernel/workspace.ts';

interface Options {
  readonly symbols?: readonly string[];
  readonly files?: readonly string[];
  readonly approve?: readonly string[];
  readonly cascade?: boolean;
}

/** The most places a refusal lists. */
const LISTED = 8;

export const removeUnreachable: Codemod<Options> = {
  name: 'remove-unreachable',
  options: {
    symbols: { kind: 'list', help: 'declarations and members to delete: Name, Class.member or file.ts#Name' },
    files: { kind: 'list', help: 'files to delete with all they declare' },
    approve: { kind: 'list', help: 'exported names whose removal from the API is decided' },
    cascade: { kind: 'flag', help: 'also delete exported declarations that become unused, if no entry offers them' },
  },
  propose(workspace, options, out) {
    const liveness = analyseLiveness(workspace);
    const targets = deletionTargets(workspace, liveness.graph.members, options);
    for (const missing of targets.missing) out.skip({ path: '', line: 1 }, missing);
    if (targets.named.length === 0) return;
    const deletion = spreadDeletion(liveness, targets.members, options.cascade === true);
    const step: Step = { workspace, liveness, deletion, options, out };
    requireApproval(step);
    requireUnused(step);
    requireUnasked(step, targets.named);
    const result = deletionEdits(workspace, liveness, deletion.members);
    requireNoEffect(step, result.files);
    requireNoLostEffect(step, result.files);
    requireEntries(step, result.lostMains);
    for (const { path, range } of result.cuts) out.edit(path, range, '', 'deleted');
    for (const path of result.files) out.deleteFile(path);
    report(step, targets.named, result.files);
    for (const { subpath, manifest } of result.lostSubpaths) {
      out.finding('api', { path: manifest, line: 1 }, `the subpath ${subpath} of the package goes with its file`);
    }
  },
};

interface Step {
  readonly workspace: Workspace;
  readonly liveness: Liveness;
  readonly deletion: Deletion;
  readonly options: Options;
  readonly out: Proposal;
}

function placeOf(node: ts.Node): Place {
  return { path: node.getSourceFile().fileName, line: lineOfNode(node) };
}

function placeOfMember(member: Member): Place {
  return { path: member.file.fileName, line: member.line };
}

function listOf(lines: readonly string[]): string {
  const distinct = [...new Set(lines)];
  const more = distinct.length > LISTED ? `\n  and ${String(distinct.length - LISTED)} more` : '';
  return `\n  ${distinct.slice(0, LISTED).join('\n  ')}${more}`;
}

/** The exported names that go must all be approved; a member of an approved class is. */
function requireApproval({ liveness, deletion, options, out }: Step): void {
  const approved = new Set(options.approve ?? []);
  const isApproved = (member: Member): boolean => approved.has(member.label) || approved.has(member.owner?.name ?? member.name);
  const api = [...deletion.members].filter((member) => liveness.roots.api.has(member));
  const open = api.filter((member) => !isApproved(member) && (member.owner === undefined || !deletion.members.has(member.owner)));
  const [first] = open;
  if (first !== undefined) {
    const names = open.map((member) => `${member.label} (${liveness.roots.api.get(member) ?? ''})`);
    out.refuse(
      'REFIT_UNREACHABLE_API',
      placeOfMember(first),
      `Outsiders can use what would go:${listOf(names)}\nApprove its removal from the API (approve: [${open.map((each) => `'${each.label}'`).join(', ')}]) or keep it.`,
    );
  }
  for (const member of api)
    if (member.owner === undefined)
      out.finding('api', placeOfMember(member), `${member.label} is gone from ${liveness.roots.api.get(member) ?? ''}`);
}

/** Uses from outside the deleted set; lists that only pass a name on are edited. */
function outsideUses({ liveness, deletion }: Step): readonly Use[] {
  return [...deletion.members]
    .flatMap((member) => liveness.graph.usesOf(member))
    .filter((use) => !deletion.members.has(use.from) && use.kind !== 're-export' && use.kind !== 'loads');
}

function requireUnused(step: Step): void {
  const { workspace, deletion, out } = step;
  const uses = outsideUses(step);
  const show = (use: Use): string =>
    `${workspace.relative(use.node.getSourceFile().fileName)}:${String(lineOfNode(use.node))} ${use.from.label} uses ${use.to.label}`;
  const dynamic = uses.find((use) => use.kind === 'dynamic' && !use.from.test);
  if (dynamic !== undefined) {
    out.refuse(
      'REFIT_UNREACHABLE_DYNAMIC',
      placeOf(dynamic.node),
      `${dynamic.to.label} may be reached here by a computed key or through an untyped value. Name the members that are meant, first.`,
    );
  }
  const used = uses.filter((use) => !use.from.test);
  if (used[0] !== undefined) {
    out.refuse(
      'REFIT_UNREACHABLE_USED',
      placeOf(used[0].node),
      `Production code outside what would go still uses it:${listOf(used.map(show))}\nMove or inline what it needs first, or name the users too.`,
    );
  }
  const tested = uses.filter((use) => use.from.test);
  if (tested[0] !== undefined) {
    out.refuse(
      'REFIT_UNREACHABLE_TESTED',
      placeOf(tested[0].node),
      `Tests still use what would go:${listOf(tested.map(show))}\nRun remove-tests-of-deleted for it first.`,
    );
  }
  out.holds(
    'nothing outside the deleted declarations uses them',
    `${String(deletion.members.size)} declarations, no use of any from elsewhere in the program`,
  );
}

/** No interface, base or subclass needs a member that goes without its class; no configuration or string names it. */
function requireUnasked({ liveness, deletion, options, out, workspace }: Step, named: readonly Member[]): void {
  for (const member of deletion.members) {
    if (member.owner === undefined || deletion.members.has(member.owner)) continue;
    if (member.nodes.some((node) => ts.isParameter(node))) {
      out.refuse(
        'REFIT_UNREACHABLE_PARAMETER',
        placeOfMember(member),
        `${member.label} is a parameter of the constructor, which stays. Remove it with remove-unused-parameter.`,
      );
    }
    const relatives = [...liveness.graph.basesOf(member), ...(liveness.graph.dispatch.targets.get(member) ?? [])];
    const asking = relatives.find((each) => !deletion.members.has(each));
    if (asking !== undefined) {
      out.refuse(
        'REFIT_UNREACHABLE_INTERFACE',
        placeOfMember(member),
        `${member.label} belongs together with ${asking.label}, which stays. Delete both, or keep both.`,
      );
    }
  }
  const configured = liveness.roots.live.find(
    (root) => deletion.members.has(root.member) && /^(?:named in|registered by)/.test(root.why),
  );
  if (configured !== undefined) {
    out.refuse(
      'REFIT_UNREACHABLE_DYNAMIC',
      placeOfMember(configured.member),
      `${configured.member.label} is ${configured.why}. Take it out there first.`,
    );
  }
  const approved = new Set(options.approve ?? []);
  for (const member of named) {
    const text = approved.has(member.label) ? undefined : liveness.strings.get(member.name);
    const from = text === undefined ? undefined : liveness.graph.members.enclosing(text);
    if (text === undefined || from === undefined || deletion.members.has(from) || from.test) continue;
    const place = placeOf(text);
    out.refuse(
      'REFIT_UNREACHABLE_DYNAMIC',
      place,
      `The name of ${member.label} is a string here (${workspace.relative(place.path)}); it may be reached by that. If it is not, list ${member.label} in \`approve\`.`,
    );
  }
}

function requireNoEffect({ workspace, out, liveness }: Step, files: readonly string[]): void {
  for (const path of files) {
    const file = workspace.sourceFile(path);
    const module = liveness.graph.members.modules.get(file.compilerNode);
    const loaded =
      module !== undefined &&
      liveness.graph.usesOf(module).some((use) => use.kind === 'loads' && !files.includes(use.from.file.fileName));
    const dynamic =
      module === undefined
        ? undefined
        : liveness.graph.usesOf(module).find((use) => use.kind === 'loads' && ts.isExpression(use.node));
    if (dynamic !== undefined)
      out.refuse(
        'REFIT_UNREACHABLE_USED',
        placeOf(dynamic.node),
        `${workspace.relative(path)} is imported here at run time. Take that out first.`,
      );
    const effect = topLevelEffect(file);
    if (loaded && effect !== undefined) {
      out.refuse(
        'REFIT_UNREACHABLE_EFFECT',
        effect,
        `Loading ${workspace.relative(path)} does something that others may rely on. Move that statement to where it is needed first.`,
      );
    }
    out.holds(
      `loading ${workspace.relative(path)} does nothing that can be seen`,
      loaded ? 'no statement of it has an effect' : 'no module that stays loads it',
    );
  }
}

/** Declarations that go from a file that stays: what they ran when it was loaded, or an object made, is not run any more. */
function requireNoLostEffect({ workspace, deletion, out }: Step, files: readonly string[]): void {
  const cut = [...deletion.members].filter((member) => {
    return !files.includes(member.file.fileName) && (member.owner === undefined || !deletion.members.has(member.owner));
  });
  const effect = lostEffect(workspace, cut);
  if (effect === undefined) return;
  const [line = ''] = effect.getText().split('\n');
  out.refuse(
    'REFIT_UNREACHABLE_EFFECT',
    effect,
    `\`${line}\` does something when it is evaluated, which would not happen any more. Keep it as a statement of its own, or show that it does nothing, first.`,
  );
}

function requireEntries({ out }: Step, lostMains: readonly string[]): void {
  const [manifest] = lostMains;
  if (manifest === undefined) return;
  out.refuse(
    'REFIT_UNREACHABLE_ENTRY',
    { path: manifest, line: 1 },
    'The main entry of this package is a file that would go. Give the package another entry first.',
  );
}

function report({ workspace, deletion, out }: Step, named: readonly Member[], files: readonly string[]): void {
  for (const member of deletion.members) {
    if (member.kind !== 'module') out.claim({ kind: 'removed', name: member.label, from: member.file.fileName });
  }
  for (const member of deletion.leftUnused) {
    out.finding(
      'note',
      placeOfMember(member),
      `${member.label} has no user any more; it stays because ${member.owner === undefined ? 'it is exported' : 'others could use it'} (cascade deletes it too)`,
    );
  }
  const names = named.filter((member) => member.owner === undefined && member.kind !== 'module').map((member) => member.name);
  const paths = files.map((path) => workspace.relative(path));
  for (const mention of textMentionsOf(workspace, { names, paths, without: files })) {
    if (mention.configures)
      out.obligation(
        `${workspace.relative(mention.place.path)}:${String(mention.place.line)} names ${mention.word}, which is gone: take it out there`,
      );
    else out.mention(mention.place, mention.word, `still speaks of ${mention.word}, which is gone`);
  }
}
