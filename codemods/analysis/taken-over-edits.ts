// The edits that let an owner have a wrapper's methods and fields itself, and what a reviewer is told about them.
import type { Proposal } from '../kernel/proposal.ts';
import { reindent } from '../kernel/indent.ts';
import { indentAt } from '../kernel/text-positions.ts';
import type { Workspace } from '../kernel/workspace.ts';
import type { OwnedInstance } from './owned-instance.ts';
import type { TakenField } from './taken-over-state.ts';
import { inNewClass } from './taken-over-text.ts';
import { type Closure, onlyGrows } from './wrapper-closure.ts';
import type { WrapperMembers } from './wrapper-members.ts';

/** One wrapper whose methods go to its owner. */
export interface TakeOver {
  readonly workspace: Workspace;
  readonly options: { readonly class: string; readonly owner: string; readonly methods: readonly string[] };
  readonly out: Proposal;
  readonly wrapper: WrapperMembers;
  readonly instance: OwnedInstance;
  readonly closure: Closure;
  /** Members of the wrapper → what `this.member` becomes in the owner. */
  readonly paths: ReadonlyMap<string, string>;
  readonly fields: readonly TakenField[];
}

/** The owner's calls, of itself now. */
export function editCalls(task: TakeOver): void {
  const { instance, closure, paths, options, out } = task;
  for (const { method, call } of instance.calls) {
    const live = closure.methods.get(method);
    if (live === undefined || !options.methods.includes(method)) continue;
    out.replace(call.getExpression(), paths.get(method) ?? `this.${method}`);
    const given = call.getArguments();
    if (live.dropped.size === 0 || given.length === 0) continue;
    const kept = given.filter((_, at) => !live.dropped.has(at)).map((each) => each.getText());
    const path = call.getSourceFile().getFilePath();
    out.edit(path, [given[0]?.getStart() ?? 0, given.at(-1)?.getEnd() ?? 0], kept.join(', '));
  }
}

/** The fields, after the one that held the wrapper. */
export function editFields(task: TakeOver): void {
  const { instance, fields, out, paths } = task;
  const path = instance.owner.getSourceFile().getFilePath();
  const text = instance.owner.getSourceFile().getFullText();
  const indent = indentAt(text, instance.field.getStart());
  for (const { field, declared, assigned } of fields) {
    const comment =
      field.comment === ''
        ? ''
        : `${reindent(field.comment, indent, indentAt(field.declaration.getSourceFile().getFullText(), field.declaration.getStart()), 'member')}\n${indent}`;
    const modifiers = declared.startsWith('#') ? '' : 'private ';
    out.insert(
      path,
      instance.field.getEnd(),
      `\n${indent}${comment}${modifiers}${field.isReadonly ? 'readonly ' : ''}${declared};`,
    );
    if (assigned === undefined) continue;
    if (instance.wiring === instance.field) {
      out.refuse(
        'REFIT_INLINE_STATE',
        instance.field,
        `${field.name} needs what the constructor is given, and the wrapper is made outside of it. Make it in the constructor.`,
      );
    }
    out.insert(
      path,
      instance.wiring.getEnd(),
      `\n${indentAt(text, instance.wiring.getStart())}${paths.get(field.name) ?? `this.${field.name}`} = ${assigned};`,
    );
  }
}

/** The methods at the end of the owner; answers their texts. */
export function addMethods(task: TakeOver): readonly string[] {
  const { instance, closure, paths, out } = task;
  const { owner } = instance;
  const last = owner.getMembers().at(-1);
  const file = owner.getSourceFile();
  const indent = last === undefined ? '  ' : indentAt(file.getFullText(), last.getStart());
  const texts = [...closure.methods].map(([name, { node, text }]) => {
    const old = indentAt(node.getSourceFile().getFullText(), node.getStart());
    return reindent(inNewClass(text, name, paths), indent, old, 'member');
  });
  if (last !== undefined) out.insert(file.getFilePath(), last.getEnd(), texts.map((text) => `\n\n${indent}${text}`).join(''));
  return texts;
}

/** What was checked, promised and found. */
export function reportTakeOver(task: TakeOver): void {
  const { out, closure, fields, options, instance, workspace, paths } = task;
  const wrapperFile = task.wrapper.declaration.getSourceFile();
  out.holds(
    'the wrapper is made by its owner and only called',
    `${String(instance.calls.length)} calls of ${instance.field.getName()}, no other use`,
  );
  const owner = workspace.relative(instance.owner.getSourceFile().getFilePath());
  for (const [name, method] of closure.methods) {
    out.claim({
      kind: 'inlined',
      name: `${options.class}.${name}`,
      into: owner,
      owner: options.owner,
      through: instance.field.getName(),
      from: { path: wrapperFile.getFilePath(), text: wrapperFile.getFullText() },
      paths,
    });
    for (const what of method.folded)
      out.finding(
        'note',
        method.node,
        `${name}: ${what} for the constants it is called with; the other branches did not come along.`,
      );
  }
  for (const name of closure.vanished)
    out.holds(`nothing is left of ${name} but what stands where it was called`, 'its branches are decided by constant arguments');
  for (const text of closure.repeated)
    out.holds('a repeated question of a keeping method does nothing', text.replaceAll(/\s+/g, ' '));
  for (const { field, becamePlainMap } of fields) {
    if (becamePlainMap)
      out.holds(
        `${field.name} can be a Map`,
        'its class, constructed without arguments, does the same on the methods that are called',
      );
    if (onlyGrows(closure.methods, field.name)) {
      out.finding(
        'leak',
        field.declaration,
        `${field.name} only grows: entries are put in and never taken out. It moves along as it is, into ${options.owner}.`,
      );
    }
  }
}
