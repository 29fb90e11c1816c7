// Codemod: classify-and-switch
//
// Replaces switches over single result types by a classification and a switch over its outcome. The classifiers are
// those of an outcome module (`introduce-outcome` writes one); each switch in the named function whose subject one of
// them takes is rewritten. Labels become those of the outcome, fields are read from it, statements stay as they are.
//
// Preconditions: the subject is a path that nothing writes while its switch runs; every field that a case reads is
// taken over or carried by the outcome; two kinds that become one are handled by one case.
// Refused: a field that the outcome loses, cases that would fall together, a subject that is computed.
//
// with { "file": "use.ts", "in": "text", "outcome": "outcome.ts" }
// ```ts
// // ---- types.ts
// export type Claimed = { readonly kind: 'Done' } | { readonly kind: 'Taken'; readonly reason: string; readonly by: string };
// // ---- outcome.ts
// import type { Claimed } from './types.ts';
// export type Outcome<Result> =
//   | { readonly kind: 'Done' }
//   | { readonly kind: 'Left'; readonly reason: string; readonly result: Extract<Result, { readonly kind: 'Taken' }> };
// export function outcomeOfClaimed(result: Claimed): Outcome<Claimed> {
//   switch (result.kind) {
//     case 'Done':
//       return { kind: 'Done' };
//     case 'Taken':
//       return { kind: 'Left', reason: result.reason, result };
//   }
// }
// // ---- use.ts
// import type { Claimed } from './types.ts';
// export function text(claimed: Claimed): string {
//   // who has it?
//   switch (claimed.kind) {
//     case 'Done':
//       return 'done';
//     case 'Taken':
//       return `${claimed.reason} by ${claimed.by}`;
//   }
// }
// ```
// ->
// ```ts
// // ---- types.ts
// export type Claimed = { readonly kind: 'Done' } | { readonly kind: 'Taken'; readonly reason: string; readonly by: string };
// // ---- outcome.ts
// import type { Claimed } from './types.ts';
// export type Outcome<Result> =
//   | { readonly kind: 'Done' }
//   | { readonly kind: 'Left'; readonly reason: string; readonly result: Extract<Result, { readonly kind: 'Taken' }> };
// export function outcomeOfClaimed(result: Claimed): Outcome<Claimed> {
//   switch (result.kind) {
//     case 'Done':
//       return { kind: 'Done' };
//     case 'Taken':
//       return { kind: 'Left', reason: result.reason, result };
//   }
// }
// // ---- use.ts
// import { outcomeOfClaimed } from './outcome.ts';
// import type { Claimed } from './types.ts';
// export function text(claimed: Claimed): string {
//   // who has it?
//   const outcome = outcomeOfClaimed(claimed);
//   switch (outcome.kind) {
//     case 'Done':
//       return 'done';
//     case 'Left':
//       return `${outcome.reason} by ${outcome.result.by}`;
//   }
// }
// ```
//
// with { "file": "example.ts", "in": "text", "outcome": "example.ts" }
// ```ts
// export type Claimed = { readonly kind: 'Done' } | { readonly kind: 'Taken'; readonly by: string };
// export type Outcome = { readonly kind: 'Done' } | { readonly kind: 'Left' };
// export function outcomeOfClaimed(result: Claimed): Outcome {
//   switch (result.kind) {
//     case 'Done':
//       return { kind: 'Done' };
//     case 'Taken':
//       return { kind: 'Left' };
//   }
// }
// export function text(claimed: Claimed): string {
//   switch (claimed.kind) {
//     case 'Done':
//       return 'done';
//     case 'Taken':
//       return claimed.by;
//   }
// }
// ```
// -> refused: REFIT_CLASSIFY_LOST
import { type CaseClause, type CaseOrDefaultClause, Node, SyntaxKind } from 'ts-morph';
import { functionNamed } from './analysis/code-selector.ts';
import { type Classifier, classifiersIn, type Target } from './analysis/outcome-classifiers.ts';
import {
  isStablePath,
  labelOf,
  reachingKinds,
  subjectUses,
  subjectWrite,
  unionSwitch,
  type UnionSwitch,
} from './analysis/union-switches.ts';
import type { Codemod } from './kernel/codemod.ts';
import type { Proposal } from './kernel/proposal.ts';
import { indentAt } from './kernel/text-positions.ts';
import type { Workspace } from './kernel/workspace.ts';

export interface ClassifyAndSwitchOptions {
  readonly file: string;
  readonly in: string;
  readonly outcome: string;
  readonly variable?: string;
}

interface Site extends UnionSwitch {
  readonly classifier: Classifier;
  readonly variable: string;
}

