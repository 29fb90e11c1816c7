// Puts an extracted function back into the place of its call, as an expansion of the normal form, and says what that takes for granted.
import { ts, walk } from '../kernel/parse-source.ts';
import { argumentDoubt, type Caller, type Parameter } from './argument-doubts.ts';
import type { CallSite, Leave, Taken } from './call-site.ts';
import { Env, type Expansion, type Meaning, type NormalForm, NotReducible } from './normal-form.ts';
import { declaredIn, returnsIn } from './normal-form-syntax.ts';
import { assignedNames, contains, isConditional, named, neverEnds, nestedFunctions, runsOther } from './running-code.ts';

export type Extracted = (ts.FunctionDeclaration | ts.MethodDeclaration) & { readonly body: ts.Block };

export interface InlinedCall {
  readonly expansion: Expansion;
  /** Why equal texts alone do not show that the same happens. */
  readonly doubts: readonly string[];
  /** Statements that run in front of the one with the call. */
  readonly leading: readonly ts.Statement[];
}

/** A variable of the function that is the caller's: `let x: T;` at its start, or a parameter. */
interface Shared {
  readonly inner: string;
  readonly target: ts.Identifier;
}

/** What the function's results are in its caller. */
interface Results {
  readonly bound: readonly { readonly name: string; readonly value: ts.Expression }[];
  readonly shared: readonly Shared[];
}

const noResults: Results = { bound: [], shared: [] };

function undecided(why: string): never {
  throw new NotReducible(why);
}

function parametersOf(helper: Extracted, call: ts.CallExpression): readonly Parameter[] {
  if (call.arguments.some(ts.isSpreadElement)) undecided('an argument is spread');
  return helper.parameters.flatMap((parameter, at) => {
    if (!ts.isIdentifier(parameter.name) || parameter.dotDotDotToken !== undefined || parameter.initializer !== undefined)
      return undecided('a parameter is more than a name');
    const argument = call.arguments[at];
    return argument === undefined ? undecided('an argument is left out') : [{ name: parameter.name.text, argument }];
  });
}

/** Names declared at the start without a value. */
function preludesOf(helper: Extracted): ReadonlyMap<string, ts.Statement> {
  const found = new Map<string, ts.Statement>();
  for (const statement of helper.body.statements) {
    const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
    const [only, ...more] = declared;
    if (only === undefined || more.length > 0 || only.initializer !== undefined || !ts.isIdentifier(only.name)) break;
    found.set(only.name.text, statement);
  }
  return found;
}

function lastReturned(helper: Extracted): ts.Expression | undefined {
  const last = helper.body.statements.at(-1);
  return last !== undefined && ts.isReturnStatement(last) ? last.expression : undefined;
}

function fieldsOf(node: ts.Expression | undefined): ReadonlyMap<string, ts.Expression> | undefined {
  const literal = node !== undefined && ts.isParenthesizedExpression(node) ? node.expression : node;
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) return undefined;
  const fields = new Map<string, ts.Expression>();
  for (const each of literal.properties) {
    if (ts.isShorthandPropertyAssignment(each)) fields.set(each.name.text, each.name);
    else if (ts.isPropertyAssignment(each) && ts.isIdentifier(each.name)) fields.set(each.name.text, each.initializer);
    else return undefined;
  }
  return fields;
}

/** The function's variable that the caller's variable is; undefined when the result is no such variable. */
function sharedWith(
  helper: Extracted,
  parameters: readonly Parameter[],
  value: ts.Expression,
  target: ts.Identifier,
): Shared | undefined {
  if (!ts.isIdentifier(value)) return undefined;
  const given = parameters.find((each) => each.name === value.text);
  const same = given !== undefined && ts.isIdentifier(given.argument) && given.argument.text === target.text;
  return same || preludesOf(helper).has(value.text) ? { inner: value.text, target } : undefined;
}

