// Proposes one extraction: the new declaration, the call in its place, what goes along to another module, and the imports.
import { Node, type SourceFile } from 'ts-morph';
import { specifierFor } from '../kernel/module-specifier.ts';
import { printImport, sortsBefore } from '../kernel/print-import.ts';
import type { Proposal } from '../kernel/proposal.ts';
import { indentAt, lineStart, nextLineStart } from '../kernel/text-positions.ts';
import type { Workspace } from '../kernel/workspace.ts';
import { docComment, LINE_WIDTH, rangeWithComments } from './code-text.ts';
import type { CodePart } from './code-selector.ts';
import type { Extraction } from './extraction.ts';
import { chainOf, currentLoads } from './import-graph.ts';
import type { Call } from './extraction-call.ts';
import { declarationText, type ExtractedText, extractedText } from './extraction-text.ts';
import { type ModuleNeeds, moduleNeeds, type MovedStatement, type NeededName } from './module-names.ts';
import { lineOfName, nameUses } from './name-uses.ts';

/** Where the new declaration goes and what is written above it. */
export interface Placement {
  /** Absolute path of the module of a function; a method stays in its class. */
  readonly target: string;
  readonly doc: string | undefined;
  /** The first sentence of a module that does not exist yet. */
  readonly moduleDoc: string | undefined;
}

interface Context {
  readonly workspace: Workspace;
  readonly extraction: Extraction;
  readonly placement: Placement;
  readonly out: Proposal;
}

function sourceOf(extraction: Extraction): SourceFile {
  return extraction.request.owner.getSourceFile();
}

/** A statement that is not in a list (`if (x) y();`) gets braces when the call needs more than one. */
function printedCall(call: Call, part: CodePart, indent: string): string {
  const parent = part.nodes[0].getParent();
  const inList = Node.isBlock(parent) || Node.isCaseClause(parent) || Node.isDefaultClause(parent);
  if (inList || part.kind === 'expression' || call.statements.length === 1) return call.statements.join(`\n${indent}`);
  return `{ ${call.statements.join(' ')} }`;
}

function replaceLast({ extraction, out }: Context, call: Call): void {
  const path = sourceOf(extraction).getFilePath();
  const part = extraction.request.parts.at(-1) ?? extraction.request.parts[0];
  const { difference } = extraction.request;
  const [first] = part.nodes;
  const text = first.getSourceFile().getFullText();
  if (difference !== undefined) {
    out.edit(path, [difference.variable.getStart(), difference.variable.getEnd()], call.statements.join(''));
    const operator = difference.comparison.getOperatorToken().getText();
    out.edit(path, [difference.comparison.getStart(), difference.comparison.getEnd()], `${difference.name} ${operator} 0`);
    return;
  }
  const outer = bareExpression(first, extraction);
  const range = part.kind === 'expression' ? ([outer.getStart(), outer.getEnd()] as const) : rangeWithComments(part.nodes);
  const indent = indentAt(text, range[0]);
  out.edit(path, range, printedCall(call, part, indent));
}

/** A call needs no parentheses around it, an `await` may. */
function bareExpression(node: Node, { control }: Extraction): Node {
  const parent = node.getParent();
  return control.awaits.length === 0 && Node.isParenthesizedExpression(parent) ? parent : node;
}

/** An earlier part goes with its line and the blank lines behind it. */
function removeEarlier({ extraction, out }: Context): void {
  const path = sourceOf(extraction).getFilePath();
  for (const part of extraction.request.parts.slice(0, -1)) {
    const [start, end] = rangeWithComments(part.nodes);
    out.edit(
      path,
      [
        lineStart(part.nodes[0].getSourceFile().getFullText(), start),
        pastBlankLines(part.nodes[0].getSourceFile().getFullText(), end),
      ],
      '',
    );
  }
}

function pastBlankLines(text: string, end: number): number {
  let at = nextLineStart(text, end);
  while (at < text.length && text.slice(at, nextLineStart(text, at)).trim() === '' && nextLineStart(text, at) > at)
    at = nextLineStart(text, at);
  return at;
}

function insertBehind(out: Proposal, node: Node, text: string): void {
  const file = node.getSourceFile();
  const full = file.getFullText();
  const at = nextLineStart(full, node.getEnd());
  const isLast = !full.slice(node.getEnd(), at).includes('\n');
  out.insert(file.getFilePath(), at, isLast ? `\n\n${text}\n` : `\n${text}\n`);
}

function placeInClass(context: Context, text: ExtractedText): void {
  const { extraction, placement, out } = context;
  const { owner } = extraction.request;
  const { indent, modifiers } = headOf(context);
  const code = declarationText(text, { modifiers, doc: placement.doc, indent });
  insertBehind(out, owner, `${indent}${code}`);
  importInto(context, sourceOf(extraction).getFilePath(), text.names);
}