function targetsOf(site: Site, kinds: readonly string[], place: Node, out: Proposal): readonly Target[] {
  return kinds.map((kind) => {
    const target = site.classifier.targets.get(kind);
    return (
      target ??
      out.refuse('REFIT_CLASSIFY_UNMAPPED', place, `${site.classifier.name} has no answer for '${kind}'. Map it there first.`)
    );
  });
}

/** Two clauses that run different statements must not become one label. */
function requireSeparate(site: Site, out: Proposal): void {
  const owners = new Map<string, CaseOrDefaultClause | 'none'>();
  const clauses = site.node.getClauses();
  const labelled = new Set(clauses.flatMap((clause) => labelOf(clause) ?? []));
  const claim = (kind: string, owner: CaseOrDefaultClause | 'none', place: Node): void => {
    for (const target of targetsOf(site, [kind], place, out)) {
      const other = owners.get(target.kind);
      if (other !== undefined && other !== owner) {
        out.refuse(
          'REFIT_CLASSIFY_MERGED',
          place,
          `'${kind}' becomes '${target.kind}', and so does a kind that is handled in another way here. Give it a variant of its own.`,
        );
      }
      owners.set(target.kind, owner);
    }
  };
  let group: CaseOrDefaultClause[] = [];
  for (const clause of clauses) {
    group.push(clause);
    if (clause.getStatements().length === 0 && clause !== clauses.at(-1)) continue;
    for (const each of group) {
      const label = labelOf(each);
      if (label !== undefined) claim(label, clause, each);
    }
    group = [];
  }
  const rest = [...site.classifier.targets.keys()].filter((kind) => !labelled.has(kind));
  const fallback = clauses.find(Node.isDefaultClause);
  for (const kind of rest) claim(kind, fallback ?? 'none', site.node);
}

function requireLabels(site: Site, out: Proposal): void {
  for (const clause of site.node.getClauses()) {
    if (Node.isDefaultClause(clause)) continue;
    const label = labelOf(clause);
    if (label === undefined)
      out.refuse(
        'REFIT_CLASSIFY_LABEL',
        clause,
        `The label ${clause.getExpression().getText()} is not a text. Write the kind itself.`,
      );
  }
}

function requireStable(site: Site, out: Proposal): void {
  const { node, subject } = site;
  if (!isStablePath(subject)) {
    out.refuse(
      'REFIT_CLASSIFY_SUBJECT',
      subject,
      `${subject.getText()} is computed each time it is read. Keep it in a const first.`,
    );
  }
  const write = subjectWrite(node.getCaseBlock(), subject);
  if (write !== undefined)
    out.refuse(
      'REFIT_CLASSIFY_SUBJECT',
      write,
      `${subject.getText()} changes while its switch runs (${write.getParent()?.getText() ?? ''}). Keep it in a const first.`,
    );
}

function isClause(node: Node | undefined): boolean {
  return Node.isCaseClause(node) || Node.isDefaultClause(node);
}

/** The node whose declarations a declaration before the switch would meet. */
function scopeOf(site: Site): Node | undefined {
  const list = site.node.getParent();
  return isClause(list) ? list?.getParent() : list;
}

function requireFreeName(site: Site, others: readonly Site[], out: Proposal): void {
  const { node, variable } = site;
  const list = node.getParent();
  if (!Node.isBlock(list) && !Node.isSourceFile(list) && !isClause(list)) {
    out.refuse(
      'REFIT_CLASSIFY_PLACE',
      node,
      'The switch is the only statement of a branch; a declaration cannot stand before it. Put it in braces first.',
    );
  }
  const scope = scopeOf(site);
  const named = scope
    ?.getDescendantsOfKind(SyntaxKind.Identifier)
    .find((each) => each.getText() === variable && !isPropertyName(each));
  const twice = others.some((other) => other !== site && scopeOf(other) === scope);
  if (named !== undefined || twice) {
    out.refuse(
      'REFIT_CLASSIFY_NAME_TAKEN',
      named ?? node,
      `${variable} is used here already. Give the outcome another name (variable: "…"), or put each switch in braces of its own.`,
    );
  }
}

function isPropertyName(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isPropertyAccessExpression(parent)) return parent.getNameNode() === node;
  return Node.isPropertyAssignment(parent) && parent.getNameNode() === node;
}

/** What stands for a read of the subject when any of the targets may be meant. */
function readFrom(
  site: Site,
  use: Node,
  targets: readonly Target[],
  out: Proposal,
): { readonly node: Node; readonly text: string } {
  const parent = use.getParent();
  const field = Node.isPropertyAccessExpression(parent) && parent.getExpression() === use ? parent : undefined;
  const texts = new Set(
    targets.map((target) => {
      const taken = field === undefined ? undefined : target.fields.get(field.getName());
      if (taken !== undefined) return `${site.variable}.${taken}`;
      return target.carried === undefined
        ? undefined
        : `${site.variable}.${target.carried}${field === undefined ? '' : `.${field.getName()}`}`;
    }),
  );
  const [text, ...more] = texts;
  if (text === undefined || more.length > 0) {
    return out.refuse(
      'REFIT_CLASSIFY_LOST',
      use,
      `${(field ?? use).getText()} is read here, and the outcome does not have it${more.length > 0 ? ' in the same place for every kind that comes here' : ''}. Let the variant take it over or carry the result.`,
    );
  }
  return { node: field ?? use, text };
}

