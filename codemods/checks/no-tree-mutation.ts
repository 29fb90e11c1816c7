// Rule: codemods propose; ts-morph's methods that change a tree, a project or the disk are called nowhere but in the workspace.
import * as morph from 'ts-morph';
import { isUnder } from '../kernel/glob.ts';
import { ts } from '../kernel/parse-source.ts';
import type { Finding, HouseFile } from './house-file.ts';
import { findingsIn } from './house-file.ts';

const WORKSPACE = 'codemods/kernel/workspace.ts';

const verbs =
  /^(?:add|append|apply|copy|extract|fix|format(?!Diagnostics)|indent|insert|move|organize|prepend|refresh|remove|rename|replace|save|set|transform|unindent|unsafe|unwrap)(?:[A-Z]|$)/;

/** Names that maps, sets and event targets have as well; ts-morph does nothing with them that another name does not do. */
const everyday: ReadonlySet<string> = new Set(['set', 'add', 'replace', 'apply']);

function methodNames(prototype: unknown): readonly string[] {
  const names: string[] = [];
  for (let at = prototype; typeof at === 'object' && at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    names.push(...Object.getOwnPropertyNames(at));
  }
  return names;
}

function mutatorsOf(library: object): ReadonlySet<string> {
  const classes = Object.values<unknown>({ ...library }).filter((each) => typeof each === 'function');
  const names = classes.flatMap((each) => methodNames(each.prototype));
  return new Set(names.filter((name) => verbs.test(name) && !everyday.has(name)));
}

/** Every method of ts-morph's classes that changes something, as the installed version has them. */
export const mutatingMethods: ReadonlySet<string> = mutatorsOf(morph);

function whatIsCalled(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { name, expression } = node.expression;
  if (mutatingMethods.has(name.text)) return name.text;
  // The compiler's function of the same name only parses.
  return name.text === 'createSourceFile' && expression.getText() !== 'ts' ? name.text : undefined;
}

export function noTreeMutationRule(files: readonly HouseFile[]): readonly Finding[] {
  return files
    .filter(({ path }) => isUnder(path, 'codemods') && path !== WORKSPACE)
    .flatMap((file) =>
      findingsIn('no-tree-mutation', file, (node) => {
        const method = whatIsCalled(node);
        if (method === undefined) return undefined;
        return `\`${method}\` changes the tree that is being read. Propose an edit (out.edit, out.createFile, out.needImport); the kernel applies it.`;
      }),
    );
}
