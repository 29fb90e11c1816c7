// Codemod: lock-to-counters
//
// Replaces a record of counters behind an asynchronous lock by a plain class of counters.
// The class goes to a module of its own, with the fields of the record and `snapshot()`, which answers with a record of
// the old type; the old type stays what others get and what is serialised. Sections that write run in place, sections that
// read a copy become `snapshot()`. What was awaited is done at once: later code runs some turns earlier, in the same order.
//
// Every section that writes must be one increment on each path (or a call of a selector, all of which are one increment),
// must not wait, and must be awaited as a statement of its own. Anything else needs its lock and is refused. So is a function
// that writes and reads: between the two others had their turn, and what it reads may change; `fewerTurns` allows it.
//
// with { "lock": "Lock", "record": "Stats", "counters": "Counters", "to": "counters.ts", "doc": "Counts, without a lock." }
// ```ts
// // ---- lock.ts
// export class Lock<S> {
//   constructor(private readonly state: S) {}
//   async write<R>(change: (state: S) => R): Promise<R> {
//     return change(this.state);
//   }
//   async read<R>(look: (state: Readonly<S>) => R): Promise<R> {
//     return look(this.state);
//   }
// }
// // ---- stats.ts
// import { Lock } from './lock.ts';
//
// export interface Stats {
//   done: number;
//   failed: number;
// }
//
// export class Worker {
//   private readonly stats = new Lock<Stats>({ done: 0, failed: 0 });
//
//   async run(work: () => Promise<boolean>): Promise<void> {
//     const ok = await work();
//     await this.stats.write((s) => {
//       if (ok) s.done += 1;
//       else s.failed += 1;
//     });
//   }
//
//   async numbers(): Promise<Stats> {
//     return this.stats.read((s) => ({ ...s }));
//   }
// }
// ```
// ->
// ```ts
// // ---- lock.ts
// export class Lock<S> {
//   constructor(private readonly state: S) {}
//   async write<R>(change: (state: S) => R): Promise<R> {
//     return change(this.state);
//   }
//   async read<R>(look: (state: Readonly<S>) => R): Promise<R> {
//     return look(this.state);
//   }
// }
// // ---- stats.ts
// import { Counters } from './counters.ts';
//
// export interface Stats {
//   done: number;
//   failed: number;
// }
//
// export class Worker {
//   private readonly stats = new Counters();
//
//   async run(work: () => Promise<boolean>): Promise<void> {
//     const ok = await work();
//     if (ok) this.stats.done += 1;
//     else this.stats.failed += 1;
//   }
//
//   async numbers(): Promise<Stats> {
//     return this.stats.snapshot();
//   }
// }
// // ---- counters.ts
// /** Counts, without a lock. */
// import type { Stats } from './stats.ts';
//
// export class Counters {
//   done = 0;
//   failed = 0;
//
//   snapshot(): Stats {
//     return {
//       done: this.done,
//       failed: this.failed,
//     };
//   }
// }
// ```
//
// A section that compares before it writes:
//
// with { "lock": "Lock", "record": "Stats", "counters": "Counters", "to": "counters.ts" }
// ```ts
// // ---- stats.ts
// export class Lock<S> {
//   constructor(private readonly state: S) {}
//   async write<R>(change: (state: S) => R): Promise<R> {
//     return change(this.state);
//   }
// }
//
// export interface Stats {
//   most: number;
// }
//
// const stats = new Lock<Stats>({ most: 0 });
//
// export async function note(count: number): Promise<void> {
//   await stats.write((s) => {
//     if (count > s.most) s.most = count;
//   });
// }
// ```
// -> refused: REFIT_LOCK_SECTION
import { Node } from 'ts-morph';
import {
  isLockType,
  type LockedRecord,
  readReplacement,
  type Replacement,
  type Section,
  sections,
  selectorReplacements,
  writeReplacement,
} from './analysis/lock-sections.ts';
import { topLevelNames } from './analysis/top-level.ts';
import type { Codemod } from './kernel/codemod.ts';
import { commentsOf } from './kernel/comments.ts';
import { specifierFor } from './kernel/module-specifier.ts';
import { lineAt } from './kernel/text-positions.ts';
import type { Workspace } from './kernel/workspace.ts';

