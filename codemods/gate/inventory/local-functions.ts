// Functions, classes and objects with functions that a file declares by name, and which of them a name means at a place.
import { ts, walk } from '../../kernel/parse-source.ts';

export interface LocalFunction {
  readonly name: string;
  /** The declaration; its body runs when the name is used. */
  readonly node: ts.Node;
  /** Where the name can be used. */
  readonly scope: ts.Node;
}

function holdsFunction(node: ts.Expression): boolean {
  if (ts.isFunctionExpression(node) || ts.isArrowFunction(node) || ts.isClassExpression(node)) return true;
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.some(
      (each) => ts.isMethodDeclaration(each) || (ts.isPropertyAssignment(each) && holdsFunction(each.initializer)),
    );
  }
  return ts.isCallExpression(node) && node.arguments.some(holdsFunction);
}

/** The name that a declaration gives to code which only runs when the name is used. */
export function functionNameOf(node: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return node.name?.text ?? 'default';
  if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) return undefined;
  return node.initializer !== undefined && holdsFunction(node.initializer) ? node.name.text : undefined;
}

function scopeOf(node: ts.Node): ts.Node {
  let at = node.parent;
  while (!ts.isSourceFile(at) && !ts.isBlock(at) && !ts.isFunctionLike(at) && !ts.isModuleBlock(at)) at = at.parent;
  return at;
}

export class LocalFunctions {
  readonly all: readonly LocalFunction[];
  readonly #byName = new Map<string, LocalFunction[]>();

  constructor(source: ts.SourceFile) {
    const found: LocalFunction[] = [];
    walk(source, (node) => {
      const name = functionNameOf(node);
      if (name !== undefined) found.push({ name, node, scope: scopeOf(node) });
    });
    this.all = found;
    for (const each of found) this.#byName.set(each.name, [...(this.#byName.get(each.name) ?? []), each]);
  }

  /** The declaration in the innermost scope around `node` that has its name. */
  meantBy(node: ts.Identifier): LocalFunction | undefined {
    const named = this.#byName.get(node.text) ?? [];
    const around = named.filter(({ scope }) => scope.pos <= node.pos && scope.end >= node.end);
    return around.toSorted((left, right) => right.scope.pos - left.scope.pos)[0];
  }
}
