// Codemod: move-declarations
//
// Moves top-level declarations to another module, with their private helpers, comments and imports.
// Every import and re-export of the names in the project then names the new module, so each entry point
// keeps exactly the names it had. The declarations are moved verbatim, in the order they stood in; a target that exists is
// appended to. `doc` is the sentence a new module opens with. `keepOldPath` leaves a re-export in the old module and the
// importers as they are.
//
// Holds before anything is edited: the set is closed under names that are not exported; no variable is assigned from two
// modules; nothing that moves runs when it is loaded or asks for its own path; no import cycle arises that is evaluated;
// modules with effects are loaded in the order they were; no test mocks the old path.
//
// with { "from": "counter.ts", "symbols": ["Counter"], "to": "statistics.ts", "doc": "Numbers of the system." }
// ```ts
// // ---- counter.ts
// import type { Clock } from './clock.ts';
//
// const LIMIT = 100;
//
// /** Counts. */
// export class Counter {
//   constructor(readonly clock: Clock) {}
//   value = LIMIT;
// }
//
// export const start = (clock: Clock): Counter => new Counter(clock);
// // ---- clock.ts
// export interface Clock {
//   now(): number;
// }
// // ---- index.ts
// export { Counter, start } from './counter.ts';
// // ---- use.ts
// import { Counter } from './counter.ts';
//
// export const used = Counter;
// ```
// ->
// ```ts
// // ---- counter.ts
// import type { Clock } from './clock.ts';
// import { Counter } from './statistics.ts';
//
// export const start = (clock: Clock): Counter => new Counter(clock);
// // ---- clock.ts
// export interface Clock {
//   now(): number;
// }
// // ---- index.ts
// export { start } from './counter.ts';
// export { Counter } from './statistics.ts';
// // ---- use.ts
// import { Counter } from './statistics.ts';
//
// export const used = Counter;
// // ---- statistics.ts
// /** Numbers of the system. */
// import type { Clock } from './clock.ts';
//
// const LIMIT = 100;
//
// /** Counts. */
// export class Counter {
//   constructor(readonly clock: Clock) {}
//   value = LIMIT;
// }
// ```
//
// A variable that both modules would have to write stays where it is:
//
// with { "from": "ids.ts", "symbols": ["nextId"], "to": "next-id.ts" }
// ```ts
// // ---- ids.ts
// let last = 0;
//
// export function nextId(): number {
//   last += 1;
//   return last;
// }
//
// export function reset(): void {
//   last = 0;
// }
// ```
// -> refused: REFIT_MOVE_STATE
import { Node, type SourceFile } from 'ts-morph';
import { moduleMentionsOf } from './analysis/module-mentions.ts';
import { requireMovable, requireNoDirective } from './analysis/move-hazards.ts';
import { requireLoadOrder } from './analysis/move-load-order.ts';
import { importerChanges, type Leaving } from './analysis/moved-imports.ts';
import { type MovedSet, movedSet } from './analysis/moved-set.ts';
import { missingImports, type Move, movedBody, newModuleText } from './analysis/moved-text.ts';
import { entryModules, packagesOf } from './analysis/package-entries.ts';
import { removalRanges } from './analysis/removal-ranges.ts';
import { requireFreeNames } from './analysis/target-names.ts';
import { topLevelNames } from './analysis/top-level.ts';
import type { Codemod } from './kernel/codemod.ts';
import type { Proposal } from './kernel/proposal.ts';
import { specifierFor } from './kernel/module-specifier.ts';
import { printImport } from './kernel/print-import.ts';
import { newlineOf, withNewline } from './kernel/text-positions.ts';
import type { Workspace } from './kernel/workspace.ts';

/** Columns of a printed re-export; the kernel's own default. */
const WIDTH = 120;

export interface MoveDeclarationsOptions {
  readonly from: string;
  readonly symbols: readonly string[];
  readonly to: string;
  readonly doc?: string;
  readonly keepOldPath?: boolean;
}

interface Plan {
  readonly workspace: Workspace;
  readonly options: MoveDeclarationsOptions;
  readonly file: SourceFile;
  readonly to: string;
  readonly target: SourceFile | undefined;
  readonly moved: MovedSet;
  readonly leaving: Leaving;
  readonly out: Proposal;
}

/** Whether every symbol stands in the target already. */
function isDone(file: SourceFile, target: SourceFile | undefined, symbols: readonly string[]): boolean {
  if (target === undefined) return false;
  const [left, there] = [topLevelNames(file), topLevelNames(target)];
  return symbols.every((name) => !left.has(name) && there.has(name));
}

