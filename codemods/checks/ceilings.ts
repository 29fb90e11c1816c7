// Rule: files of at most 400 lines, functions of 60, nesting of 3, parameters of 4.
import { isUnder } from '../kernel/glob.ts';
import { lineOf, physicalLines, ts } from '../kernel/parse-source.ts';
import type { Finding, HouseFile } from './house-file.ts';
import { findingsIn } from './house-file.ts';

/** Tests may be longer: their fakes and scenarios are read from top to bottom. */
export const ceilings = { fileLines: 400, functionLines: 60, testFunctionLines: 120, nesting: 3, parameters: 4 } as const;

const rule = 'ceilings';

function tooLongFile(file: HouseFile): readonly Finding[] {
  const lines = physicalLines(file.text);
  if (lines <= ceilings.fileLines) return [];
  const message = `The file has ${lines} lines, at most ${ceilings.fileLines}. Split it by what changes together.`;
  return [{ rule, path: file.path, line: ceilings.fileLines + 1, message }];
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : 'The function';
}

/** A callback that declares tests is a list of cases, not something to understand at once. */
function declaresTests(node: ts.Node): boolean {
  return /\b(it|test|describe)(\.\w+)*\(/.test(node.getText());
}

function functionFault(file: HouseFile, node: ts.Node): string | undefined {
  if (!ts.isFunctionLike(node)) return undefined;
  const own = node.parameters.filter((parameter) => parameter.name.getText() !== 'this');
  if (own.length > ceilings.parameters) {
    return `${nameOf(node)} takes ${own.length} parameters, at most ${ceilings.parameters}. Take an object.`;
  }
  const lines = lineOf(file.source, node.getEnd()) - lineOf(file.source, node.getStart(file.source)) + 1;
  const inTest = isUnder(file.path, 'test') || /-suite\b/.test(file.path);
  const most = inTest ? ceilings.testFunctionLines : ceilings.functionLines;
  if (lines <= most || (inTest && declaresTests(node))) return undefined;
  return `${nameOf(node)} has ${lines} lines, at most ${most}. Take out the parts that have a name.`;
}

function nests(node: ts.Node): boolean {
  if (ts.isIfStatement(node)) return !(ts.isIfStatement(node.parent) && node.parent.elseStatement === node);
  return ts.isIterationStatement(node, false) || ts.isSwitchStatement(node) || ts.isTryStatement(node);
}

function depthOf(node: ts.Node): number {
  let depth = 0;
  for (let at: ts.Node | undefined = node; at !== undefined && !ts.isFunctionLike(at); at = at.parent) if (nests(at)) depth += 1;
  return depth;
}

function nestingFault(node: ts.Node): string | undefined {
  if (!nests(node)) return undefined;
  const depth = depthOf(node);
  if (depth <= ceilings.nesting) return undefined;
  return `Nested ${depth} deep, at most ${ceilings.nesting}. Return early, or take the inner part out.`;
}

export function ceilingsRule(files: readonly HouseFile[]): readonly Finding[] {
  return files.flatMap((file) => [
    ...tooLongFile(file),
    ...findingsIn(rule, file, (node) => functionFault(file, node)),
    ...findingsIn(rule, file, nestingFault),
  ]);
}
