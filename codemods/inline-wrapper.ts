// Codemod: inline-wrapper
//
// Takes methods of a thin wrapper over into the class that owns it, as private methods. What they reach comes along:
// private helpers, and fields as fields of the owner. Parameters that are the same constant at every call are put in:
// branches they decide are folded, and what that leaves without a use goes. All effects stay: calls, logs, texts of
// errors and their order, and how often something is loaded. The wrapper itself is not changed; when nothing calls it
// any more, `remove-field-wiring` takes the field out and `remove-unreachable` the class.
//
// Preconditions: the owner makes the wrapper itself with `new`, in its constructor, and only calls it; the methods name
// the members they use; fields are filled without an effect. State (a cache) moves only when the plan says
// `state: "move"`; a collection class becomes a Map only when its code is shown to do the same (`maps: "plain"`).
// Refused: wrappers that are handed in, subclasses, members that would clash, and methods left behind that share state.
//
// with { "file": "example.ts", "class": "Store", "methods": ["mark"], "into": "example.ts", "owner": "Worker", "state": "move" }
// ```ts
// class Store {
//   private readonly seen = new Map<string, number>();
//   constructor(private readonly log: (text: string) => void) {}
//   /** Marks an item once. */
//   mark(id: string): void {
//     this.note(id, 'mark');
//   }
//   private note(id: string, how: 'mark' | 'drop'): void {
//     if (how === 'mark') {
//       this.seen.set(id, 1);
//     } else {
//       this.seen.delete(id);
//     }
//     this.log(id);
//   }
// }
// export class Worker {
//   private readonly store: Store;
//
//   constructor(private readonly log: (text: string) => void) {
//     this.store = new Store(log);
//   }
//
//   work(id: string): void {
//     this.store.mark(id);
//   }
// }
// ```
// ->
// ```ts
// class Store {
//   private readonly seen = new Map<string, number>();
//   constructor(private readonly log: (text: string) => void) {}
//   /** Marks an item once. */
//   mark(id: string): void {
//     this.note(id, 'mark');
//   }
//   private note(id: string, how: 'mark' | 'drop'): void {
//     if (how === 'mark') {
//       this.seen.set(id, 1);
//     } else {
//       this.seen.delete(id);
//     }
//     this.log(id);
//   }
// }
// export class Worker {
//   private readonly store: Store;
//   private readonly seen = new Map<string, number>();
//
//   constructor(private readonly log: (text: string) => void) {
//     this.store = new Store(log);
//   }
//
//   work(id: string): void {
//     this.mark(id);
//   }
//
//   /** Marks an item once. */
//   private mark(id: string): void {
//     this.note(id);
//   }
//
//   private note(id: string): void {
//     this.seen.set(id, 1);
//     this.log(id);
//   }
// }
// ```
//
// with { "file": "example.ts", "class": "Store", "methods": ["mark"], "into": "example.ts", "owner": "Worker" }
// ```ts
// class Store {
//   private readonly seen = new Map<string, number>();
//   mark(id: string): void {
//     this.seen.set(id, 1);
//   }
// }
// export class Worker {
//   private readonly store = new Store();
//   work(id: string): void {
//     this.store.mark(id);
//   }
// }
// ```
// -> refused: REFIT_INLINE_STATE
import { type ClassDeclaration, Node } from 'ts-morph';
import { ownedInstance, type OwnedInstance } from './analysis/owned-instance.ts';
import { isMapField, type StateDecision, sharedFields, takenField, type TakenField } from './analysis/taken-over-state.ts';
import { identifiersIn, neededImports } from './analysis/taken-over-names.ts';
import { usedMembers } from './analysis/taken-over-text.ts';
import { addMethods, editCalls, editFields, reportTakeOver, type TakeOver } from './analysis/taken-over-edits.ts';
import { agreed, type ConstantArguments, constantArguments } from './analysis/this-uses.ts';
import { callsOn, type Closure, closureOf } from './analysis/wrapper-closure.ts';
import { parametersOf, wrapperMembers, type WrapperMembers } from './analysis/wrapper-members.ts';
import type { Codemod } from './kernel/codemod.ts';
import { nearestOf } from './kernel/nearest.ts';
import type { Proposal } from './kernel/proposal.ts';
import type { Workspace } from './kernel/workspace.ts';