/** Exported names that leave, each with whether it is a type alone. */
function leavingNames(file: SourceFile, moved: MovedSet): ReadonlyMap<string, boolean> {
  const names = new Map<string, boolean>();
  for (const [name, declared] of topLevelNames(file)) {
    if (!moved.names.has(name) || declared.exported === 'no') continue;
    names.set(
      name,
      declared.statements.every((each) => Node.isInterfaceDeclaration(each) || Node.isTypeAliasDeclaration(each)),
    );
  }
  return names;
}

function requireExports({ file, moved, out }: Plan): void {
  for (const [name, declared] of topLevelNames(file)) {
    if (!moved.names.has(name)) continue;
    if (declared.exported === 'default')
      out.refuse(
        'REFIT_MOVE_DEFAULT',
        declared.statements[0],
        `${name} is the default export; its importers name it as they like. Export it by name first.`,
      );
  }
  for (const list of file.getExportDeclarations()) {
    if (list.getModuleSpecifier() !== undefined) continue;
    const renamed = list.getNamedExports().find((each) => moved.names.has(each.getName()) && each.getAliasNode() !== undefined);
    if (renamed !== undefined)
      out.refuse('REFIT_MOVE_EXPORT_ALIAS', renamed, `\`${renamed.getText()}\` exports it under another name. Rename it first.`);
  }
}

/** Mocks, dynamic imports and the like name the old module by its path: they would miss what moved. */
function requireNoMentions({ workspace, options, file, out }: Plan): void {
  const mentions = moduleMentionsOf(workspace, file.getFilePath());
  for (const { node, kind } of mentions) {
    if (kind === 'text')
      out.finding('note', node, `${node.getText()} looks like the path of the old module; check what it is for.`);
    else if (options.keepOldPath !== true) {
      const what = kind === 'mock' ? 'A test replaces the old module' : 'The old module is named by its path';
      out.refuse(
        kind === 'mock' ? 'REFIT_MOVE_MOCKED' : 'REFIT_MOVE_DYNAMIC',
        node,
        `${what}: ${node.getParent()?.getText().split('\n')[0] ?? ''}. It would miss what moves. Set keepOldPath, or change it first.`,
      );
    }
  }
  const entry = entryModules(workspace, packagesOf(workspace)).find((each) => each.offered && each.path === file.getFilePath());
  if (entry === undefined || options.keepOldPath === true) return;
  out.refuse(
    'REFIT_MOVE_ENTRY',
    file.getStatements()[0],
    `${workspace.relative(entry.path)} is ${entry.why}; its importers are outside of this project. Set keepOldPath.`,
  );
}

/** The old module keeps a re-export, right below its imports. */
function reExport({ file, workspace, leaving, to, out }: Plan): void {
  const model = file.getImportDeclarations().at(-1);
  const quote = model?.getModuleSpecifier().getText().charAt(0) ?? "'";
  const named = [...leaving.names].map(([name, typeOnly]) => ({ name, alias: undefined, typeOnly }));
  const specifier = specifierFor(workspace, leaving.from, to);
  const text = printImport({
    named,
    specifier,
    quote,
    semicolon: model?.getText().endsWith(';') ?? true,
    width: WIDTH,
    sort: true,
  }).replace(/^import/, 'export');
  const at = model?.getEnd() ?? file.getFullText().length;
  out.insert(leaving.from, at, model === undefined ? `\n${text}\n` : `\n${text}`);
}

/** Takes the moved statements, and their names in the module's own export lists, out of the old module. */
function cutOut({ file, moved, leaving, out }: Plan): void {
  const text = file.getFullText();
  const listed = file.getExportDeclarations().filter((each) => each.getModuleSpecifier() === undefined);
  const emptied = listed.filter(
    (list) => list.getNamedExports().length > 0 && list.getNamedExports().every((each) => moved.names.has(each.getName())),
  );
  const gone = [...moved.statements, ...emptied].map((each) => each.compilerNode);
  for (const [start, end] of removalRanges(text, gone)) out.edit(leaving.from, [start, end], '');
  for (const list of listed) {
    const rest = list.getNamedExports().filter((each) => !moved.names.has(each.getName()));
    if (rest.length === 0 || rest.length === list.getNamedExports().length) continue;
    out.replace(list, `export { ${rest.map((each) => each.getText()).join(', ')} };`);
  }
}

