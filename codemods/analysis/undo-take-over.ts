// The proof of a wrapper taken over, on texts alone: its method, read in the owner, is the owner's new method, and all else calls that one.
import { parseSource, ts, walk } from '../kernel/parse-source.ts';
import type { InlinedClaim } from '../kernel/proposal.ts';
import { tokensOf } from './code-tokens.ts';
import { different, freeNames, type Judgement, judgement, parting, type TextPair, undecided } from './judgement.ts';
import { type ModuleItem, type ModuleText, moduleText } from './module-items.ts';
import { Env, NormalForm } from './normal-form.ts';

interface Trees {
  readonly wrapper: ModuleText;
  readonly before: ModuleText;
  readonly after: ModuleText;
  readonly claim: InlinedClaim;
}

type Method = ts.MethodDeclaration;

function memberOf(module: ModuleText, owner: string, name: string): ModuleItem | undefined {
  return module.items.find((item) => item.name === `${owner}.${name}`);
}

function methodIn(module: ModuleText, owner: string, name: string): Method {
  const node = memberOf(module, owner, name)?.node;
  return node !== undefined && ts.isMethodDeclaration(node) ? node : different(`${owner} has no method ${name}`);
}

function nameHere(claim: InlinedClaim, name: string): string {
  return claim.paths.get(name)?.replace(/^this\./, '') ?? name;
}

function wrapperName(claim: InlinedClaim): string {
  return claim.name.slice(0, claim.name.lastIndexOf('.'));
}

/** `return this.a.b;` and nothing else. */
function readPath(node: ts.Node): string | undefined {
  if (!ts.isMethodDeclaration(node) && !ts.isGetAccessorDeclaration(node)) return undefined;
  const [only, ...more] = node.body?.statements ?? [];
  const value = only !== undefined && ts.isReturnStatement(only) && more.length === 0 ? only.expression : undefined;
  return value !== undefined && node.parameters.length === 0 && /^this(?:\.\w+)+$/.test(value.getText())
    ? value.getText()
    : undefined;
}

/** The method's text with what only reads a path replaced by the path, and members under their names in the owner. */
function readInOwner({ wrapper, claim }: Trees, method: Method): string {
  let text = method.getText();
  for (const item of wrapper.items) {
    const path = item.name.startsWith(`${wrapperName(claim)}.`) ? readPath(item.node) : undefined;
    const name = item.name.slice(item.name.lastIndexOf('.') + 1);
    if (path === undefined || path.split('.')[1] === name) continue;
    const call = ts.isMethodDeclaration(item.node) ? String.raw`\s*\(\s*\)` : String.raw`\b`;
    text = text.replaceAll(new RegExp(String.raw`\bthis\s*\.\s*${name}${call}`, 'g'), path);
  }
  for (const [name, path] of claim.paths)
    text = text.replaceAll(new RegExp(String.raw`\bthis\s*\.\s*${name}\b(?!\s*\.\s*${name})`, 'g'), path);
  return text;
}

function parsedMethod(text: string): Method {
  const [node] = parseSource('member.ts', `class C {\n${text}\n}`).statements;
  const member = node !== undefined && ts.isClassDeclaration(node) ? node.members[0] : undefined;
  return member !== undefined && ts.isMethodDeclaration(member) ? member : undecided('the method cannot be read on its own');
}

/** The method without its name and who may call it. */
function formOf(method: Method): string {
  const form = new NormalForm().of(method, new Env(new Map()));
  return form
    .replaceAll(/(?:Private|Protected|Public)Keyword\(\w+\),?/g, '')
    .replace(`name(${method.name.getText()})`, 'name()')
    .replace(`PrivateIdentifier(${method.name.getText()})`, 'name()');
}

function membersUsed(method: Method): ReadonlySet<string> {
  const names = new Set<string>();
  walk(method, (node) => {
    if (ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword) names.add(node.name.text);
  });
  return names;
}

/** Methods of the wrapper that the method calls and the owner does not have, or has with fewer parameters. */
function shortened({ wrapper, after, claim }: Trees, method: Method): readonly string[] {
  return [...membersUsed(method)].filter((name) => {
    const there = memberOf(wrapper, wrapperName(claim), name)?.node;
    if (there === undefined || !ts.isMethodDeclaration(there) || readPath(there) !== undefined) return false;
    const here = memberOf(after, claim.owner, nameHere(claim, name))?.node;
    return here === undefined || !ts.isMethodDeclaration(here) || here.parameters.length !== there.parameters.length;
  });
}

function requireSameMethod(trees: Trees, original: Method, now: Method): void {
  const then = formOf(parsedMethod(readInOwner(trees, original)));
  const form = formOf(now);
  if (form === then) return;
  if (now.parameters.length !== original.parameters.length) undecided('it is specialised for the constants it is called with');
  const [short] = shortened(trees, original);
  if (short !== undefined) undecided(`${short}, which it calls, did not come along as it was`);
  different(parting(form, then));
}

function constructorIn(module: ModuleText, owner: string): ts.ConstructorDeclaration | undefined {
  const node = memberOf(module, owner, 'constructor')?.node;
  return node !== undefined && ts.isConstructorDeclaration(node) ? node : undefined;
}

function isProperty(parameter: ts.ParameterDeclaration): boolean {
  return ts.isParameterPropertyDeclaration(parameter, parameter.parent);
}

