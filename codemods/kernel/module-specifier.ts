// How one file of a project names another in an import: relative, in the extension style of the project.
import { dirname, relative } from 'node:path';
import type { SourceFile } from 'ts-morph';
import type { Workspace } from './workspace.ts';

type ExtensionStyle = 'js' | 'ts' | 'none';

function styleOf(file: SourceFile): ExtensionStyle | undefined {
  for (const declaration of [...file.getImportDeclarations(), ...file.getExportDeclarations()]) {
    const specifier = declaration.getModuleSpecifierValue();
    if (specifier === undefined || !specifier.startsWith('.')) continue;
    if (/\.[cm]?tsx?$/.test(specifier)) return 'ts';
    return /\.[cm]?jsx?$/.test(specifier) ? 'js' : 'none';
  }
  return undefined;
}

/** The style of the file's own imports, else of the first file of the project that shows one, else `.js`. */
function extensionStyle(workspace: Workspace, path: string): ExtensionStyle {
  const own = workspace.findSourceFile(path);
  const style = own === undefined ? undefined : styleOf(own);
  if (style !== undefined) return style;
  for (const file of workspace.sourceFiles()) {
    const other = styleOf(file);
    if (other !== undefined) return other;
  }
  return 'js';
}

/** The specifier `from` (absolute path of a module, or a package) has in an import of the file `into`. */
export function specifierFor(workspace: Workspace, into: string, from: string): string {
  if (!from.startsWith('/')) return from;
  const path = relative(dirname(workspace.absolute(into)), from).replaceAll('\\', '/');
  const bare = path.replace(/(?:\.d)?\.([cm]?)tsx?$/, '');
  const kind = /\.([cm])tsx?$/.exec(path)?.[1] ?? '';
  const style = extensionStyle(workspace, into);
  const ending = style === 'none' ? '' : `.${kind}${style}`;
  return `${bare.startsWith('.') ? '' : './'}${bare}${ending}`;
}
