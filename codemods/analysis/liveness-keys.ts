// Keys, names and paths written as data: computed access, `keyof` parameters, module paths in strings.
import { dirname, resolve } from 'node:path';
import { ts } from 'ts-morph';

/** The types an access may be made on: parts of a union without null and undefined. */
function partsOf(checker: ts.TypeChecker, type: ts.Type): readonly ts.Type[] {
  const present = checker.getNonNullableType(type);
  return present.isUnion() ? present.types : [present];
}

/** All properties of a value's type. */
export function allProperties(checker: ts.TypeChecker, object: ts.Type): readonly ts.Symbol[] {
  return partsOf(checker, object).flatMap((part) => part.getApparentProperties());
}

/** The properties `object[key]` may reach: those the key's type names, or all. */
export function keyedProperties(checker: ts.TypeChecker, object: ts.Type, key: ts.Type): readonly ts.Symbol[] {
  const keys = key.isUnion() ? key.types : [key];
  const names = keys.flatMap((each) => (each.isStringLiteral() ? each.value : []));
  if (names.length < keys.length) return allProperties(checker, object);
  return partsOf(checker, object).flatMap((part) => names.flatMap((name) => part.getProperty(name) ?? []));
}

/** The type a string literal type is a key of: `T['key']`, `Pick<T, 'key'>`, `Omit<T, 'key' | …>`. */
export function keyedType(node: ts.StringLiteralLike): ts.TypeNode | undefined {
  if (!ts.isLiteralTypeNode(node.parent)) return undefined;
  const key = ts.isUnionTypeNode(node.parent.parent) ? node.parent.parent : node.parent;
  const user = key.parent;
  if (ts.isIndexedAccessTypeNode(user) && user.indexType === key) return user.objectType;
  if (!ts.isTypeReferenceNode(user) || !/^(?:Pick|Omit)$/.test(user.typeName.getText())) return undefined;
  return user.typeArguments?.[0];
}

/** Whether the literal is passed for a parameter that takes keys of another type (`keyof T`, `K extends keyof T`). */
export function isKeyArgument(checker: ts.TypeChecker, node: ts.StringLiteralLike): boolean {
  const call = node.parent;
  if (!ts.isCallExpression(call)) return false;
  const at = call.arguments.indexOf(node);
  const declaration = at < 0 ? undefined : checker.getResolvedSignature(call)?.declaration;
  const type = declaration === undefined || ts.isJSDocSignature(declaration) ? undefined : declaration.parameters[at]?.type;
  if (type === undefined) return false;
  const parameters = declaration?.typeParameters ?? [];
  const bound = parameters.find((each) => ts.isTypeParameterDeclaration(each) && each.name.text === type.getText());
  const constraint = bound !== undefined && ts.isTypeParameterDeclaration(bound) ? bound.constraint : undefined;
  return /\bkeyof\b/.test(`${type.getText()} ${constraint?.getText() ?? ''}`);
}

/** The path of a module that a string names, as in `new URL('./worker.js', import.meta.url)`; endings of its source to try. */
export function modulePaths(node: ts.StringLiteralLike): readonly string[] {
  if (!/^\.{1,2}\/.*\.[cm]?[jt]sx?$/.test(node.text)) return [];
  const path = resolve(dirname(node.getSourceFile().fileName), node.text);
  return [path, path.replace(/js(x?)$/, 'ts$1')];
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The parts of a text that are known: `./plugins/` and `.js` of a template with one hole, or of a sum. */
function knownParts(node: ts.Expression): readonly string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return knownParts(node.expression);
  if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)];
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return ['', ''];
  const left = knownParts(node.left);
  const [first = '', ...others] = knownParts(node.right);
  return [...left.slice(0, -1), `${left.at(-1) ?? ''}${first}`, ...others];
}

/** Which files `import(…)` of a computed relative path may load; undefined when the path is written out or not relative. */
export function modulePattern(specifier: ts.Expression): RegExp | undefined {
  const [head = '', ...rest] = knownParts(specifier);
  if (rest.length === 0 || !/^\.{1,2}\//.test(head)) return undefined;
  const folder = dirname(specifier.getSourceFile().fileName);
  const start = `${resolve(folder, head)}${head.endsWith('/') ? '/' : ''}`;
  const tail = rest.map((part) => `.*${escaped(part)}`).join('');
  return new RegExp(`^${escaped(start)}${tail.replace(/\\\.([cm]?)jsx?$/, String.raw`\.$1[jt]sx?`)}$`);
}