/** Names that get the `export` keyword: those of export lists, and private ones that the code that stays uses. */
function namesToExport({ moved, leaving, file, out }: Plan): ReadonlySet<string> {
  const hidden = moved.usedByRest.filter((each) => !leaving.names.has(each.name));
  const names = topLevelNames(file);
  for (const { name } of hidden) {
    const [node] = names.get(name)?.statements ?? [];
    if (node !== undefined)
      out.finding('note', node, `${name} was private to its module; it is exported now, because code that stays uses it.`);
  }
  return new Set([...leaving.names.keys(), ...hidden.map((each) => each.name)]);
}

function write(plan: Plan): void {
  const { workspace, options, file, to, target, moved, leaving, out } = plan;
  const move: Move = { workspace, file, to, moved, exported: namesToExport(plan) };
  if (target === undefined) {
    out.createFile(to, withNewline(newModuleText(move, options.doc), newlineOf(file.getFullText())));
  } else {
    const { requests, lines } = missingImports(move, target);
    for (const request of requests) out.needImport(request);
    const text = target.getFullText();
    const last = target.getImportDeclarations().at(-1);
    if (lines.length > 0)
      out.insert(to, last?.getEnd() ?? 0, last === undefined ? `${lines.join('\n')}\n\n` : `\n${lines.join('\n')}`);
    const gap = text.trim() === '' ? '' : text.endsWith('\n') ? '\n' : '\n\n';
    out.insert(to, text.length, `${gap}${movedBody(move)}\n`);
  }
  cutOut(plan);
  for (const { name, typeOnly } of moved.usedByRest) out.needImport({ into: leaving.from, name, from: to, typeOnly });
  if (options.keepOldPath === true) reExport(plan);
  for (const name of moved.names) out.claim({ kind: 'moved', name, from: leaving.from, to });
}

function planOf(workspace: Workspace, options: MoveDeclarationsOptions, out: Proposal): Plan | undefined {
  const file = workspace.sourceFile(options.from);
  const to = workspace.absolute(options.to);
  const target = workspace.findSourceFile(options.to);
  if (target === file)
    out.refuse('REFIT_MOVE_SAME', undefined, `${options.from} is both the old and the new module. Name another target.`);
  if (isDone(file, target, options.symbols)) return undefined;
  const moved = movedSet(file, options.symbols);
  const names = leavingNames(file, moved);
  const exportsLeft = [...topLevelNames(file).values()].some((each) => each.exported !== 'no' && !names.has(each.name));
  const reExports =
    file.getExportDeclarations().some((each) => each.getModuleSpecifier() !== undefined) ||
    file.getExportAssignments().length > 0;
  const gainsExport = moved.usedByRest.some((each) => !names.has(each.name));
  const alone = target === undefined && !gainsExport;
  const leaving: Leaving = { workspace, from: file.getFilePath(), to, names, alone, oldExports: exportsLeft || reExports };
  return { workspace, options, file, to, target, moved, leaving, out };
}

export const moveDeclarations: Codemod<MoveDeclarationsOptions> = {
  name: 'move-declarations',
  options: {
    from: { kind: 'text', required: true, help: 'module the declarations stand in' },
    symbols: { kind: 'list', required: true, help: 'names to move; private helpers only they use come along' },
    to: { kind: 'text', required: true, help: 'module they go to; created when it does not exist' },
    doc: { kind: 'text', help: 'sentence a new module opens with' },
    keepOldPath: { kind: 'flag', help: 'leave a re-export in the old module and the importers as they are' },
  },
  propose(workspace, options, out) {
    const plan = planOf(workspace, options, out);
    if (plan === undefined) return;
    const { file, moved, leaving } = plan;
    const keepOldPath = options.keepOldPath === true;
    requireExports(plan);
    requireNoDirective(file.getStatements());
    requireMovable(moved.statements, plan.to);
    if (file.getStatements().every((each) => moved.statements.includes(each) || Node.isImportDeclaration(each))) {
      out.refuse('REFIT_MOVE_ALL', file.getStatements()[0], `Nothing would stay in ${options.from}. Rename the file instead.`);
    }
    if (plan.target !== undefined) requireFreeNames(plan.target, file, moved);
    requireNoMentions(plan);
    const changes = keepOldPath ? [] : importerChanges(leaving);
    requireLoadOrder({ file, moved, leaving, keepOldPath, changes, out });
    const names = [...moved.names].join(', ');
    out.holds(
      'what moves is closed under names that are not exported',
      `${names}${moved.helpers.length > 0 ? ` (helpers: ${moved.helpers.join(', ')})` : ''}`,
    );
    write(plan);
    for (const change of changes) {
      for (const { path, start, end, text } of change.edits) out.edit(path, [start, end], text);
      for (const request of change.requests) out.needImport(request);
    }
    out.holds('every import and re-export of the names in the project names the new module', `${String(changes.length)} files`);
  },
};
