// What taking methods over brings along: the members they reach, each specialised for the constants it is called with.
import type { MethodDeclaration } from 'ts-morph';
import { ts } from '../kernel/parse-source.ts';
import { canSpecialise, simplified, specialised } from './constant-specialise.ts';
import { boundNames, changed, isVariableUse, listOf, parseMember, removal, statementsText, type Change } from './member-text.ts';
import { indentAt } from '../kernel/text-positions.ts';
import { agreed, constantArguments, type ConstantArguments, thisUses, withoutArguments } from './this-uses.ts';
import { type KeepingMethod, memoField, withoutRepeatedAsk } from './memo-hit.ts';
import { memberSource, parametersOf, requireMovable, type WrapperMembers } from './wrapper-members.ts';

/** A method as it will stand in its new class. */
export interface LiveMethod {
  readonly node: MethodDeclaration;
  readonly text: string;
  /** Parameters that were constants at every call: their positions. */
  readonly dropped: ReadonlySet<number>;
  readonly folded: readonly string[];
}

export interface Closure {
  /** In the order they are first called: the requested ones first. */
  readonly methods: ReadonlyMap<string, LiveMethod>;
  /** Helpers of which nothing was left. */
  readonly vanished: readonly string[];
  /** Statements that only asked again what was known. */
  readonly repeated: readonly string[];
}

/** Requested methods with the constants of the calls that exist. */
export type Requested = ReadonlyMap<string, ConstantArguments>;

/** The method's text with thin readers replaced by what they read. */
function withReadersExpanded(text: string, readers: ReadonlyMap<string, string>): string {
  const member = parseMember(text);
  const use = member === undefined ? undefined : thisUses(member).find((each) => readers.has(each.name));
  if (member === undefined || use === undefined) return text;
  const node = use.call ?? use.access;
  const by = readers.get(use.name) ?? '';
  return withReadersExpanded(changed(member, [{ start: node.getStart(member.source), end: node.end, text: by }]), readers);
}

function specialisedFor(
  wrapper: WrapperMembers,
  method: MethodDeclaration,
  constants: ConstantArguments | undefined,
): LiveMethod {
  requireMovable(method);
  const text = withReadersExpanded(memberSource(method), wrapper.readers);
  const values = new Map<string, string>();
  const dropped = new Set<number>();
  for (const [at, parameter] of method.getParameters().entries()) {
    const value = constants?.[at];
    if (value === undefined || !canSpecialise(text, parameter.getName())) continue;
    values.set(parameter.getName(), value);
    dropped.add(at);
  }
  const result = specialised(text, values);
  return { node: method, text: result.text, dropped, folded: result.folded };
}

interface Round {
  readonly methods: ReadonlyMap<string, LiveMethod>;
  readonly calls: ReadonlyMap<string, ConstantArguments>;
}

/** One walk from the requested methods under what is assumed of the calls; answers what the calls then say. */
function walkFrom(wrapper: WrapperMembers, requested: Requested, assumed: ReadonlyMap<string, ConstantArguments>): Round {
  const methods = new Map<string, LiveMethod>();
  const calls = new Map(assumed);
  const waiting = [...requested.keys()];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const node = wrapper.methods.get(name);
    if (node === undefined || methods.has(name)) continue;
    const live = specialisedFor(wrapper, node, calls.get(name));
    methods.set(name, live);
    const reached = reachedFrom(wrapper, live.text, calls);
    waiting.unshift(...reached);
  }
  return { methods, calls };
}

function reachedFrom(wrapper: WrapperMembers, text: string, calls: Map<string, ConstantArguments>): readonly string[] {
  const member = parseMember(text);
  const reached: string[] = [];
  for (const use of member === undefined ? [] : thisUses(member)) {
    const target = wrapper.methods.get(use.name);
    if (target === undefined) continue;
    const parameters = parametersOf(target);
    const said = use.call === undefined ? parameters.map(() => undefined) : constantArguments(use.call, parameters);
    calls.set(use.name, agreed(calls.get(use.name), said));
    reached.push(use.name);
  }
  return reached;
}

