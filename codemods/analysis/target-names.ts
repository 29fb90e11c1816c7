// The names a module has at its top level, and whether moved code would mean the same by them.
import type { ImportDeclaration, Node, SourceFile } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { MovedSet } from './moved-set.ts';
import { topLevelNames } from './top-level.ts';

/** What a name stands for: a module and the name there. */
interface Binding {
  readonly node: Node;
  readonly means: string;
}

function meaning(declaration: ImportDeclaration, name: string): string {
  const module = declaration.getModuleSpecifierSourceFile()?.getFilePath() ?? declaration.getModuleSpecifierValue();
  return `${module} ${name}`;
}

function imported(file: SourceFile): readonly (readonly [local: string, binding: Binding])[] {
  return file.getImportDeclarations().flatMap((declaration) => {
    const found: (readonly [string, Binding])[] = declaration.getNamedImports().map((each) => {
      const node = each.getAliasNode() ?? each.getNameNode();
      return [node.getText(), { node, means: meaning(declaration, each.getName()) }];
    });
    const [whole, all] = [declaration.getDefaultImport(), declaration.getNamespaceImport()];
    if (whole !== undefined) found.push([whole.getText(), { node: whole, means: meaning(declaration, 'default') }]);
    if (all !== undefined) found.push([all.getText(), { node: all, means: meaning(declaration, '*') }]);
    return found;
  });
}

function declared(file: SourceFile): readonly (readonly [local: string, binding: Binding])[] {
  return [...topLevelNames(file)].flatMap(([name, { statements }]) => {
    const [node] = statements;
    return node === undefined ? [] : [[name, { node, means: `${file.getFilePath()} ${name}` }] as const];
  });
}

function taken(node: Node, name: string): Refusal {
  return new Refusal('REFIT_MOVE_NAME_TAKEN', `The target has another ${name}. Rename one of them first.`, placeOf(node));
}

/** Refuses when the target has another thing of a name that moves, or that moved code uses. */
export function requireFreeNames(target: SourceFile, old: SourceFile, moved: MovedSet): void {
  const names = new Map([...imported(target), ...declared(target)]);
  for (const name of moved.names) {
    const other = names.get(name);
    if (other !== undefined && other.means !== `${old.getFilePath()} ${name}`) throw taken(other.node, name);
  }
  const kinds = { default: 'default', namespace: '*' };
  for (const needed of moved.imports) {
    const other = names.get(needed.local);
    const means = meaning(needed.declaration, needed.kind === 'named' ? needed.name : kinds[needed.kind]);
    if (other !== undefined && other.means !== means) throw taken(other.node, needed.local);
  }
  for (const { name } of moved.fromOld) {
    const other = names.get(name);
    if (other !== undefined && other.means !== `${old.getFilePath()} ${name}`) throw taken(other.node, name);
  }
}
