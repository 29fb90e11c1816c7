// Where a module is named other than by an import or a re-export: mocks, dynamic imports, import types, plain paths.
import { basename, dirname, join } from 'node:path';
import { Node, type SourceFile, SyntaxKind } from 'ts-morph';
import { ts } from '../kernel/parse-source.ts';
import type { Workspace } from '../kernel/workspace.ts';

export interface ModuleMention {
  readonly node: Node;
  readonly kind: 'mock' | 'dynamic' | 'import-type' | 'augmentation' | 'text';
}

const extension = /(?:\.d)?\.[cm]?[jt]sx?$/;

function stem(path: string): string {
  return path.replace(extension, '').replace(/\/index$/, '');
}

function kindOf(literal: Node): ModuleMention['kind'] | undefined {
  const parent = literal.getParent();
  if (Node.isImportDeclaration(parent) || Node.isExportDeclaration(parent) || Node.isExternalModuleReference(parent))
    return undefined;
  if (Node.isModuleDeclaration(parent)) return 'augmentation';
  if (literal.getFirstAncestorByKind(SyntaxKind.ImportType) !== undefined && Node.isLiteralTypeNode(parent)) return 'import-type';
  const call = Node.isCallExpression(parent) ? parent.getExpression().getText() : '';
  if (/mock|replace|stub/i.test(call)) return 'mock';
  return /^import$|require|import(?:Actual|Original)/.test(call) ? 'dynamic' : 'text';
}

/** Whether a literal in the file names the module: by a path relative to the file, or through the compiler's `paths`. */
function names(workspace: Workspace, file: SourceFile, literal: string, module: string): boolean {
  if (literal.startsWith('.')) return stem(join(dirname(file.getFilePath()), literal)) === stem(module);
  if (/\s/.test(literal) || literal === '') return false;
  const project = workspace.project;
  const found = ts.resolveModuleName(
    literal,
    file.getFilePath(),
    project.getCompilerOptions(),
    project.getModuleResolutionHost(),
  );
  return found.resolvedModule?.resolvedFileName === module;
}

/** Every mention of the module in the workspace's sources, imports and re-exports left out. */
export function moduleMentionsOf(workspace: Workspace, module: string): readonly ModuleMention[] {
  const last = basename(stem(module));
  return workspace.sourceFiles().flatMap((file) => {
    if (!file.getFullText().includes(last)) return [];
    return file.getDescendants().flatMap((node): readonly ModuleMention[] => {
      if (!Node.isStringLiteral(node) && !Node.isNoSubstitutionTemplateLiteral(node)) return [];
      const text = node.getLiteralText();
      const kind = text.includes(last) ? kindOf(node) : undefined;
      return kind !== undefined && names(workspace, file, text, module) ? [{ node, kind }] : [];
    });
  });
}