function sameCalls(a: ReadonlyMap<string, ConstantArguments>, b: ReadonlyMap<string, ConstantArguments>): boolean {
  return a.size === b.size && [...a].every(([name, texts]) => texts.every((text, at) => text === b.get(name)?.[at]));
}

/** Constants hold when the calls of the code specialised for them say the same again. */
function fixpoint(wrapper: WrapperMembers, requested: Requested): Round {
  let assumed: ReadonlyMap<string, ConstantArguments> = new Map(requested);
  for (;;) {
    const round = walkFrom(wrapper, requested, assumed);
    if (sameCalls(assumed, round.calls)) return round;
    assumed = round.calls;
  }
}

/** Calls inside the moved code, without the arguments that became constants. */
function withShorterCalls(text: string, methods: ReadonlyMap<string, LiveMethod>): string {
  const member = parseMember(text);
  if (member === undefined) return text;
  const changes: Change[] = [];
  for (const { name, call } of thisUses(member)) {
    const dropped = methods.get(name)?.dropped;
    if (call !== undefined && dropped !== undefined && dropped.size > 0) changes.push(withoutArguments(call, dropped));
  }
  return changed(member, changes);
}

/** What remains of a helper that can stand where it is called: at most one statement, no `return`, no variables. */
function remainsOf(method: LiveMethod): { readonly text: string; readonly parameters: readonly string[] } | undefined {
  const member = parseMember(method.text);
  if (member === undefined || !ts.isMethodDeclaration(member.node) || method.folded.length === 0) return undefined;
  const { body, parameters } = member.node;
  if (body === undefined || body.statements.length > 1) return undefined;
  if (boundNames(body).length > 0 || body.statements.some((each) => !ts.isExpressionStatement(each))) return undefined;
  const names = parameters.map((each) =>
    ts.isIdentifier(each.name) && each.initializer === undefined ? each.name.text : undefined,
  );
  const plain = names.flatMap((name) => name ?? []);
  return plain.length === names.length
    ? { text: statementsText(member.source, body.statements, ''), parameters: plain }
    : undefined;
}

/** The call of `name` as a statement of its own (awaited when the method is asynchronous) with plain arguments. */
function statementCall(
  text: string,
  name: string,
  isAsync: boolean,
): { readonly statement: ts.Statement; readonly names: readonly string[] } | undefined {
  const member = parseMember(text);
  const uses = member === undefined ? [] : thisUses(member).filter((each) => each.name === name);
  const call = uses[0]?.call;
  if (member === undefined || call === undefined || uses.length !== 1) return undefined;
  const value = ts.isAwaitExpression(call.parent) ? call.parent : call;
  if (ts.isAwaitExpression(value) !== isAsync || !ts.isExpressionStatement(value.parent) || listOf(value.parent) === undefined)
    return undefined;
  const names = call.arguments.map((each) => (ts.isIdentifier(each) ? each.text : undefined));
  const plain = names.flatMap((each) => each ?? []);
  return plain.length === names.length ? { statement: value.parent, names: plain } : undefined;
}

function renamed(text: string, names: ReadonlyMap<string, string>): string {
  const member = parseMember(`m() { ${text} }`);
  if (member === undefined) return text;
  const changes: Change[] = [];
  const visit = (node: ts.Node): void => {
    const by = ts.isIdentifier(node) && isVariableUse(node) ? names.get(node.text) : undefined;
    if (by !== undefined) changes.push({ start: node.getStart(member.source), end: node.end, text: by });
    ts.forEachChild(node, visit);
  };
  visit(member.node);
  return changed(member, changes).slice('m() { '.length, -' }'.length);
}

