// Sections of code that run under a lock around a record of counters, and what stands there without the lock.
import {
  type ArrowFunction,
  type ClassDeclaration,
  type Expression,
  type MethodDeclaration,
  Node,
  SyntaxKind,
  type Type,
} from 'ts-morph';
import { reindent } from '../kernel/indent.ts';
import type { Proposal } from '../kernel/proposal.ts';
import { indentAt } from '../kernel/text-positions.ts';
import { copiesRecord, recordParameter, recordUses, sectionFault, selectorCall } from './critical-section.ts';
import { extentOf } from './top-level.ts';

/** A lock, the record it guards, and the class that takes their place. */
export interface LockedRecord {
  readonly lock: ClassDeclaration;
  readonly record: Node;
  readonly counters: string;
  readonly out: Proposal;
}

/** What replaces a piece of code. */
export interface Replacement {
  readonly node: Node;
  readonly text: string;
}

export interface Section {
  readonly call: Node;
  readonly receiver: string;
  readonly callback: ArrowFunction;
  readonly parameter: string;
}

function isRecordType(type: Type | undefined, record: Node): boolean {
  const declarations = [...(type?.getSymbol()?.getDeclarations() ?? []), ...(type?.getAliasSymbol()?.getDeclarations() ?? [])];
  return declarations.includes(record);
}

/** Whether a value of the type is the lock around the record. */
export function isLockType(type: Type, { lock, record }: LockedRecord): boolean {
  return type.getSymbol() === lock.getSymbol() && isRecordType(type.getTypeArguments()[0], record);
}

function sectionOf(name: Node, locked: LockedRecord): Section | undefined {
  const access = name.getParent();
  if (!Node.isPropertyAccessExpression(access) || !isLockType(access.getExpression().getType(), locked)) return undefined;
  const call = access.getParent();
  const callback = Node.isCallExpression(call) && call.getExpression() === access ? call.getArguments()[0] : undefined;
  const parameter = recordParameter(callback);
  if (call === undefined || parameter === undefined || !Node.isArrowFunction(callback)) {
    return locked.out.refuse(
      'REFIT_LOCK_SECTION',
      access,
      `\`${access.getText()}\` is not called with an arrow function of one parameter that does not wait. Write it so first.`,
    );
  }
  requirePath(access.getExpression(), locked.out);
  return { call, receiver: access.getExpression().getText(), callback, parameter };
}

/** The receiver is written several times afterwards: it must be a name or a chain of fields. */
function requirePath(receiver: Expression, out: Proposal): void {
  let at: Node = receiver;
  while (Node.isPropertyAccessExpression(at)) at = at.getExpression();
  if (!Node.isIdentifier(at) && !Node.isThisExpression(at))
    out.refuse('REFIT_LOCK_SECTION', receiver, `\`${receiver.getText()}\` is more than a name. Give the lock a name first.`);
}

/** What the function that a method takes may do with the state of the lock; undefined when the method takes another thing. */
function accessOf(method: MethodDeclaration, lock: ClassDeclaration): 'write' | 'read' | undefined {
  const [parameter, second] = method.getParameters();
  const work = parameter?.getTypeNode();
  const [given] = Node.isFunctionTypeNode(work) ? work.getParameters() : [];
  const state = lock.getTypeParameters()[0]?.getName();
  if (second !== undefined || given === undefined || state === undefined) return undefined;
  const text = given.getTypeNode()?.getText();
  if (text === state) return 'write';
  return text === `Readonly<${state}>` ? 'read' : undefined;
}

/** Calls of the lock's methods whose function may write the record, or only read it. */
export function sections(access: 'write' | 'read', locked: LockedRecord): readonly Section[] {
  const { lock, out } = locked;
  const methods = lock.getInstanceMethods().filter((method) => accessOf(method, lock) === access);
  if (access === 'write' && methods.length === 0)
    out.refuse(
      'REFIT_LOCK_UNKNOWN',
      lock,
      `No method of ${lock.getName() ?? 'the class'} takes a function of the state it guards, as \`write(change: (state: S) => …)\` does. Name a class that locks.`,
    );
  const found = methods.flatMap((method) => method.findReferencesAsNodes());
  return found.flatMap((node) =>
    node.getSourceFile() === lock.getSourceFile() && isWithin(node, lock) ? [] : (sectionOf(node, locked) ?? []),
  );
}

function isWithin(node: Node, owner: Node): boolean {
  return owner.getPos() <= node.getPos() && node.getEnd() <= owner.getEnd();
}

/** The body of a section with the record's own name in place of the parameter. */
function bodyText({ callback, parameter, receiver }: Section): string {
  const body = callback.getBody();
  const text = callback.getSourceFile().getFullText();
  const statements = Node.isBlock(body) ? body.getStatements() : [];
  const [first, last] = [statements[0], statements.at(-1)];
  const start = first === undefined ? body.getStart() : extentOf(first).start;
  const end = last === undefined ? body.getEnd() : extentOf(last).end;
  let moved = text.slice(start, end);
  for (const use of recordUses(callback, parameter).toReversed())
    moved = moved.slice(0, use.getStart() - start) + receiver + moved.slice(use.getEnd() - start);
  return Node.isBlock(body) ? moved : `${moved};`;
}