export interface LockToCountersOptions {
  /** Name of the class that locks: `new Lock(record)`; its methods take a function of the state or, to read, of `Readonly` of it. */
  readonly lock: string;
  /** Name of the interface of the record. */
  readonly record: string;
  /** Name of the class to make. */
  readonly counters: string;
  /** Module the class goes to; must not exist. */
  readonly to: string;
  /** Sentence the module opens with. */
  readonly doc?: string;
  /** Comments of the class and of its `snapshot()`. */
  readonly classDoc?: string;
  readonly snapshotDoc?: string;
  /** Allows functions in which the numbers that are read depend on the turns that go. */
  readonly fewerTurns?: boolean;
}

interface Conversion extends LockedRecord {
  readonly workspace: Workspace;
  readonly options: LockToCountersOptions;
}

function declared(workspace: Workspace, name: string): readonly Node[] {
  return workspace.sourceFiles().flatMap((file) => topLevelNames(file).get(name)?.statements ?? []);
}

function fieldsOf({ record, out }: Conversion): readonly string[] {
  const properties = record.getType().getProperties();
  const other = properties.find((each) => !each.getTypeAtLocation(record).isNumber());
  if (other !== undefined)
    out.refuse(
      'REFIT_LOCK_RECORD',
      other.getDeclarations()[0] ?? record,
      `${other.getName()} is no number. Only a record of counters can do without its lock; take the field out first.`,
    );
  return properties.map((each) => each.getName());
}

/** The fields with their first values, in the order the record is built. */
function firstValues(creation: Node, conversion: Conversion): readonly (readonly [name: string, value: string])[] {
  const { out } = conversion;
  const literal = Node.isNewExpression(creation) ? creation.getArguments()[0] : undefined;
  const values = Node.isObjectLiteralExpression(literal)
    ? literal.getProperties().map((each): readonly [string, string] | undefined => {
        const value = Node.isPropertyAssignment(each) ? each.getInitializer() : undefined;
        return Node.isPropertyAssignment(each) && Node.isNumericLiteral(value) ? [each.getName(), value.getText()] : undefined;
      })
    : [undefined];
  const known = values.filter((each) => each !== undefined);
  const fields = fieldsOf(conversion);
  const same =
    known.length === values.length &&
    known.length === fields.length &&
    fields.every((name) => known.some(([other]) => other === name));
  if (!same)
    out.refuse(
      'REFIT_LOCK_RECORD',
      creation,
      'The record is not built from one number for each of its fields. Write the literal out first.',
    );
  return known;
}

/** Types and constructions that name the lock around the record. */
function lockNames(conversion: Conversion): { readonly types: readonly Node[]; readonly creations: readonly Node[] } {
  const nodes = conversion.lock
    .findReferencesAsNodes()
    .map((node) => node.getParent())
    .filter((node) => node !== undefined);
  const types = nodes.filter((node) => Node.isTypeReference(node) && isLockType(node.getType(), conversion));
  const creations = nodes.filter((node) => Node.isNewExpression(node) && isLockType(node.getType(), conversion));
  return { types, creations };
}

function moduleText(conversion: Conversion, values: readonly (readonly [string, string])[]): string {
  const { workspace, options, record } = conversion;
  const doc = (text: string | undefined, indent: string): string => (text === undefined ? '' : `${indent}/** ${text} */\n`);
  const specifier = specifierFor(workspace, options.to, record.getSourceFile().getFilePath());
  return [
    `${doc(options.doc, '')}import type { ${options.record} } from '${specifier}';\n`,
    `${doc(options.classDoc, '')}export class ${options.counters} {\n${values.map(([name, value]) => `  ${name} = ${value};`).join('\n')}\n`,
    `${doc(options.snapshotDoc, '  ')}  snapshot(): ${options.record} {\n    return {\n${values.map(([name]) => `      ${name}: this.${name},\n`).join('')}    };\n  }\n}\n`,
  ].join('\n');
}

/** A function that writes and reads had a turn in between in which others could write. */
function requireTurns({ options, out }: Conversion, written: readonly Section[], read: readonly Section[]): void {
  if (options.fewerTurns === true) return;
  const writers = new Set(written.map(({ call }) => functionOf(call)));
  const both = read.find(({ call }) => writers.has(functionOf(call)));
  if (both === undefined) return;
  out.refuse(
    'REFIT_LOCK_TURNS',
    both.call,
    'This function writes and reads under the lock; without it others have no turn in between, and what it reads may differ. Set fewerTurns to allow it, or read in a function of its own.',
  );
}

