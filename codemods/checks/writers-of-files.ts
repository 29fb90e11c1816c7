// Rule: only the places that are listed write files.
import { isUnder, matcherOf } from '../kernel/glob.ts';
import { ts, walk } from '../kernel/parse-source.ts';
import type { Finding, HouseFile } from './house-file.ts';
import { findingsIn } from './house-file.ts';

const places = matcherOf([
  'src/runtime/database/**',
  'src/cli/**',
  'codemods/kernel/apply*.ts',
  'codemods/{cli,gate,proof}/*write*.ts',
]);

const modules: ReadonlySet<string> = new Set(['fs', 'fs/promises', 'node:fs', 'node:fs/promises', 'fs-extra']);

const verbs = [
  'writeFile',
  'appendFile',
  'mkdir',
  'mkdtemp',
  'rm',
  'rmdir',
  'unlink',
  'rename',
  'cp',
  'copyFile',
  'chmod',
  'chown',
  'lchown',
];
const moreVerbs = ['symlink', 'link', 'truncate', 'ftruncate', 'utimes', 'futimes', 'write', 'writev', 'open'];
const writers: ReadonlySet<string> = new Set([
  ...[...verbs, ...moreVerbs].flatMap((verb) => [verb, `${verb}Sync`]),
  'createWriteStream',
]);

interface FileSystemNames {
  /** Local names of imported writers. */
  readonly functions: ReadonlySet<string>;
  /** Local names of the module itself. */
  readonly modules: ReadonlySet<string>;
}

function namesIn(file: HouseFile): FileSystemNames {
  const functions = new Set<string>();
  const whole = new Set<string>();
  walk(file.source, (node) => {
    if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier) || !modules.has(node.moduleSpecifier.text))
      return;
    const clause = node.importClause;
    if (clause?.name !== undefined) whole.add(clause.name.text);
    const bindings = clause?.namedBindings;
    if (bindings === undefined) return;
    if (ts.isNamespaceImport(bindings)) whole.add(bindings.name.text);
    else
      for (const { name, propertyName } of bindings.elements)
        addName({ functions, whole }, name.text, (propertyName ?? name).text);
  });
  return { functions, modules: whole };
}

function addName(names: { readonly functions: Set<string>; readonly whole: Set<string> }, local: string, imported: string): void {
  if (writers.has(imported)) names.functions.add(local);
  if (imported === 'promises' || imported === 'default') names.whole.add(local);
}

/** `open(path, 'r')` opens for reading, and says so where it stands. */
function opensForReading(call: ts.CallExpression): boolean {
  const flags = call.arguments[1];
  return (
    /\bopen(Sync)?$/.test(call.expression.getText()) && flags !== undefined && ts.isStringLiteral(flags) && flags.text === 'r'
  );
}

function writerOf(node: ts.Node, names: FileSystemNames): string | undefined {
  if (!ts.isCallExpression(node) || opensForReading(node)) return undefined;
  const callee = node.expression;
  if (ts.isIdentifier(callee)) return names.functions.has(callee.text) ? callee.text : undefined;
  if (!ts.isPropertyAccessExpression(callee) || !writers.has(callee.name.text)) return undefined;
  const [root = ''] = callee.expression.getText().split('.');
  return names.modules.has(root) ? callee.name.text : undefined;
}

export function writersOfFilesRule(files: readonly HouseFile[]): readonly Finding[] {
  return files
    .filter(({ path }) => (isUnder(path, 'src') || isUnder(path, 'codemods')) && !places(path))
    .flatMap((file) => {
      const names = namesIn(file);
      return findingsIn('writers-of-files', file, (node) => {
        const writer = writerOf(node, names);
        return (
          writer &&
          `${writer} writes to the disk here. Return the content and let a listed place write it (codemods/checks/writers-of-files.ts).`
        );
      });
    });
}