export function writeReplacement(section: Section, locked: LockedRecord): Replacement {
  const { call, callback, parameter } = section;
  const { out } = locked;
  const fault = sectionFault(callback, parameter);
  if (fault !== undefined) out.refuse('REFIT_LOCK_SECTION', fault.node, `This section needs its lock: ${fault.why}.`);
  const statement = call.getParent()?.getParent();
  if (
    !Node.isAwaitExpression(call.getParent()) ||
    statement === undefined ||
    !Node.isExpressionStatement(statement) ||
    !hasBlock(statement)
  ) {
    return out.refuse(
      'REFIT_LOCK_SECTION',
      call,
      'The section is not awaited as a statement of a block; what comes after it may run before. Await it first.',
    );
  }
  const text = statement.getSourceFile().getFullText();
  const inner = callback.getBody();
  const [first] = Node.isBlock(inner) ? inner.getStatements() : [];
  const from = first === undefined ? undefined : indentAt(text, first.getStart());
  return { node: statement, text: reindent(bodyText(section), indentAt(text, statement.getStart()), from) };
}

function hasBlock(statement: Node): boolean {
  const parent = statement.getParent();
  return Node.isBlock(parent) || Node.isCaseClause(parent) || Node.isDefaultClause(parent) || Node.isSourceFile(parent);
}

export function readReplacement({ call, callback, parameter, receiver }: Section, { out }: LockedRecord): Replacement {
  let body: Node = callback.getBody();
  while (Node.isParenthesizedExpression(body)) body = body.getExpression();
  const one =
    Node.isPropertyAccessExpression(body) && body.getExpression().getText() === parameter
      ? `${receiver}.${body.getName()}`
      : undefined;
  const text = copiesRecord(callback, parameter) ? `${receiver}.snapshot()` : one;
  if (text === undefined)
    return out.refuse(
      'REFIT_LOCK_SECTION',
      callback,
      'This section reads more than a copy of the record or one field. Let it read a copy, and work on that.',
    );
  const parent = call.getParent();
  if (Node.isAwaitExpression(parent)) return { node: parent, text };
  const owner = call.getFirstAncestor((each) => Node.isFunctionLikeDeclaration(each));
  if (Node.isReturnStatement(parent) && Node.isAsyncable(owner) && owner.isAsync()) return { node: call, text };
  return out.refuse('REFIT_LOCK_SECTION', call, 'The answer is used as a promise. Await it first.');
}

/** Selectors choose the increment: each one that is passed must be a single increment, and their type names the class. */
export function selectorReplacements(section: Section, locked: LockedRecord): readonly Replacement[] {
  const calls = section.callback.getDescendants().flatMap((node) => selectorCall(node, section.parameter) ?? []);
  return calls.flatMap((selector) => selectorTypes(selector, locked));
}

function selectorTypes(selector: Node, locked: LockedRecord): readonly Replacement[] {
  const { out, counters, record } = locked;
  const parameter = selector.getSymbol()?.getDeclarations()[0];
  const type = Node.isParameterDeclaration(parameter) ? parameter.getTypeNode() : undefined;
  const owner = parameter?.getParent();
  const named = Node.isMethodDeclaration(owner) || Node.isFunctionDeclaration(owner);
  if (!Node.isParameterDeclaration(parameter) || !Node.isFunctionTypeNode(type) || !named) {
    return out.refuse(
      'REFIT_LOCK_SECTION',
      selector,
      `\`${selector.getText()}\` is no parameter with a function type. Write the increment out, or pass it as a parameter.`,
    );
  }
  const position = owner.getParameters().indexOf(parameter);
  for (const node of owner.findReferencesAsNodes()) {
    if (node === owner.getNameNode() || Node.isImportSpecifier(node.getParent()) || Node.isExportSpecifier(node.getParent()))
      continue;
    const call = node.getFirstAncestorByKind(SyntaxKind.CallExpression);
    if (call === undefined || !isCallee(node, call.getExpression())) {
      return out.refuse(
        'REFIT_LOCK_SECTION',
        node,
        `\`${owner.getName() ?? ''}\` is used other than by a call; its selectors cannot be seen. Call it directly first.`,
      );
    }
    const given = call.getArguments()[position];
    const name = recordParameter(given);
    const fault = name === undefined || !Node.isArrowFunction(given) ? undefined : sectionFault(given, name);
    if (name === undefined || fault !== undefined)
      out.refuse(
        'REFIT_LOCK_SECTION',
        fault?.node ?? given ?? call,
        `This selector needs the lock: ${fault?.why ?? 'it is no arrow function of one parameter'}.`,
      );
  }
  return type
    .getDescendantsOfKind(SyntaxKind.TypeReference)
    .filter((each) => isRecordType(each.getType(), record))
    .map((node) => ({ node, text: counters }));
}

function isCallee(name: Node, callee: Node): boolean {
  return callee === name || (Node.isPropertyAccessExpression(callee) && callee.getNameNode() === name);
}