function editClauses(site: Site, out: Proposal): void {
  const { node, subject, classifier } = site;
  const clauses = node.getClauses();
  const reaching = reachingKinds(node, [...classifier.targets.keys()]);
  const labels = clauses.map((clause) => classifier.targets.get(labelOf(clause) ?? '')?.kind);
  for (const [at, clause] of clauses.entries()) {
    const label = labels[at];
    const again = label !== undefined && labels.lastIndexOf(label) > at;
    if (Node.isCaseClause(clause) && label !== undefined) editLabel(clause, again ? undefined : label, out);
    const targets = targetsOf(site, reaching[at] ?? [], clause, out);
    for (const use of clause.getStatements().flatMap((statement) => subjectUses(statement, subject))) {
      const read = readFrom(site, use, targets, out);
      out.replace(read.node, read.text);
    }
  }
}

/** The label's new text; undefined: a later label of the same statements says it, this one (without statements) goes. */
function editLabel(clause: CaseClause, label: string | undefined, out: Proposal): void {
  const old = clause.getExpression();
  const quote = old.getText().charAt(0);
  if (label !== undefined) out.replace(old, `${quote}${label}${quote}`);
  else out.edit(clause.getSourceFile().getFilePath(), [clause.getStart(), clause.getNextSiblingOrThrow().getStart()], '');
}

function rewrite(site: Site, out: Proposal): void {
  const { node, subject, classifier, variable } = site;
  const path = node.getSourceFile().getFilePath();
  const indent = indentAt(node.getSourceFile().getFullText(), node.getStart());
  out.insert(path, node.getStart(), `const ${variable} = ${classifier.name}(${subject.getText()});\n${indent}`);
  out.replace(node.getExpression(), `${variable}.${classifier.targetDiscriminant}`);
  editClauses(site, out);
  for (const [kind, target] of classifier.targets) {
    if (kind !== target.kind)
      out.finding(
        'note',
        node,
        `'${kind}' is handled as '${target.kind}' from here on; its statements, texts and fields are as they were.`,
      );
  }
}

function propose(workspace: Workspace, options: ClassifyAndSwitchOptions, out: Proposal): void {
  const outcomeFile = workspace.sourceFile(options.outcome);
  const classifiers = classifiersIn(outcomeFile);
  if (classifiers.length === 0) {
    return out.refuse(
      'REFIT_CLASSIFY_NONE',
      { path: outcomeFile.getFilePath(), line: 1 },
      `${options.outcome} exports no classifier: a function of one result whose body is one switch that answers an object for each kind. Write it with introduce-outcome.`,
    );
  }
  const code = functionNamed(workspace.sourceFile(options.file), options.in);
  const sites = code.getDescendantsOfKind(SyntaxKind.SwitchStatement).flatMap((node): Site[] => {
    const found = unionSwitch(node);
    const type = found?.subject.getType().compilerType;
    const classifier = classifiers.find((each) => each.source.compilerType === type && each.discriminant === found?.discriminant);
    return found === undefined || classifier === undefined
      ? []
      : [{ ...found, classifier, variable: options.variable ?? 'outcome' }];
  });
  if (sites.length === 0)
    return out.skip(code, `No switch in ${options.in} is over a result that ${options.outcome} classifies.`);
  for (const site of sites) {
    requireLabels(site, out);
    requireStable(site, out);
    requireFreeName(site, sites, out);
    requireSeparate(site, out);
    rewrite(site, out);
    out.needImport({
      into: code.getSourceFile().getFilePath(),
      name: site.classifier.name,
      from: outcomeFile.getFilePath(),
      typeOnly: false,
    });
    out.holds(
      'the outcome has all that the cases read, and each kind keeps its own statements',
      `${site.subject.getText()} in line ${String(site.node.getStartLineNumber())}`,
    );
  }
}

export const classifyAndSwitch: Codemod<ClassifyAndSwitchOptions> = {
  name: 'classify-and-switch',
  options: {
    file: { kind: 'text', required: true, help: 'the file with the switches' },
    in: { kind: 'text', required: true, help: 'the function, or Class.method, they stand in' },
    outcome: { kind: 'text', required: true, help: 'the module with the outcome and its classifiers' },
    variable: { kind: 'text', help: 'the name of the outcome; default "outcome"' },
  },
  propose,
};