export interface InlineWrapperOptions {
  readonly file: string;
  readonly class: string;
  readonly methods: readonly string[];
  readonly into: string;
  readonly owner: string;
  readonly state?: StateDecision['state'];
  readonly maps?: StateDecision['maps'];
  readonly names?: Readonly<Record<string, string>>;
}

function classIn(workspace: Workspace, path: string, name: string, out: Proposal): ClassDeclaration {
  const file = workspace.sourceFile(path);
  const found = file.getClass(name);
  if (found !== undefined) return found;
  const near = nearestOf(
    name,
    file.getClasses().map((each) => each.getName() ?? ''),
  );
  return out.refuse(
    'REFIT_CLASS_UNKNOWN',
    { path: file.getFilePath(), line: 1 },
    `There is no class ${name} in ${path}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
  );
}

/** The constants of the owner's calls, by requested method. */
function requestedCalls(
  wrapper: WrapperMembers,
  instance: OwnedInstance,
  methods: readonly string[],
  out: Proposal,
): ReadonlyMap<string, ConstantArguments> {
  const requested = new Map<string, ConstantArguments>();
  for (const name of methods) {
    const method = wrapper.methods.get(name);
    if (method === undefined) {
      const near = nearestOf(name, wrapper.methods.keys());
      out.refuse(
        'REFIT_METHOD_UNKNOWN',
        wrapper.declaration,
        `There is no method ${name}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
      );
    }
    const calls = instance.calls.filter((each) => each.method === name);
    if (calls.length === 0)
      out.refuse(
        'REFIT_INLINE_NO_CALL',
        instance.owner,
        `Nothing here calls ${name}. Leave it out, or name the class that calls it.`,
      );
    for (const { call } of calls) {
      const said = constantArguments(call.compilerNode, parametersOf(method));
      requested.set(name, agreed(requested.get(name), said));
    }
  }
  return requested;
}

/** A method that is left behind must not use state that moves: there would be two of it. */
function requireWholeState(task: TakeOver, options: InlineWrapperOptions): void {
  const { out, instance, wrapper } = task;
  const left = instance.calls.filter((each) => !options.methods.includes(each.method));
  const moved = new Set(task.fields.map((each) => each.field.name));
  const [first] = left;
  if (first === undefined || moved.size === 0) return;
  const requested = new Map(
    left.flatMap(({ method }): [string, ConstantArguments][] => {
      const node = wrapper.methods.get(method);
      return node === undefined ? [] : [[method, node.getParameters().map(() => undefined)]];
    }),
  );
  const used = usedMembers([...closureOf(wrapper, requested, () => false).methods.values()].map((each) => each.text));
  const shared = [...moved].filter((name) => used.has(name));
  if (shared.length === 0) return;
  out.refuse(
    'REFIT_INLINE_STATE_SHARED',
    first.call,
    `${first.method} stays in the wrapper and uses ${shared.join(', ')} too: there would be two of it. Take both methods over at once.`,
  );
}

function requireFreeNames(task: TakeOver, options: InlineWrapperOptions): void {
  const { out, instance, closure, fields } = task;
  const wanted = [...closure.methods.keys(), ...fields.map((each) => each.field.name)];
  const taken = new Set([
    ...instance.owner
      .getType()
      .getProperties()
      .map((each) => each.getName()),
    ...instance.owner.getDerivedClasses().flatMap((each) =>
      each
        .getType()
        .getProperties()
        .map((member) => member.getName()),
    ),
  ]);
  for (const name of wanted) {
    const there = options.names?.[name] ?? name;
    if (!taken.has(there)) continue;
    out.refuse(
      'REFIT_INLINE_MEMBER_TAKEN',
      instance.owner,
      `${options.owner} (or a class that extends it) has a member ${there} already. Give ${name} another name: names: { "${name}": "…" }.`,
    );
  }
}

function takenFields(
  given: Pick<TakeOver, 'workspace' | 'wrapper' | 'instance' | 'closure'>,
  options: InlineWrapperOptions,
  shared: ReadonlyMap<string, string>,
): readonly TakenField[] {
  const { workspace, wrapper, instance, closure } = given;
  const used = usedMembers([...closure.methods.values()].map((each) => each.text));
  const decision = decisionOf(options);
  return [...wrapper.fields.values()]
    .filter((field) => used.has(field.name) && !shared.has(field.name))
    .map((field) => {
      const name = options.names?.[field.name] ?? field.name;
      return takenField(workspace, { field, name, instance, decision, called: callsOn(closure.methods, field.name) });
    });
}

