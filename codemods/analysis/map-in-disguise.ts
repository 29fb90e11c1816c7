// Shows that a class, constructed without arguments, does on some methods exactly what a Map does.
import type { ClassDeclaration } from 'ts-morph';
import { parseSource, ts } from '../kernel/parse-source.ts';
import type { Workspace } from '../kernel/workspace.ts';
import { constantOf } from './constant-values.ts';
import { simplified } from './constant-specialise.ts';
import { runningClass } from './implementation-of.ts';

/** The class as plain script, without types and comments: what is compared is what runs. */
function scriptOf(code: ts.ClassDeclaration): ts.ClassDeclaration | undefined {
  const options = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, removeComments: true };
  const output = ts.transpileModule(code.getText(), { compilerOptions: options }).outputText;
  return parseSource('class.js', output).statements.find(ts.isClassDeclaration);
}

interface Script {
  readonly members: ReadonlyMap<string, string>;
  readonly code: ts.ClassDeclaration;
}

function nodesIn<T extends ts.Node>(node: ts.Node, is: (node: ts.Node) => node is T): readonly T[] {
  const found: T[] = [];
  const visit = (each: ts.Node): void => {
    if (is(each)) found.push(each);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return found;
}

function isThisField(node: ts.Node): node is ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword;
}

function writesTo(code: ts.Node): readonly { readonly target: ts.PropertyAccessExpression; readonly value: ts.Expression }[] {
  return nodesIn(code, ts.isBinaryExpression)
    .filter(
      (node) =>
        node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && node.operatorToken.kind <= ts.SyntaxKind.LastAssignment,
    )
    .flatMap((node) => (ts.isPropertyAccessExpression(node.left) ? [{ target: node.left, value: node.right }] : []));
}

/** Fields that hold `undefined` for ever, because nothing was given to the constructor. */
function undefinedFields(code: ts.ClassDeclaration): ReadonlySet<string> {
  const build = code.members.find(ts.isConstructorDeclaration);
  const absent = new Set<string>();
  for (const parameter of build?.parameters ?? []) {
    const empty =
      parameter.initializer !== undefined &&
      ts.isObjectLiteralExpression(parameter.initializer) &&
      parameter.initializer.properties.length === 0;
    if (ts.isIdentifier(parameter.name) && (empty || parameter.initializer === undefined)) absent.add(parameter.name.text);
  }
  const isAbsent = (value: ts.Expression): boolean => {
    if (ts.isIdentifier(value))
      return absent.has(value.text) && build?.parameters.every((each) => each.initializer === undefined) === true;
    return ts.isPropertyAccessExpression(value) && ts.isIdentifier(value.expression) && absent.has(value.expression.text);
  };
  const writes = writesTo(code).filter((each) => isThisField(each.target));
  const names = new Set(writes.map((each) => each.target.name.text));
  return new Set([...names].filter((name) => writes.every((each) => each.target.name.text !== name || isAbsent(each.value))));
}

/** Properties that every object literal of the class gives the same constant, and nothing writes again. */
function constantProperties(members: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const sources = [...members.values()].map((text) => parseSource('member.js', `class C { ${text} }`));
  const values = new Map<string, Set<string>>();
  for (const literal of sources.flatMap((source) => nodesIn(source, ts.isObjectLiteralExpression))) {
    for (const property of literal.properties) {
      const name = property.name?.getText() ?? '';
      const known = ts.isPropertyAssignment(property) && constantOf(property.initializer) !== undefined;
      const value = known ? property.initializer.getText() : `${name}: varies`;
      values.set(name, (values.get(name) ?? new Set<string>()).add(value));
    }
  }
  const written = new Set(sources.flatMap(writesTo).map((each) => each.target.name.text));
  const constant = [...values].flatMap(([name, texts]): [string, string][] => {
    const [text, ...more] = texts;
    return text !== undefined && more.length === 0 && !text.endsWith(': varies') && !written.has(name) ? [[name, text]] : [];
  });
  return new Map(constant);
}

/** A local `const` that holds a constant, written where it is used. */
function withoutConstants(text: string): string {
  const source = parseSource('member.js', `class C { ${text} }`);
  for (const node of nodesIn(source, ts.isVariableStatement)) {
    const [declaration] = node.declarationList.declarations;
    if (declaration?.initializer === undefined || !ts.isIdentifier(declaration.name)) continue;
    if (constantOf(declaration.initializer) === undefined || (node.declarationList.flags & ts.NodeFlags.Const) === 0) continue;
    const name = declaration.name.text;
    const value = declaration.initializer.getText();
    return withoutConstants(
      text.replace(node.getText(), '').replaceAll(new RegExp(`([{,]\\s*)${name}(\\s*[,}])`, 'g'), `$1${name}: ${value}$2`),
    );
  }
  return text;
}