function resultOf(
  taken: Taken,
  value: ts.Expression,
  given: { helper: Extracted; parameters: readonly Parameter[] },
): Results | undefined {
  if (taken.target === undefined) return { bound: [{ name: taken.name, value }], shared: [] };
  const shared = sharedWith(given.helper, given.parameters, value, taken.target);
  return shared === undefined ? undefined : { bound: [], shared: [shared] };
}

/** One value: a variable of the function; undefined when it is an expression, which stands in the call's place then. */
function singleResult(taken: Taken, given: { helper: Extracted; parameters: readonly Parameter[] }): Results | undefined {
  const value = lastReturned(given.helper);
  if (value === undefined || !ts.isIdentifier(value)) return undefined;
  const isLocal = declaredIn(given.helper.body.statements).includes(value.text);
  return taken.target === undefined && !isLocal ? undefined : resultOf(taken, value, given);
}

function resultsOf(site: CallSite, given: { helper: Extracted; parameters: readonly Parameter[] }): Results | undefined {
  const [first] = site.taken;
  if (first !== undefined && first.field === undefined) return singleResult(first, given);
  const fields =
    fieldsOf(lastReturned(given.helper)) ?? undecided('the function does not end with the object that is taken apart');
  const all = site.taken.map((taken) => {
    const value = fields.get(taken.field ?? '') ?? undecided(`the function does not give ${taken.field ?? ''}`);
    return resultOf(taken, value, given) ?? undecided(`${taken.name} gets a value that the function computes at its end`);
  });
  return { bound: all.flatMap((each) => each.bound), shared: all.flatMap((each) => each.shared) };
}

function isInTry(node: ts.Node, root: ts.Node): boolean {
  for (let at = node.parent; at !== root && at !== undefined; at = at.parent) if (ts.isTryStatement(at)) return true;
  return false;
}

/** Results that are more than a variable, and variables that somebody else may see in between. */
function resultDoubts(results: Results, site: CallSite, helper: Extracted, owner: ts.Node): readonly string[] {
  const nested = nestedFunctions(owner);
  const assigned = assignedNames(owner);
  const shared = results.shared.flatMap(({ target }) => {
    const seen = isInTry(site.at, owner) || nested.some((each) => named(each, target.text).length > 0);
    return seen ? [`${target.text} is assigned later than before, and may be read in between`] : [];
  });
  const bound = results.bound.flatMap(({ name, value }) => {
    if (!ts.isIdentifier(value)) return computedDoubt(name, site, owner);
    const kept = nestedFunctions(helper).filter((each) => named(each, value.text).length > 0);
    const apart = kept.some((each) => assigned.has(name) || assignedNames(each).has(value.text));
    return apart ? [`${name} and the variable of a closure are two now`] : [];
  });
  return [...shared, ...bound];
}

/** A computed result is as good as its expression when the next statement alone reads it, first of all. */
function computedDoubt(name: string, site: CallSite, owner: ts.Node): readonly string[] {
  const uses = named(owner, name).filter((each) => !site.takes.some((statement) => contains(statement, each)));
  const [use, more] = uses;
  const { parent } = site.at;
  if (use === undefined) return [];
  const inList = ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent);
  const next = inList ? parent.statements[parent.statements.indexOf(site.at) + site.takes.length] : undefined;
  const isNext = next !== undefined && contains(next, use) && !isConditional(use, next) && !runsFirst(next, use);
  return more === undefined && isNext ? [] : [`${name} is computed before it is needed`];
}

function runsFirst(root: ts.Node, node: ts.Node): boolean {
  let found = false;
  walk(root, (each) => {
    if (runsOther(each) && each.pos < node.pos && !contains(each, node)) found = true;
  });
  return found;
}

/** Whether nobody reads the caller's variable once the function has it. */
function isLeftAlone(argument: ts.Expression, call: ts.CallExpression, owner: ts.Node): boolean {
  if (!ts.isIdentifier(argument)) return false;
  const later = named(owner, argument.text).some((each) => each.pos >= call.end);
  const nested = nestedFunctions(owner).some((each) => named(each, argument.text).length > 0);
  return !later && !nested && !isConditional(call, owner);
}