function functionOf(node: Node): Node | undefined {
  return node.getFirstAncestor((each) => Node.isFunctionLikeDeclaration(each) || Node.isSourceFile(each));
}

/** Comments that still speak of the lock are for a reader to judge. */
function reportComments({ workspace, out }: Conversion, paths: ReadonlySet<string>): void {
  for (const path of paths) {
    const text = workspace.textOf(path) ?? '';
    for (const comment of commentsOf(path, text)) {
      if (/\block(?:s|ed|ing)?\b/i.test(comment.text))
        out.finding(
          'note',
          { path, line: lineAt(text, comment.start) },
          `A comment speaks of the lock: "${comment.text.split('\n').find((line) => /lock/i.test(line)) ?? ''}"`,
        );
    }
  }
}

function propose(conversion: Conversion): void {
  const { workspace, options, out } = conversion;
  const { types, creations } = lockNames(conversion);
  const [creation, other] = creations;
  if (creation === undefined) return;
  const values = firstValues(creation, conversion);
  for (const each of creations)
    if (JSON.stringify(firstValues(each, conversion)) !== JSON.stringify(values))
      out.refuse('REFIT_LOCK_RECORD', other, 'Records begin with different numbers. Make them one class by hand.');
  const written = sections('write', conversion);
  const read = sections('read', conversion);
  requireTurns(conversion, written, read);
  const to = workspace.absolute(options.to);
  const replacements: readonly Replacement[] = [
    ...types.map((node) => ({ node, text: options.counters })),
    ...creations.map((node) => ({ node, text: `new ${options.counters}()` })),
    ...written.map((each) => writeReplacement(each, conversion)),
    ...written.flatMap((each) => selectorReplacements(each, conversion)),
    ...read.map((each) => readReplacement(each, conversion)),
  ];
  for (const { node, text } of new Map(replacements.map((each) => [each.node, each])).values()) out.replace(node, text);
  out.createFile(to, moduleText(conversion, values));
  for (const node of [
    ...types,
    ...creations,
    ...replacements.filter((each) => each.text === options.counters).map((each) => each.node),
  ]) {
    out.needImport({
      into: node.getSourceFile().getFilePath(),
      name: options.counters,
      from: to,
      typeOnly: !Node.isNewExpression(node),
    });
  }
  out.holds('every section that writes is one increment', `${String(written.length)} sections, ${String(values.length)} fields`);
  out.holds('every section that reads takes a copy or one field', `${String(read.length)} sections`);
  out.finding(
    'note',
    creation,
    `${String(written.length + read.length)} waits for the lock are gone: what followed them runs some turns earlier, in the same order.`,
  );
  reportComments(conversion, new Set(replacements.map((each) => each.node.getSourceFile().getFilePath())));
}

export const lockToCounters: Codemod<LockToCountersOptions> = {
  name: 'lock-to-counters',
  options: {
    lock: { kind: 'text', required: true, help: 'class whose methods run a function of the state, or of Readonly of it' },
    record: { kind: 'text', required: true, help: 'interface of the record of numbers' },
    counters: { kind: 'text', required: true, help: 'name of the class to make' },
    to: { kind: 'text', required: true, help: 'module the class goes to' },
    doc: { kind: 'text', help: 'sentence the module opens with' },
    classDoc: { kind: 'text', help: 'comment of the class' },
    snapshotDoc: { kind: 'text', help: 'comment of snapshot()' },
    fewerTurns: { kind: 'flag', help: 'allow functions that write and read, although others have no turn in between any more' },
  },
  propose(workspace, options, out) {
    const [lock, otherLock] = declared(workspace, options.lock);
    const [record, otherRecord] = declared(workspace, options.record);
    if (!Node.isClassDeclaration(lock) || record === undefined) {
      const missing = record === undefined ? options.record : options.lock;
      return out.refuse(
        'REFIT_LOCK_UNKNOWN',
        undefined,
        `The project declares no ${missing} at the top level of a module (the lock must be a class). Correct the name.`,
      );
    }
    if (otherLock !== undefined || otherRecord !== undefined)
      out.refuse('REFIT_LOCK_UNKNOWN', otherLock ?? otherRecord, 'Two modules declare this name. Rename one of them first.');
    propose({ workspace, options, lock, record, counters: options.counters, out });
  },
};