/** Names of inferred types that the source itself does not import yet. */
function importInto({ extraction, out }: Context, path: string, names: readonly NeededName[]): void {
  const source = sourceOf(extraction);
  const foreign = names.filter(({ declaration }) => declaration.getSourceFile() !== source);
  for (const need of moduleNeeds({ source, target: path, leaving: [] }, foreign).imports) {
    const isKnown = source
      .getImportDeclarations()
      .some((each) => each.getNamedImports().some((named) => named.getName() === need.name));
    if (!isKnown) out.needImport({ into: path, ...need });
  }
}

function topLevelOf(node: Node): Node {
  return [node, ...node.getAncestors()].find((each) => Node.isSourceFile(each.getParent())) ?? node;
}

function placeInFile(context: Context, text: ExtractedText): void {
  const { extraction, placement, out } = context;
  insertBehind(
    out,
    topLevelOf(extraction.request.owner),
    declarationText(text, { modifiers: '', doc: placement.doc, indent: '' }),
  );
  importInto(context, sourceOf(extraction).getFilePath(), text.names);
}

function movedText(moved: MovedStatement): string {
  const { statement } = moved;
  const full = statement.getSourceFile().getFullText();
  const [start, end] = rangeWithComments([statement]);
  const own = statement.getStart();
  return `${full.slice(start, own)}${moved.shared ? 'export ' : ''}${full.slice(own, end)}`;
}

function moveAlong({ extraction, placement, out, workspace }: Context, needs: ModuleNeeds): void {
  const source = sourceOf(extraction);
  for (const moved of needs.moved) {
    const [start, end] = rangeWithComments([moved.statement]);
    out.edit(source.getFilePath(), [lineStart(source.getFullText(), start), pastBlankLines(source.getFullText(), end)], '');
    for (const name of moved.names) {
      out.claim({
        kind: 'moved',
        name,
        from: workspace.relative(source.getFilePath()),
        to: workspace.relative(placement.target),
      });
      if (moved.shared)
        out.needImport({ into: source.getFilePath(), name, from: placement.target, typeOnly: isType(moved.statement) });
    }
  }
}

function isType(node: Node): boolean {
  return Node.isInterfaceDeclaration(node) || Node.isTypeAliasDeclaration(node);
}

/** The imports of a new module, under its first sentence. */
function importLines({ workspace, placement }: Context, needs: ModuleNeeds): string {
  const bySpecifier = new Map<string, { name: string; alias: undefined; typeOnly: boolean }[]>();
  for (const need of needs.imports) {
    const specifier = specifierFor(workspace, placement.target, need.from);
    bySpecifier.set(specifier, [
      ...(bySpecifier.get(specifier) ?? []),
      { name: need.name, alias: undefined, typeOnly: need.typeOnly },
    ]);
  }
  const sorted = [...bySpecifier].toSorted(([a], [b]) => (sortsBefore(a, b) ? -1 : 1));
  return sorted
    .map(
      ([specifier, named]) =>
        `${printImport({ named, specifier, quote: "'", semicolon: true, width: LINE_WIDTH, sort: true })}\n`,
    )
    .join('');
}

function placeInModule(context: Context, text: ExtractedText): void {
  const { extraction, placement, out, workspace } = context;
  const source = sourceOf(extraction);
  const needs = moduleNeeds({ source, target: placement.target, leaving: extraction.pieces }, text.names);
  requireNoCycle(context, needs);
  const code = declarationText(text, { modifiers: 'export ', doc: placement.doc, indent: '' });
  const all = [...needs.moved.map(movedText), code].join('\n\n');
  const existing = workspace.textOf(placement.target);
  if (existing === undefined) {
    const head = placement.moduleDoc === undefined ? '' : `${docComment(placement.moduleDoc)}\n`;
    const imports = importLines(context, needs);
    out.createFile(placement.target, `${head}${imports}${head + imports === '' ? '' : '\n'}${all}\n`);
  } else {
    requireFreeIn(context, needs);
    out.insert(
      placement.target,
      existing.length,
      `${existing.endsWith('\n') || existing === '' ? '' : '\n'}${existing === '' ? '' : '\n'}${all}\n`,
    );
    for (const need of needs.imports) out.needImport({ into: placement.target, ...need });
  }
  moveAlong(context, needs);
  out.needImport({ into: source.getFilePath(), name: extraction.request.name, from: placement.target, typeOnly: false });
}