/** The caller's text with a helper's remains in the place of its call, or undefined when they cannot stand there. */
function absorbed(caller: string, name: string, helper: LiveMethod): string | undefined {
  const remains = remainsOf(helper);
  const call = remains === undefined ? undefined : statementCall(caller, name, helper.node.isAsync());
  const member = parseMember(caller);
  const list = call === undefined ? undefined : listOf(call.statement);
  if (remains === undefined || call === undefined || member === undefined || list === undefined) return undefined;
  const { statement } = call;
  const start = statement.getStart();
  if (remains.text === '') {
    const change = removal(statement.getSourceFile(), list, list.indexOf(statement), 1);
    return change === undefined ? undefined : changed(member, [change]);
  }
  const text = renamed(remains.text, new Map(remains.parameters.map((each, at) => [each, call.names[at] ?? each])));
  const indented = text.split('\n').join(`\n${indentAt(member.source.text, start)}`);
  return changed(member, [{ start, end: statement.end, text: indented }]);
}

function absorbHelpers(texts: Map<string, LiveMethod>, requested: Requested): readonly string[] {
  const gone: string[] = [];
  for (const [name, helper] of texts) {
    const callers = [...texts].filter(([, each]) => usesName(each.text, name));
    const [caller, ...more] = callers;
    if (requested.has(name) || caller === undefined || more.length > 0 || caller[0] === name) continue;
    const text = absorbed(caller[1].text, name, helper);
    if (text === undefined) continue;
    texts.set(caller[0], { ...caller[1], text, folded: [...caller[1].folded, ...helper.folded] });
    texts.delete(name);
    gone.push(name);
  }
  return gone;
}

function usesName(text: string, name: string): boolean {
  const member = parseMember(text);
  return member !== undefined && thisUses(member).some((each) => each.name === name);
}

/** Methods that answer from a field that only grows and never holds `undefined`. */
function keepingMethods(methods: ReadonlyMap<string, LiveMethod>, isMap: (field: string) => boolean): readonly KeepingMethod[] {
  return [...methods].flatMap(([name, method]) => {
    const field = memoField(method.text);
    const answer = method.node.getReturnType();
    const kept = method.node.isAsync() ? answer.getTypeArguments()[0] : answer;
    const present = kept !== undefined && !kept.isNullable() && !kept.isAny() && !kept.isUnknown() && !kept.isUndefined();
    return field !== undefined && present && isMap(field) && onlyGrows(methods, field)
      ? [{ name, isAsync: method.node.isAsync() }]
      : [];
  });
}

/** The methods that are called on a field in the taken-over code; undefined when it is used in another way. */
export function callsOn(methods: ReadonlyMap<string, LiveMethod>, field: string): ReadonlySet<string> | undefined {
  const called = new Set<string>();
  for (const { text } of methods.values()) {
    const member = parseMember(text);
    for (const { access } of member === undefined ? [] : thisUses(member).filter((each) => each.name === field)) {
      const { parent } = access;
      const named = ts.isPropertyAccessExpression(parent) && parent.expression === access ? parent : undefined;
      if (named === undefined || parent.parent === undefined) return undefined;
      const isCall = ts.isCallExpression(named.parent) && named.parent.expression === named;
      if (!isCall && named.name.text !== 'size') return undefined;
      called.add(named.name.text);
    }
  }
  return called;
}

/** Whether entries are only put in and asked for, never taken out. */
export function onlyGrows(methods: ReadonlyMap<string, LiveMethod>, field: string): boolean {
  const called = callsOn(methods, field);
  return called !== undefined && called.has('set') && [...called].every((name) => ['get', 'set', 'has', 'size'].includes(name));
}

/** Everything the requested methods need, in its final form but for names. */
export function closureOf(wrapper: WrapperMembers, requested: Requested, isMap: (field: string) => boolean): Closure {
  const { methods } = fixpoint(wrapper, requested);
  const texts = new Map(
    [...methods].map(([name, each]): [string, LiveMethod] => [name, { ...each, text: withShorterCalls(each.text, methods) }]),
  );
  const vanished = absorbHelpers(texts, requested);
  const keeping = keepingMethods(texts, isMap);
  const repeated: string[] = [];
  for (const [name, each] of texts) {
    const result = withoutRepeatedAsk(each.text, keeping);
    repeated.push(...result.dropped);
    texts.set(name, { ...each, text: result.dropped.length > 0 ? simplified(result.text).text : result.text });
  }
  return { methods: texts, vanished, repeated };
}
