// Finds the code behind a class: in the project, or the JavaScript beside a package's declarations.
import { type ClassDeclaration, Node } from 'ts-morph';
import { parseSource, ts } from '../kernel/parse-source.ts';
import type { Workspace } from '../kernel/workspace.ts';

/** The class that an expression names, through imports; undefined when it names something else. */
export function classNamedBy(expression: Node): ClassDeclaration | undefined {
  const symbol = expression.getSymbol();
  const target = symbol?.getAliasedSymbol() ?? symbol;
  return target?.getDeclarations().find(Node.isClassDeclaration);
}

/** The syntax of a class that runs: of the declaration itself, or of the `.js` file beside its `.d.ts`. */
export function runningClass(workspace: Workspace, declaration: ClassDeclaration): ts.ClassDeclaration | undefined {
  const path = declaration.getSourceFile().getFilePath();
  const declared = /\.d\.([cm]?)ts$/.exec(path);
  const codePath = declared === null ? path : path.replace(/\.d\.([cm]?)ts$/, `.${declared[1] ?? ''}js`);
  const text = workspace.textOf(codePath);
  if (text === undefined || (declared === null && declaration.isAmbient())) return undefined;
  const name = declaration.getName();
  return parseSource(codePath, text)
    .statements.filter(ts.isClassDeclaration)
    .find((each) => each.name?.text === name);
}