/** The target must not give another meaning to a name the code brings along. */
function requireFreeIn({ workspace, placement, out }: Context, needs: ModuleNeeds): void {
  const file = workspace.sourceFile(placement.target);
  const here = new Map(
    nameUses([file])
      .filter((use) => use.declares || Node.isImportSpecifier(use.declaration))
      .map((use) => [use.identifier.getText(), use]),
  );
  for (const name of [...needs.moved.flatMap((moved) => moved.names), ...needs.imports.map((need) => need.name)]) {
    const known = here.get(name);
    if (
      known === undefined ||
      Node.isImportSpecifier(known.declaration) ||
      !Node.isSourceFile(topLevelOf(known.declaration).getParent())
    )
      continue;
    out.refuse(
      'REFIT_EXTRACT_NAME_CLASH',
      known.identifier,
      `${workspace.relative(placement.target)} declares another ${name}. Rename one of them, or extract into another module.`,
    );
  }
}

function requireNoCycle({ workspace, extraction, placement, out }: Context, needs: ModuleNeeds): void {
  const source = sourceOf(extraction);
  const path = source.getFilePath();
  const values = needs.imports.filter((need) => !need.typeOnly && need.from.startsWith('/')).map((need) => need.from);
  const loads = currentLoads(workspace);
  const back = [placement.target, ...values].find((from) => chainOf(from, path, loads) !== undefined);
  if (back !== undefined) {
    out.refuse(
      'REFIT_EXTRACT_CYCLE',
      extraction.request.owner,
      `${workspace.relative(placement.target)} would load ${workspace.relative(path)}, which will import it: a cycle (through ${workspace.relative(back)}). Extract into a module that ${workspace.relative(path)} does not depend on.`,
    );
  }
  out.holds('no import cycle is evaluated', `${workspace.relative(placement.target)} does not load ${workspace.relative(path)}`);
  if (needs.backReferences.length === 0) return;
  const types = needs.backReferences.join(', ');
  out.finding(
    'note',
    source,
    `${workspace.relative(placement.target)} imports the types ${types} back: a cycle of types only. Move them to a module of their own first to avoid it.`,
  );
}

/** Shared state read on both sides of the new call: an awaited call takes one more turn of the microtask queue. */
function reportTurn({ extraction, out }: Context): void {
  const [first] = extraction.control.awaits;
  if (first === undefined) return;
  const fields = [
    ...new Set(
      extraction.control.thisUses.flatMap((use) =>
        Node.isPropertyAccessExpression(use.getParent()) ? [use.getParent()?.getText() ?? ''] : [],
      ),
    ),
  ];
  const shared = fields.length === 0 ? '' : ` Fields it shares with its caller: ${fields.join(', ')}.`;
  out.finding('note', first, `${extraction.request.name} waits, so its caller goes on one turn later than before.${shared}`);
}

/** What stands in front of the signature, and how far in. */
function headOf({ extraction, placement }: Context): { readonly modifiers: string; readonly indent: string } {
  const { owner } = extraction.request;
  if (!extraction.asMethod)
    return { modifiers: placement.target === sourceOf(extraction).getFilePath() ? '' : 'export ', indent: '' };
  const isStatic = Node.isStaticable(owner) && owner.isStatic();
  return {
    modifiers: `private ${isStatic ? 'static ' : ''}`,
    indent: indentAt(sourceOf(extraction).getFullText(), owner.getStart()),
  };
}

/** Fills `out` with the extraction. */
export function proposeExtraction(context: Context): void {
  const { extraction, placement, out, workspace } = context;
  const { request, control } = extraction;
  const source = sourceOf(extraction);
  const text = extractedText(extraction, headOf(context));
  const { declares } = text.call;
  const line = declares === undefined ? undefined : lineOfName(source, declares);
  if (line !== undefined) {
    out.refuse(
      'REFIT_EXTRACT_NAME_CLASH',
      { path: source.getFilePath(), line },
      `The call needs the name ${declares ?? ''}, which is taken here. Choose another \`name\`.`,
    );
  }
  const inputs = extraction.parameters.map((parameter) => parameter.argument).join(', ') || 'nothing';
  out.holds('everything the range reads from its function is a parameter', inputs);
  out.holds(
    'everything read after the range is a result',
    extraction.outputs.map((output) => output.name).join(', ') || 'nothing',
  );
  out.holds(
    'no variable that a closure shares is copied',
    `${String(extraction.flow.inputs.length + extraction.flow.outputs.length)} variables looked at`,
  );
  const exits = control.exits.map((exit) => `${exit.kind} on line ${String(exit.node.getStartLineNumber())}`).join(', ');
  out.holds('control leaves the range at its end, by an exception, or as the result says', exits || 'no other exits');
  if (extraction.asMethod) placeInClass(context, text);
  else if (placement.target === source.getFilePath()) placeInFile(context, text);
  else placeInModule(context, text);
  removeEarlier(context);
  replaceLast(context, text.call);
  reportTurn(context);
  const to = workspace.relative(extraction.asMethod ? source.getFilePath() : placement.target);
  out.claim({ kind: 'extracted', name: request.name, from: workspace.relative(source.getFilePath()), to });
}