function parameterDoubts(given: {
  readonly site: CallSite;
  readonly helper: Extracted;
  readonly parameters: readonly Parameter[];
  readonly results: Results;
  readonly caller: Caller;
}): readonly string[] {
  const { site, helper, parameters, results, caller } = given;
  const assigned = assignedNames(helper.body);
  return parameters.flatMap((parameter) => {
    const isShared = results.shared.some((each) => each.inner === parameter.name);
    const isAlone = isShared || isLeftAlone(parameter.argument, site.call, caller.owner);
    if (assigned.has(parameter.name)) return isAlone ? [] : undecided(`the function assigns its parameter ${parameter.name}`);
    const doubt = argumentDoubt(parameter, helper.body, caller);
    return doubt === undefined ? [] : [doubt];
  });
}

/** Inside of a loop or switch of the function, `break` or `continue` would mean that one. */
function requireOwnJump(node: ts.ReturnStatement, helper: Extracted, leave: Leave): void {
  if (!ts.isBreakOrContinueStatement(leave.statement)) return;
  if (leave.statement.label !== undefined) undecided('a jump to a label');
  for (let at: ts.Node = node.parent; at !== helper; at = at.parent) {
    const takes = ts.isIterationStatement(at, false) || (ts.isBreakStatement(leave.statement) && ts.isSwitchStatement(at));
    if (takes) undecided('the function is left out of a loop or switch of its own');
  }
}

/** `return { kind: 'return', value: x }` is `return x` again. */
function undoExits(form: NormalForm, helper: Extracted, site: CallSite): void {
  const last = helper.body.statements.at(-1);
  for (const each of returnsIn(helper.body)) {
    if (each === last) continue;
    const fields = fieldsOf(each.expression) ?? undecided('the function returns in the middle');
    const kind = fields.get('kind');
    const leave = site.leaves.find((one) => kind !== undefined && ts.isStringLiteral(kind) && one.kind === kind.text);
    if (leave === undefined) return undecided('the function returns in the middle');
    requireOwnJump(each, helper, leave);
    const field = leave.value !== undefined && ts.isPropertyAccessExpression(leave.value) ? leave.value.name.text : undefined;
    const value = field === undefined ? undefined : (fields.get(field) ?? undecided(`an exit does not give ${field}`));
    if (fields.size !== (value === undefined ? 1 : 2)) undecided('an exit gives more than its caller takes');
    form.exitBy(each, (env) => [`${ts.SyntaxKind[leave.statement.kind]}(${value === undefined ? '' : form.of(value, env)})`]);
  }
}

/** What runs in the caller instead of the call. */
function statementsFor(site: CallSite, helper: Extracted): readonly ts.Statement[] {
  const { statements } = helper.body;
  const returns = returnsIn(helper.body);
  if (site.form === 'returned') return statements;
  if (site.form === 'alone') return returns.length === 0 ? statements : undecided('the function returns in the middle');
  if (lastReturned(helper) === undefined) undecided('the function does not end with its result');
  if (site.leaves.length === 0 && returns.length > 1) undecided('the function returns in the middle');
  return statements.slice(0, -1);
}

/** `f(…)` for a function; `this.f(…)` for a method, so that `this` is the same in both; the class's name for a static one. */
function isOwnCallee(callee: ts.Expression, helper: Extracted): boolean {
  if (ts.isFunctionDeclaration(helper)) return ts.isIdentifier(callee);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const isThis = callee.expression.kind === ts.SyntaxKind.ThisKeyword;
  const owner = ts.isClassLike(helper.parent) ? helper.parent.name?.text : undefined;
  return isThis || (callee.expression.getText() === owner && !/\bthis\b/.test(helper.body.getText()));
}