/** The field is what the constructor was given, and the owner keeps that very thing under this path. */
function isHandedOn({ wrapper, before, claim }: Trees, name: string): boolean {
  const parameters = constructorIn(wrapper, wrapperName(claim))?.parameters ?? [];
  const at = parameters.findIndex((each) => each.name.getText() === name && isProperty(each));
  let argument = '';
  walk(before.source, (node) => {
    if (ts.isNewExpression(node) && node.expression.getText() === wrapperName(claim))
      argument = node.arguments?.[at]?.getText() ?? '';
  });
  const path = claim.paths.get(name) ?? `this.${name}`;
  if (at < 0 || argument === '') return false;
  const own = constructorIn(before, claim.owner)?.parameters.find((each) => each.name.getText() === argument);
  return argument === path || (own !== undefined && isProperty(own) && path === `this.${argument}`);
}

function fieldCode(item: ModuleItem | undefined): string | undefined {
  const node = item?.node;
  return node !== undefined && ts.isPropertyDeclaration(node)
    ? `${node.type?.getText() ?? ''} = ${node.initializer?.getText() ?? ''}`
    : undefined;
}

/** Fields of the method that may hold something else in the owner. */
function fieldDoubts(trees: Trees, original: Method): readonly string[] {
  const { wrapper, after, claim } = trees;
  return [...membersUsed(parsedMethod(original.getText()))].flatMap((name) => {
    const item = memberOf(wrapper, wrapperName(claim), name);
    if (item !== undefined && !ts.isPropertyDeclaration(item.node)) return [];
    if (item === undefined && isHandedOn(trees, name)) return [];
    const there = fieldCode(item);
    const here = fieldCode(memberOf(after, claim.owner, nameHere(claim, name)));
    return there !== undefined && there === here ? [] : [`the field ${name} is made in another way`];
  });
}

/** Names of the module mean the same in the owner's file. */
function requireSameNames({ wrapper, after }: Trees, now: Method): void {
  if (wrapper.path === after.path) return;
  for (const name of freeNames(formOf(now))) {
    const was = wrapper.bindings.get(name);
    const is = after.bindings.get(name);
    if (was !== is) different(`${name} is ${is ?? 'a global'} in the owner and was ${was ?? 'a global'}`);
  }
}

/** The code of a member before, its calls of the wrapper's methods as they are now. */
function redirected(item: ModuleItem, trees: Trees): string {
  const { claim, after } = trees;
  const prefix = `this . ${claim.through} . `;
  return item.code
    .split(prefix)
    .map((piece, at) => {
      const name = /^[\w$#]+/.exec(piece)?.[0] ?? '';
      const here = nameHere(claim, name);
      if (at === 0) return piece;
      return memberOf(after, claim.owner, here) === undefined ? `${prefix}${piece}` : `this . ${here}${piece.slice(name.length)}`;
    })
    .join('');
}

/** The code with the arguments of calls of the method left out, and whether one of them is a constant. */
function withoutArguments(code: string, method: string): { readonly code: string; readonly constants: boolean } {
  const callee = `this . ${method} ( `;
  const [first = '', ...calls] = code.split(callee);
  let constants = false;
  const rest = calls.map((piece) => {
    const tokens = piece.split(' ');
    let depth = 1;
    const end = tokens.findIndex((token) => {
      if (token === '(') depth += 1;
      if (token === ')') depth -= 1;
      return depth === 0;
    });
    constants ||= tokens.slice(0, end).some((token) => /^(?:["'`\d]|true$|false$|null$|undefined$)/.test(token));
    return `${callee}${tokens.slice(end).join(' ')}`;
  });
  return { code: first + rest.join(''), constants };
}

/** All other code is as it was, but for the calls. */
function frameDoubts(trees: Trees): readonly string[] {
  const { before, after, claim } = trees;
  const known = new Set(before.items.map((item) => item.name));
  const isNew = (item: ModuleItem): boolean => item.name.startsWith(`${claim.owner}.`) && !known.has(item.name);
  const now = after.items.filter((item) => !isNew(item));
  if (now.length !== before.items.length) different('declarations came or went besides the members of the owner');
  return before.items.flatMap((item, at) => {
    const other = now[at];
    if (other === undefined || redirected(item, trees) === other.code) return [];
    if (other.name !== item.name) return different(`${item.name} is not where it was`);
    if (ts.isConstructorDeclaration(item.node)) return ['the constructor fills more fields'];
    const here = nameHere(claim, claim.name.slice(claim.name.lastIndexOf('.') + 1));
    const [then, found] = [withoutArguments(redirected(item, trees), here), withoutArguments(other.code, here)];
    const fewer = then.constants && then.code === found.code;
    return fewer ? [`arguments of calls in ${item.name} became constants`] : different(`${item.name} changed as well`);
  });
}

/** Names of the owner's file mean what they meant. */
function requireSameImports({ before, after }: Trees): void {
  for (const [name, binding] of before.bindings) {
    const now = after.bindings.get(name);
    if (now !== undefined && now !== binding) different(`${name} is bound to ${now} now`);
  }
  const words = new Set(tokensOf(before.source.text));
  for (const name of after.bindings.keys())
    if (!before.bindings.has(name) && words.has(name)) undecided(`${name} is bound to something now`);
}

/** Judges one method of a wrapper that its owner has itself now. Reading a property is taken to have no effect of its own. */
export function takeOverUndone(claim: InlinedClaim, into: TextPair): Judgement {
  const trees: Trees = {
    wrapper: moduleText(claim.from.path, claim.from.text),
    before: moduleText(into.path, into.before),
    after: moduleText(into.path, into.after),
    claim,
  };
  return judgement(() => {
    const method = claim.name.slice(claim.name.lastIndexOf('.') + 1);
    const original = methodIn(trees.wrapper, wrapperName(claim), method);
    const now = methodIn(trees.after, claim.owner, nameHere(claim, method));
    const frame = frameDoubts(trees);
    requireSameImports(trees);
    requireSameMethod(trees, original, now);
    requireSameNames(trees, now);
    return [...fieldDoubts(trees, original), ...frame];
  });
}
