// Checks the structural claims of a step on the texts before and after it: moved declarations are equal, removed names are gone.
import type { ChangedFile } from '../kernel/apply.ts';
import { parseSource, ts, walk } from '../kernel/parse-source.ts';
import type { CloneOrigin, StructuralClaim } from '../kernel/proposal.ts';
import { tokensOf } from '../analysis/code-tokens.ts';
import { isCodeFile, isTestFile } from '../analysis/file-kinds.ts';
import { isNamedIn } from '../analysis/named-in-text.ts';
import type { Judgement, TextPair } from '../analysis/judgement.ts';
import { extractionUndone } from '../analysis/undo-extraction.ts';
import { takeOverUndone } from '../analysis/undo-take-over.ts';
import { reinlinedEquals } from '../analysis/reinline.ts';
import { unclaimedChange } from '../analysis/unclaimed-change.ts';
import type { OperationRecord } from '../kernel/run-operation.ts';
import type { StepRecord } from './execute-plan.ts';

/** One claim, and what the trees say. */
export interface StructureResult {
  readonly claim: string;
  readonly holds: boolean;
  readonly found: string;
  /** Texts alone cannot show it: the traces of the step decide. */
  readonly decidedByTraces?: true;
}

function declarationText(path: string, text: string | undefined, name: string): string | undefined {
  if (text === undefined) return undefined;
  const source = parseSource(path, text);
  for (const statement of source.statements) {
    const names = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map((each) => each.name.getText(source))
      : [
          ts.isFunctionDeclaration(statement) ||
          ts.isClassDeclaration(statement) ||
          ts.isInterfaceDeclaration(statement) ||
          ts.isTypeAliasDeclaration(statement) ||
          ts.isEnumDeclaration(statement)
            ? statement.name?.text
            : undefined,
        ];
    if (names.includes(name)) return normalised(statement.getText(source));
  }
  return undefined;
}

/** Tokens of a declaration without `export` and layout. */
function normalised(text: string): string {
  return tokensOf(text)
    .filter((token, at) => !(at === 0 && token === 'export'))
    .join(' ');
}

function textIn(files: readonly ChangedFile[], path: string, side: 'before' | 'after'): string | undefined {
  return files.find((file) => file.path === path || file.path.endsWith(`/${path}`))?.[side];
}

/** The text of the function or method of this name, wherever it stands in the file. */
function functionText(path: string, text: string, name: string): string {
  const source = parseSource(path, text);
  let found = '';
  walk(source, (node) => {
    const named = (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.name?.getText(source) === name;
    if (named && found === '') found = node.getText(source);
  });
  return found;
}

const BETWEEN_TOKENS = '\u0000';

function tokenText(code: string): string {
  return `${BETWEEN_TOKENS}${tokensOf(code).join(BETWEEN_TOKENS)}${BETWEEN_TOKENS}`;
}

/** How often the code stands in a text of tokens. */
function occurrences(text: string, code: string): number {
  const wanted = tokenText(code);
  const step = wanted.length - BETWEEN_TOKENS.length;
  let count = 0;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + step)) count += 1;
  return count;
}

/** Clones in whose place the call that the claim shows does not stand: what was inlined again is not what runs. */
function withoutTheirCall(clones: readonly CloneOrigin[], files: readonly ChangedFile[]): readonly CloneOrigin[] {
  return clones.filter(({ path, call }) => {
    const needed = clones.filter((each) => each.path === path && each.call === call).length;
    return occurrences(tokenText(textIn(files, path, 'after') ?? ''), call) < needed;
  });
}

function pairOf(files: readonly ChangedFile[], path: string): TextPair {
  const file = files.find((each) => each.path === path || each.path.endsWith(`/${path}`));
  return file ?? { path, before: undefined, after: undefined };
}

/** Files that changed besides those a claim is about. */
function othersChanged(files: readonly ChangedFile[], pairs: readonly TextPair[]): readonly ChangedFile[] {
  const known = new Set(pairs.map((each) => each.path));
  const code = (text: string | undefined): string => (text === undefined ? '' : tokensOf(text).join(' '));
  return files.filter((file) => !known.has(file.path) && code(file.before) !== code(file.after));
}

function extracted(claim: StructuralClaim & { readonly kind: 'extracted' }, files: readonly ChangedFile[]): StructureResult {
  const says = `${claim.name}, put back where it is called, is the code it was extracted from`;
  const from = pairOf(files, claim.from);
  const to = claim.to === claim.from ? from : pairOf(files, claim.to);
  const [other] = othersChanged(files, [from, to]);
  if (other !== undefined) return { claim: says, holds: false, found: `${other.path} changed as well` };
  return judgedResult(says, extractionUndone({ name: claim.name, from, to }));
}