function requirePlain(helper: Extracted, site: CallSite): void {
  if (helper.asteriskToken !== undefined) undecided('it is a generator');
  if (!isOwnCallee(site.call.expression, helper)) undecided('it is called on another object');
  const isAsync = isAsyncFunction(helper);
  const awaited = site.whole !== site.call;
  if (!isAsync && awaited && site.form !== 'part') undecided('a function that does not wait is awaited');
  walk(helper.body, (each) => {
    const isThis = each.kind === ts.SyntaxKind.ThisKeyword && ts.isFunctionDeclaration(helper);
    const isArguments = ts.isIdentifier(each) && each.text === 'arguments';
    if (isThis || isArguments || each.kind === ts.SyntaxKind.SuperKeyword) undecided(`it uses ${each.getText()}`);
  });
}

export function isAsyncFunction(node: Extracted): boolean {
  return node.modifiers?.some((each) => each.kind === ts.SyntaxKind.AsyncKeyword) === true;
}

function placeDoubts(site: CallSite, leading: readonly ts.Statement[]): readonly string[] {
  if (leading.length === 0) return [];
  const isFirst = !isConditional(site.call, site.at) && !runsFirst(site.at, site.call);
  return isFirst ? [] : ['code of the statement with the call runs before the function'];
}

/** Whether nothing of the caller can run behind the function's statements. */
function endsCaller(site: CallSite, statements: readonly ts.Statement[]): boolean {
  const { parent } = site.at;
  const isLast = ts.isBlock(parent) && ts.isFunctionLike(parent.parent) && parent.statements.at(-1) === site.takes.at(-1);
  if (isLast || neverEnds(statements)) return true;
  const last = statements.at(-1);
  const isOpen =
    last !== undefined && (ts.isSwitchStatement(last) || ts.isTryStatement(last) || ts.isIterationStatement(last, true));
  return isOpen ? undecided('whether the end of the function is reached cannot be told') : false;
}

/** How the call is undone. Throws `NotReducible` when it cannot be told. */
export function inlinedCall(given: CallSite, helper: Extracted, caller: Caller): InlinedCall {
  requirePlain(helper, given);
  const parameters = parametersOf(helper, given.call);
  const found = given.form === 'taken' ? resultsOf(given, { helper, parameters }) : noResults;
  const site: CallSite = found === undefined ? { ...given, form: 'part' } : given;
  const results = found ?? noResults;
  const statements = statementsFor(site, helper);
  const aliased = new Set(results.shared.map((each) => preludesOf(helper).get(each.inner)));
  const kept = statements.filter((each) => !aliased.has(each));
  const isPart = site.form === 'part';
  const placed = isAsyncFunction(helper) ? site.whole : site.call;
  return {
    leading: isPart ? kept : [],
    doubts: [
      ...parameterDoubts({ site, helper, parameters, results, caller }),
      ...resultDoubts(results, site, helper, caller.owner),
      ...(isPart ? placeDoubts(site, kept) : []),
    ],
    expansion: {
      at: site.at,
      takes: isPart ? [] : site.takes,
      expand(form, env, bound) {
        const inner = innerEnv({ form, env, kept, parameters, shared: results.shared });
        for (const { name, value } of results.bound) bound.set(name, { kind: 'code', node: value, env: inner });
        if (site.form === 'taken') undoExits(form, helper, site);
        const last = lastReturned(helper);
        const instead = form.each(kept, inner);
        if (site.form === 'returned') return endsCaller(site, kept) ? instead : [...instead, 'ReturnStatement()'];
        if (!isPart || last === undefined) return instead;
        form.place(placed, last, inner);
        return [...instead, ...form.each([site.at], env)];
      },
    },
  };
}

/** Names inside of the function: its own, its parameters as what is given for them, and the names of its module. */
function innerEnv(given: {
  readonly form: NormalForm;
  readonly env: Env;
  readonly kept: readonly ts.Statement[];
  readonly parameters: readonly Parameter[];
  readonly shared: readonly Shared[];
}): Env {
  const { form, env, kept, parameters, shared } = given;
  const code = (node: ts.Node): Meaning => ({ kind: 'code', node, env });
  const ofParameters = new Env(new Map(parameters.map((each) => [each.name, code(each.argument)])), new Env(new Map()));
  return new Env(new Map(shared.map((each) => [each.inner, code(each.target)])), form.scoped(kept, ofParameters));
}