function folded(members: ReadonlyMap<string, string>, fold: (text: string) => string): Map<string, string> {
  return new Map([...members].map(([name, text]) => [name, simplified(withoutConstants(simplified(fold(text)).text)).text]));
}

function scriptMembers(code: ts.ClassDeclaration): Map<string, string> {
  const methods = code.members.filter((each) => ts.isMethodDeclaration(each) || ts.isGetAccessorDeclaration(each));
  return new Map(methods.map((each) => [each.name.getText(), each.getText()]));
}

function foldedScript(code: ts.ClassDeclaration): Script {
  let members = scriptMembers(code);
  for (const field of undefinedFields(code))
    members = folded(members, (text) => text.replaceAll(new RegExp(`this\\.${field}\\b`, 'g'), 'undefined'));
  const constants = constantProperties(members);
  for (const [name, value] of constants)
    members = folded(members, (text) => text.replaceAll(new RegExp(`\\b(?!this\\b)\\w+\\.${name}\\b`, 'g'), value));
  return { members, code };
}

/** Text with single blanks and without the braces of one-statement branches. */
function flat(text: string | undefined): string {
  return (text ?? '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(if \([^{}]*\)) \{ (return[^;{}]*;) \}/g, '$1 $2')
    .replaceAll('return undefined;', 'return;');
}

const directly: Readonly<Record<string, RegExp>> = {
  get: /^get\((\w+)\) \{ return this\.(#?\w+)\.get\(\1\); \}$/,
  set: /^set\((\w+), (\w+)\) \{ this\.(#?\w+)\.set\(\1, \2\); return this; \}$/,
  has: /^has\((\w+)\) \{ return this\.(#?\w+)\.has\(\1\); \}$/,
  delete: /^delete\((\w+)\) \{ return this\.(#?\w+)\.delete\(\1\); \}$/,
  clear: /^clear\(\) \{ this\.(#?\w+)\.clear\(\); \}$/,
  size: /^get size\(\) \{ return this\.(#?\w+)\.size; \}$/,
};

const boxedGet = /^get\((\w+)\) \{ const (\w+) = this\.(#?\w+)\.get\(\1\); if \(\2 === undefined\) return; return \2\.(\w+); \}$/;
const boxedSet = /^set\((\w+), (\w+)\) \{ this\.(#?\w+)\.set\(\1, \{ ([^{}()]*) \}\); return this; \}$/;

/** Values are kept in a box under one property: what `set` puts there `get` takes out. */
function isBoxed(script: Script): boolean {
  const get = boxedGet.exec(flat(script.members.get('get')));
  const set = boxedSet.exec(flat(script.members.get('set')));
  if (get === null || set === null || get[3] !== set[3]) return false;
  const value = set[2] ?? '';
  const parts = (set[4] ?? '').split(', ');
  return parts.includes(`${get[4] ?? ''}: ${value}`) || (get[4] === value && parts.includes(value));
}

function mapFields(code: ts.ClassDeclaration): readonly string[] {
  return code.members
    .filter(ts.isPropertyDeclaration)
    .filter((each) => /^new Map\(\)$/.test(each.initializer?.getText() ?? ''))
    .map((each) => each.name.getText());
}

/**
 * Of the given methods, those that are not shown to do what the Map's do, when the class is constructed without
 * arguments. Undefined when nothing can be said: its code is not known, or it keeps its entries in another way.
 */
export function unlikeMap(
  workspace: Workspace,
  declaration: ClassDeclaration,
  methods: readonly string[],
): readonly string[] | undefined {
  const running = runningClass(workspace, declaration);
  const code = running === undefined || running.heritageClauses !== undefined ? undefined : scriptOf(running);
  if (code === undefined) return undefined;
  const script = foldedScript(code);
  const [entries, ...more] = mapFields(code);
  if (entries === undefined || more.length > 0) return undefined;
  const boxed = isBoxed(script);
  const reassigned = writesTo(code).some((each) => isThisField(each.target) && each.target.name.text === entries);
  if (reassigned) return methods;
  return methods.filter((name) => {
    if (boxed && (name === 'get' || name === 'set')) return false;
    const text = flat(script.members.get(name));
    const same = directly[name]?.test(text) === true && text.includes(`this.${entries}.`);
    return !same;
  });
}
