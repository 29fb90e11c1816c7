// Rule: no way around the type checker, no default export, and every suppression carries its reason.
import { isUnder } from '../kernel/glob.ts';
import { ts } from '../kernel/parse-source.ts';
import type { Comment, Finding, HouseFile } from './house-file.ts';
import { findingsIn } from './house-file.ts';

const rule = 'escape-hatches';

function typeFault(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AnyKeyword)
    return '`any` switches the checker off. Say what it is, or `unknown` and narrow it.';
  if (ts.isNonNullExpression(node))
    return '`!` asserts what the checker cannot see. Handle the absent value, or throw with a reason.';
  const definite = (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) && node.exclamationToken !== undefined;
  return definite ? '`!:` promises a value that nothing assigns. Give it one, or let its type say undefined.' : undefined;
}

function hasDefaultModifier(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword)
  );
}

function defaultExportFault(node: ts.Node): string | undefined {
  const named = ts.isExportSpecifier(node) && node.name.text === 'default';
  const exported = ts.isExportAssignment(node) || named || hasDefaultModifier(node);
  return exported ? 'A default export has no name of its own. Export by name.' : undefined;
}

/** Comment directives, matched at the start of a comment only: prose may speak of them. */
function commentFault({ text }: Comment): string | undefined {
  const body = text.replace(/^\/[/*]+\s*/, '').replace(/\s*\*\/$/, '');
  if (/^@ts-(ignore|nocheck)\b/.test(body))
    return `\`${body.slice(0, 12).trim()}\` hides every error, also the next one. Correct the types.`;
  if (/^@ts-expect-error\s*(:|-|--)?\s*$/.test(body))
    return '`@ts-expect-error` without a reason. Write behind it why the error is expected.';
  if (/^(ox|es)lint-disable/.test(body) && !/\s--\s+\S/.test(body))
    return 'A lint suppression without a reason. End it with ` -- ` and the reason.';
  return undefined;
}

function commentFindings(file: HouseFile): readonly Finding[] {
  return file.comments.flatMap((comment): readonly Finding[] => {
    const message = commentFault(comment);
    return message === undefined ? [] : [{ rule, path: file.path, line: comment.line, message }];
  });
}

/** Tools that load a configuration, and users who write handlers, take a default export. */
function mayExportDefault(path: string): boolean {
  return path.endsWith('.config.ts') || isUnder(path, 'examples');
}

export function escapeHatchesRule(files: readonly HouseFile[]): readonly Finding[] {
  return files.flatMap((file) => [
    ...findingsIn(rule, file, typeFault),
    ...(mayExportDefault(file.path) ? [] : findingsIn(rule, file, defaultExportFault)),
    ...commentFindings(file),
  ]);
}