function decisionOf(options: InlineWrapperOptions): StateDecision {
  return { state: options.state ?? 'refuse', maps: options.maps ?? 'keep' };
}

function requireKnownMembers(wrapper: WrapperMembers, closure: Closure, out: Proposal): void {
  for (const name of usedMembers([...closure.methods.values()].map((each) => each.text))) {
    if (wrapper.fields.has(name) || closure.methods.has(name)) continue;
    out.refuse(
      'REFIT_INLINE_DYNAMIC',
      wrapper.declaration,
      `The methods use ${name}, which is neither a method nor a field of the class (an accessor?). Make it a method first.`,
    );
  }
}

/** A test double put on the class itself would no longer be met. */
function requireNoPatching(declaration: ClassDeclaration, out: Proposal): void {
  for (const use of declaration.findReferencesAsNodes()) {
    const parent = use.getParent();
    if (!Node.isPropertyAccessExpression(parent) || parent.getName() !== 'prototype') continue;
    out.refuse(
      'REFIT_INLINE_DYNAMIC',
      parent,
      `${declaration.getName() ?? 'The class'} is changed or looked at through its prototype here: the code that runs is not certain. Take that away first.`,
    );
  }
}

function isDone(owner: ClassDeclaration, instance: OwnedInstance | undefined, options: InlineWrapperOptions): boolean {
  const called = instance?.calls.some((each) => options.methods.includes(each.method)) ?? false;
  return !called && options.methods.every((name) => owner.getInstanceMethod(options.names?.[name] ?? name) !== undefined);
}

function propose(workspace: Workspace, options: InlineWrapperOptions, out: Proposal): void {
  const owner = classIn(workspace, options.into, options.owner, out);
  const declaration = classIn(workspace, options.file, options.class, out);
  const instance = ownedInstance(owner, declaration);
  if (isDone(owner, instance, options)) return;
  if (instance === undefined) {
    return out.refuse(
      'REFIT_INLINE_NOT_OWNED',
      owner,
      `${options.owner} keeps no ${options.class} in a field. Name the class that does.`,
    );
  }
  requireNoPatching(declaration, out);
  const wrapper = wrapperMembers(declaration);
  const decision = decisionOf(options);
  const requested = requestedCalls(wrapper, instance, options.methods, out);
  const closure = closureOf(wrapper, requested, (name) => isMapField(workspace, wrapper.fields.get(name), decision));
  requireKnownMembers(wrapper, closure, out);
  const shared = sharedFields(wrapper, instance);
  const fields = takenFields({ workspace, wrapper, instance, closure }, options, shared);
  const renames = Object.entries(options.names ?? {}).map(([from, to]): [string, string] => [from, `this.${to}`]);
  const task: TakeOver = { workspace, options, out, wrapper, instance, closure, paths: new Map([...shared, ...renames]), fields };
  requireWholeState(task, options);
  requireFreeNames(task, options);
  editCalls(task);
  editFields(task);
  const texts = addMethods(task);
  const names = identifiersIn([
    ...texts,
    ...fields.map((each) => `${each.declared};`),
    ...fields.map((each) => `x = ${each.assigned ?? '0'};`),
  ]);
  const nodes = [...[...closure.methods.values()].map((each) => each.node), ...fields.flatMap((each) => each.nodes)];
  for (const request of neededImports(nodes, owner.getSourceFile(), names)) out.needImport(request);
  reportTakeOver(task);
}

export const inlineWrapper: Codemod<InlineWrapperOptions> = {
  name: 'inline-wrapper',
  options: {
    file: { kind: 'text', required: true, help: 'the file of the wrapper' },
    class: { kind: 'text', required: true, help: 'the wrapper: a class' },
    methods: { kind: 'list', required: true, help: 'its methods that the owner calls and shall have itself' },
    into: { kind: 'text', required: true, help: 'the file of the owner' },
    owner: { kind: 'text', required: true, help: 'the class that keeps the wrapper in a field' },
    state: { kind: 'text', help: '"move": fields with state of their own become fields of the owner; default "refuse"' },
    maps: { kind: 'text', help: '"plain": collections shown equal to a Map become one; default "keep"' },
    names: { kind: 'data', help: 'other names for members that come along: { "old": "new" }' },
  },
  propose,
};
