// The plan of a project rewritten for its twin: every name that it gives to operations or quotes, and the sizes it quotes.
import type { Operation } from '../../../../codemods/kernel/codemod.ts';
import type { Workspace } from '../../../../codemods/kernel/workspace.ts';
import type { Claim, Quotes } from '../../../../codemods/plan/claim.ts';
import type { Plan, Step } from '../../../../codemods/plan/plan.ts';
import { renamedCode, renamedProse, renamedSource } from './twin-source.ts';

type Rename = (name: string) => string;

/** Options that are words of the codemod, of package files or of a reader, and no names of the code. */
const notNames: ReadonlySet<string> = new Set([
  'doc',
  'head',
  'moduleDoc',
  'classDoc',
  'snapshotDoc',
  'kind',
  'shape',
  'state',
  'maps',
  'override',
  'package',
  'artefacts',
  'sources',
]);

/** Options whose keys are names or code as well. */
const namedByKey: ReadonlySet<string> = new Set(['parameters', 'methods']);

function isPath(text: string): boolean {
  return /^[\w./@-]+\.tsx?$/.test(text);
}

function renamedEntries(value: object, under: string, rename: Rename): object {
  const entries = Object.entries(value).map(([key, each]) => {
    const named = namedByKey.has(under);
    return [named ? renamedCode(key, rename) : key, renamedOption(each, named ? '' : key, rename)] as const;
  });
  return Object.fromEntries(entries);
}

/** The value of the option `key` in the names of the twin. */
function renamedOption(value: unknown, key: string, rename: Rename): unknown {
  if (key === 'tests') return renamedTests(value, rename);
  if (key === 'sentences') return renamedSentences(value, rename);
  if (key === 'key') return renamedKey(value, rename);
  if (notNames.has(key)) return value;
  if (typeof value === 'string') return isPath(value) ? value : renamedCode(value, rename);
  if (Array.isArray(value)) return value.map((each: unknown) => renamedOption(each, key, rename));
  return typeof value === 'object' && value !== null ? renamedEntries(value, key, rename) : value;
}

/** How artefacts are found again: by the name of a template's tag and by the field of a file, which is no name of the code. */
function renamedKey(value: unknown, rename: Rename): unknown {
  const hasTag = typeof value === 'object' && value !== null && 'tag' in value && typeof value.tag === 'string';
  return hasTag ? { ...value, tag: rename(String(value.tag)) } : value;
}

/** Texts of test files by their paths. */
function renamedTests(value: unknown, rename: Rename): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const texts = Object.entries(value).map(
    ([path, text]) => [path, typeof text === 'string' ? renamedSource(path, text, rename) : text] as const,
  );
  return Object.fromEntries(texts);
}

/** Sentences of comments, and what becomes of them. */
function renamedSentences(value: unknown, rename: Rename): unknown {
  if (typeof value === 'string') return isPath(value) ? value : renamedProse(value, rename);
  if (Array.isArray(value)) return value.map((each: unknown) => renamedSentences(each, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamedSentences(each, rename)]));
}

/** The rule about lines judges a layout, which the twin has not: it is not what the twin tests. */
function withoutLineRule(options: object): object {
  const given = 'override' in options && typeof options.override === 'object' ? options.override : undefined;
  const rules = given !== null && given !== undefined && 'rule' in given ? [given.rule].flat() : [];
  return { ...options, override: { rule: [...new Set([...rules, 'net-lines'])], reason: 'the twin is laid out in another way' } };
}

function renamedOperation({ codemod, options }: Operation, rename: Rename): Operation {
  const renamed = renamedEntries(options, '', rename);
  return { codemod, options: codemod.name === 'merge-clones' ? withoutLineRule(renamed) : renamed };
}

function renamedQuotes(quotes: Quotes, rename: Rename): Quotes {
  const renamedText = (text: string): string => (isPath(text) ? text : renamedCode(text, rename));
  const renamed = (value: Quotes[string]): Quotes[string] => {
    if (typeof value === 'number') return value;
    return typeof value === 'string' ? renamedText(value) : value.map(renamedText);
  };
  return Object.fromEntries(Object.entries(quotes).map(([key, value]): [string, Quotes[string]] => [key, renamed(value)]));
}

/** Layout changes how many lines something has; what a plan says about it is measured anew, or given more room. */
const ROOM_FOR_LINES = 2;

function promised(claim: Claim, rename: Rename): Claim {
  const quotes = renamedQuotes(claim.quotes, rename);
  const { lines } = quotes;
  return claim.withQuotes(typeof lines === 'number' ? { ...quotes, lines: lines * ROOM_FOR_LINES } : quotes);
}

/** The claim in the names of the twin; when only its lines are wrong, with the lines that are found. */
function quoted(claim: Claim, rename: Rename, workspace: Workspace): Claim {
  const renamed = claim.withQuotes(renamedQuotes(claim.quotes, rename));
  const result = renamed.check(workspace);
  const lines = /(\d+) lines/.exec(result.found)?.[1];
  if (result.holds || lines === undefined || renamed.quotes['lines'] === undefined) return renamed;
  return renamed.withQuotes({ ...renamed.quotes, lines: Number(lines) });
}

/** The plan for the twin, which `workspace` holds. */
export function twinPlan(plan: Plan, rename: Rename, workspace: Workspace): Plan {
  const steps = plan.steps.map((step): Step => ({
    ...step,
    claims: step.claims.map((claim) => quoted(claim, rename, workspace)),
    operations: step.operations.map((operation) => renamedOperation(operation, rename)),
    ensures: step.ensures.map((claim) => promised(claim, rename)),
  }));
  return { ...plan, steps };
}
