// What code calls, with the functions of its own file that it uses followed to their end.
import { ts } from '../../kernel/parse-source.ts';
import type { ImportedNames } from './callee-names.ts';
import { dottedName, isRelative } from './callee-names.ts';
import type { LocalFunctions } from './local-functions.ts';
import { functionNameOf } from './local-functions.ts';

export interface FileScope {
  readonly imported: ImportedNames;
  readonly functions: LocalFunctions;
}

/** The name of a property is no use of a variable of the same name. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return !(ts.isPropertyAssignment(parent) && parent.name === node) && !ts.isMethodDeclaration(parent);
}

/** `expect(x).to.be.ok;` asserts without a last call. */
function isPropertyAssertion(node: ts.Node): node is ts.ExpressionStatement & { expression: ts.PropertyAccessExpression } {
  return ts.isExpressionStatement(node) && ts.isPropertyAccessExpression(node.expression);
}

/** The dotted names of all that is called from `starts`; names imported from files of the project count when they are only mentioned. */
export function reachedCalls(starts: readonly ts.Node[], scope: FileScope): readonly string[] {
  const names = new Set<string>();
  const open = [...starts];
  const seen = new Set<ts.Node>(open);
  const follow = (node: ts.Identifier): void => {
    const local = scope.functions.meantBy(node);
    const from = scope.imported.get(node.text)?.from;
    if (local === undefined && from !== undefined && isRelative(from)) names.add(node.text);
    if (local === undefined || seen.has(local.node)) return;
    seen.add(local.node);
    open.push(local.node);
  };
  const isLocal = (callee: ts.Expression): boolean => ts.isIdentifier(callee) && scope.functions.meantBy(callee) !== undefined;
  const visit = (node: ts.Node): void => {
    // A function that is only declared here runs when something uses its name.
    if (functionNameOf(node) !== undefined && !seen.has(node)) return;
    if (ts.isCallExpression(node) && !isLocal(node.expression)) names.add(dottedName(node.expression, scope.imported));
    if (isPropertyAssertion(node)) names.add(dottedName(node.expression, scope.imported));
    if (ts.isIdentifier(node) && isUse(node)) follow(node);
    ts.forEachChild(node, visit);
  };
  // The list grows while it is walked.
  for (const node of open) visit(node);
  return [...names];
}