function inlined(claim: StructuralClaim & { readonly kind: 'inlined' }, files: readonly ChangedFile[]): StructureResult {
  const says = `${claim.name} does in ${claim.owner} what it did`;
  const into = pairOf(files, claim.into);
  const [other] = othersChanged(files, [into]);
  if (other !== undefined) return { claim: says, holds: false, found: `${other.path} changed as well` };
  return judgedResult(says, takeOverUndone(claim, into));
}

/** Whether what runs is what it was: code token for token, a test may be new. Of anything else a program may read what it says. */
function runsAsBefore({ path, before, after }: ChangedFile): boolean {
  if (before === undefined || after === undefined) return before === undefined && isTestFile(path);
  return isCodeFile(path) && tokensOf(before).join(' ') === tokensOf(after).join(' ');
}

function sameCode(files: readonly ChangedFile[]): StructureResult {
  const other = files.find((file) => !runsAsBefore(file));
  const found = other === undefined ? 'code is equal token for token, beside new tests' : `${other.path} may run otherwise`;
  return { claim: 'nothing that runs in production changed', holds: other === undefined, found };
}

function judgedResult(says: string, judged: Judgement): StructureResult {
  if (judged.kind === 'equal') return { claim: says, holds: true, found: 'the normal forms are equal, and nothing else changed' };
  if (judged.kind === 'different') return { claim: says, holds: false, found: judged.why };
  return { claim: says, holds: false, found: `${judged.why}; traces decide`, decidedByTraces: true };
}

function check(claim: StructuralClaim, files: readonly ChangedFile[]): StructureResult {
  switch (claim.kind) {
    case 'moved': {
      const before = declarationText(claim.from, textIn(files, claim.from, 'before'), claim.name);
      const after = declarationText(claim.to, textIn(files, claim.to, 'after'), claim.name);
      const holds = before !== undefined && before === after;
      return {
        claim: `${claim.name} moved unchanged`,
        holds,
        found: holds ? 'the declarations are equal, token for token' : 'the declarations differ',
      };
    }
    case 'removed': {
      const before = isNamedIn(claim.from, textIn(files, claim.from, 'before'), claim.name);
      const after = isNamedIn(claim.from, textIn(files, claim.from, 'after'), claim.name);
      const found = after ? 'still there' : before ? 'not there any more' : 'it was not there before';
      return { claim: `${claim.name} removed`, holds: before && !after, found };
    }
    case 'merged': {
      const helper = functionText(claim.to, textIn(files, claim.to, 'after') ?? '', claim.helper);
      const different = claim.clones
        .map((clone) => ({ label: clone.label, result: reinlinedEquals(helper, clone.call, clone.original) }))
        .filter(({ result }) => !result.equal)
        .map(({ label, result }) => `${label}: ${result.difference ?? 'differs'}`);
      const absent = withoutTheirCall(claim.clones, files);
      const wrong = [...different, ...absent.map(({ label }) => `${label}: the call that was compared does not stand there`)];
      return {
        claim: `${claim.helper}, inlined again, is each of its ${String(claim.clones.length)} clones`,
        holds: wrong.length === 0,
        found: wrong.length === 0 ? 'equal for every clone' : wrong.join('; '),
      };
    }
    case 'extracted':
      return extracted(claim, files);
    case 'inlined':
      return inlined(claim, files);
    case 'same-code':
      return sameCode(files);
  }
}

/** Claims that compare everything an operation changed. */
const whole: ReadonlySet<StructuralClaim['kind']> = new Set(['extracted', 'inlined', 'same-code']);

/** Claims about single declarations say nothing of the rest: what else changed is not shown by them. */
function frameOf({ claims, files }: OperationRecord): readonly StructureResult[] {
  const comparesAll = claims.some(({ kind }) => whole.has(kind));
  const other = claims.length === 0 || comparesAll ? undefined : unclaimedChange(claims, files);
  if (other === undefined) return [];
  return [{ claim: 'nothing else changed', holds: false, found: `${other}; traces decide`, decidedByTraces: true }];
}

/** Every structural claim of the step, checked on each operation's own texts. */
export function checkStructure(record: StepRecord): readonly StructureResult[] {
  return record.operations.flatMap((operation) => [
    ...operation.claims.map((claim) => check(claim, operation.files)),
    ...frameOf(operation),
  ]);
}
