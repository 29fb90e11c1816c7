// From differences of clones to the fields of a descriptor: values where nothing can tell when they are computed, closures elsewhere.
import { type Expression, Node, type ObjectLiteralExpression, type Statement } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { indentAt } from '../kernel/text-positions.ts';
import { type Difference, isLiteralPlace } from './anti-unify.ts';
import { cellOfExpression, cellOfProperties, cellOfStatements, escapedForTemplate, leadingStart, quoted } from './clone-cells.ts';
import { type HoleParameter, holeParameters } from './clone-parameters.ts';
import { type CloneScope, isStable, localsUsed } from './clone-scope.ts';
import type { TypeTable } from './clone-types.ts';
import {
  callOf,
  leavingOf,
  requireSameAwaits,
  returnedValue,
  shapeRefusal,
  skeletonRefusal,
  statementCall,
} from './clone-callbacks.ts';
import { controlExits } from './control-exits.ts';
import { type TypeText, typeText } from './type-text.ts';

/** How a plan names a hole. */
export interface HoleName {
  readonly name: string;
  /** One sentence for the field's comment. */
  readonly doc?: string;
}

/** A field of the descriptor: what differs from clone to clone. */
export interface Field extends HoleName {
  readonly kind: Difference['kind'];
  /** A value is computed where the helper is called; a closure runs where the code stood. */
  readonly form: 'value' | 'closure';
  readonly optional: boolean;
  readonly isAsync: boolean;
  readonly parameters: readonly HoleParameter[];
  /** The type of the value, or what the closure returns. */
  readonly type: string;
  /** What each clone fills in; undefined: nothing. */
  readonly cells: readonly (string | undefined)[];
  readonly places: readonly (readonly Node[])[];
}

/** How the helper reaches a field. */
export type Access = (field: Field) => string;

/** A change of the first clone's text that makes it the helper's. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: (access: Access) => string;
}

interface Draft {
  readonly kind: Difference['kind'];
  readonly form: Field['form'];
  readonly optional?: boolean;
  readonly isAsync?: boolean;
  readonly parameters?: readonly HoleParameter[];
  readonly type: string;
  readonly cells: readonly (string | undefined)[];
  readonly places: readonly (readonly Node[])[];
}

const defaultStems: Readonly<Record<Difference['kind'], string>> = {
  literal: 'text',
  expression: 'value',
  properties: 'fields',
  statements: 'step',
  type: 'type',
};

export class HoleTable {
  readonly fields: Field[] = [];
  readonly replacements: Replacement[] = [];
  readonly #scopes: readonly CloneScope[];
  readonly #types: TypeTable;
  readonly #wanted: readonly HoleName[];

  constructor(scopes: readonly CloneScope[], types: TypeTable, wanted: readonly HoleName[]) {
    this.#scopes = scopes;
    this.#types = types;
    this.#wanted = wanted;
  }

  /** Type holes first: the types of the other holes are written with their parameters. */
  encode(differences: readonly Difference[]): void {
    for (const each of differences) if (each.kind === 'type') this.#type(each.cells);
    for (const each of differences) {
      if (each.kind === 'literal') this.#literal(each);
      else if (each.kind === 'expression') this.#expression(each.cells);
      else if (each.kind === 'properties') this.#properties(each);
      else if (each.kind === 'statements') this.#statements(each);
    }
  }

  /** The field for a draft; one that all clones fill in the same way as another is that other. */
  #field(draft: Draft): Field {
    const same = this.fields.find(
      (each) =>
        each.form === draft.form &&
        each.kind === draft.kind &&
        each.type === draft.type &&
        each.cells.every((cell, at) => cell === draft.cells[at]),
    );
    if (same !== undefined) return same;
    const wanted = this.#wanted[this.fields.length];
    const ordinal = this.fields.filter((each) => each.kind === draft.kind).length + 1;
    const name = wanted?.name ?? `${defaultStems[draft.kind]}${ordinal === 1 ? '' : String(ordinal)}`;
    const doc = wanted?.doc === undefined ? {} : { doc: wanted.doc };
    const field: Field = { optional: false, isAsync: false, parameters: [], ...draft, name, ...doc };
    this.fields.push(field);
    return field;
  }

  #replace(start: number, end: number, text: Replacement['text']): void {
    this.replacements.push({ start, end, text });
  }

  #type(cells: readonly Node[]): void {
    const [base] = cells;
    if (base === undefined) return;
    const parameter = this.#types.parameterFor(cells.map((cell) => cell.getText()));
    this.#replace(base.getStart(), base.getEnd(), () => parameter.name);
  }

  #literal({ cells, chunks }: Extract<Difference, { kind: 'literal' }>): void {
    const [base] = cells;
    if (base === undefined) return;
    const places = cells.map((cell) => [cell]);
    const fields = chunks.map((parts) =>
      parts.map((part) =>
        typeof part === 'string'
          ? part
          : this.#field({ kind: 'literal', form: 'value', type: 'string', cells: part.map(quoted), places }),
      ),
    );
    const spans = Node.isTemplateExpression(base) ? base.getTemplateSpans().map((span) => span.getExpression()) : [];
    const only = fields.length === 1 && fields[0]?.length === 1 ? fields[0][0] : undefined;
    if (only !== undefined && typeof only !== 'string') {
      this.#replace(base.getStart(), base.getEnd(), (access) => access(only));
      return;
    }
    let from = base.getStart();
    for (const [at, parts] of fields.entries()) {
      const span = spans[at];
      const opens = at === 0 ? '`' : '}';
      const closes = span === undefined ? '`' : '${';
      const end = span === undefined ? base.getEnd() : span.getStart();
      const print = (access: Access): string =>
        parts.map((part) => (typeof part === 'string' ? escapedForTemplate(part) : `\${${access(part)}}`)).join('');
      this.#replace(from, end, (access) => `${opens}${print(access)}${closes}`);
      from = span?.getEnd() ?? end;
    }
  }

  #parameters(cells: readonly (readonly Node[])[]): readonly HoleParameter[] {
    return holeParameters(
      this.#scopes.map((scope, at) => ({ scope, nodes: cells[at] ?? [] })),
      this.#types,
    );
  }

  #isStable(cells: readonly (readonly Node[])[]): boolean {
    return this.#scopes.every((scope, at) =>
      (cells[at] ?? []).every((node) => isStable(scope, node) && localsUsed(scope, [node]).length === 0),
    );
  }

  #expression(cells: readonly Expression[]): void {
    const [base] = cells;
    if (base === undefined) return;
    const places = cells.map((cell) => [cell]);
    const awaits = cells.find((cell) => controlExits([cell]).awaits.length > 0);
    if (awaits !== undefined) throw skeletonRefusal(awaits, 'an `await` stands inside an expression that differs');
    if (this.#isStable(places) && !cells.some((cell, at) => isMadeRepeatedly(cell, this.#scopes[at]))) {
      const field = this.#field({
        kind: 'expression',
        form: 'value',
        type: this.#valueType(cells),
        cells: cells.map((cell) => cellOfExpression(cell, undefined)),
        places,
      });
      this.#replace(base.getStart(), base.getEnd(), (access) => access(field));
      return;
    }
    const parameters = this.#parameters(places);
    const texts = cells.map((cell, clone) => cellOfExpression(cell, { parameters, clone, isAsync: false }));
    const field = this.#field({
      kind: 'expression',
      form: 'closure',
      parameters,
      type: this.#resultType(cells),
      cells: texts,
      places,
    });
    this.#replace(base.getStart(), base.getEnd(), (access) => callOf(access(field), field));
  }

  #valueType(cells: readonly Expression[]): string {
    if (cells.some(isLiteralPlace)) return this.#union(cells.map((cell) => typeText(cell.getType(), cell)));
    const widened = cells.map((cell) => typeText(cell.getType().getBaseTypeOfLiteralType(), cell));
    return this.#types.generalise(widened, false) ?? this.#contextType(cells) ?? this.#union(widened);
  }

  #resultType(cells: readonly Expression[]): string {
    const context = Node.isAwaitExpression(cells[0]?.getParent()) ? undefined : this.#contextType(cells);
    if (context !== undefined) return context;
    return (
      this.#types.generalise(
        cells.map((cell) => typeText(cell.getType().getBaseTypeOfLiteralType(), cell)),
        true,
      ) ?? 'unknown'
    );
  }

  /** What the place asks for, when it is the same in all clones and says anything. */
  #contextType(cells: readonly Expression[]): string | undefined {
    const types = cells.map((cell) => cell.getContextualType());
    const known = types.filter((type) => type !== undefined && !type.isAny() && !type.isTypeParameter());
    if (known.length < cells.length) return undefined;
    const texts = cells.flatMap((cell, at) => {
      const type = known[at];
      return type === undefined ? [] : [typeText(type, cell)];
    });
    return this.#types.generalise(texts, false);
  }

  #union(types: readonly TypeText[]): string {
    return [...new Set(types.map((type) => this.#types.note(type)))].join(' | ');
  }

  #properties({ cells, literals, anchor }: Extract<Difference, { kind: 'properties' }>): void {
    const base = literals[0];
    const file = this.#scopes[0]?.clone.file;
    if (base === undefined || file === undefined || anchor.offset < 0) throw shapeRefusal(base);
    const stable = this.#isStable(cells);
    const parameters = stable ? [] : this.#parameters(cells);
    const optional = cells.some((cell) => cell.length === 0);
    const texts = cells.map((cell, clone) =>
      cell.length === 0 ? undefined : cellOfProperties(cell, stable ? undefined : { parameters, clone, isAsync: false }),
    );
    const type = this.#fieldsType(literals.filter(Node.isObjectLiteralExpression), cells);
    const field = this.#field({
      kind: 'properties',
      form: stable ? 'value' : 'closure',
      optional,
      parameters,
      type,
      cells: texts,
      places: cells,
    });
    const spread = (access: Access): string => `...${stable ? access(field) : callOf(access(field), field)}`;
    const own = cells[0] ?? [];
    const first = own[0];
    const separator =
      base.getStartLineNumber() === base.getEndLineNumber() ? ', ' : `,\n${indentAt(file.getFullText(), anchor.offset)}`;
    if (first !== undefined) this.#replace(first.getStart(), own.at(-1)?.getEnd() ?? first.getEnd(), spread);
    else if (anchor.hasNext) this.#replace(anchor.offset, anchor.offset, (access) => `${spread(access)}${separator}`);
    else this.#replace(anchor.offset, anchor.offset, (access) => `${separator}${spread(access)}`);
  }

  /** What the place asks for when it takes any properties, else what the clones give. */
  #fieldsType(literals: readonly ObjectLiteralExpression[], cells: readonly (readonly Node[])[]): string {
    const context = literals[0]?.getContextualType();
    if (context?.getStringIndexType() !== undefined) return this.#contextType(literals) ?? 'object';
    const shapes = cells.flatMap((cell) => {
      const members = cell.flatMap((node) => {
        if (!Node.isPropertyAssignment(node) && !Node.isShorthandPropertyAssignment(node)) return [];
        const value = Node.isPropertyAssignment(node) ? node.getInitializerOrThrow() : node.getNameNode();
        return [
          `readonly ${node.getNameNode().getText()}: ${this.#types.note(typeText(value.getType().getBaseTypeOfLiteralType(), value))}`,
        ];
      });
      return members.length === 0 ? [] : [`{ ${members.join('; ')} }`];
    });
    return [...new Set(shapes)].join(' | ');
  }

  #statements({ cells, anchor }: Extract<Difference, { kind: 'statements' }>): void {
    const file = this.#scopes[0]?.clone.file;
    if (file === undefined || anchor.offset < 0) throw shapeRefusal(cells.flat()[0]);
    for (const [at, cell] of cells.entries()) this.#requireClosed(cell, at);
    const leaving = leavingOf(cells);
    const parameters = this.#parameters(cells);
    const isAsync = requireSameAwaits(cells);
    const optional = cells.some((cell) => cell.length === 0);
    const texts = cells.map((cell, clone) =>
      cell.length === 0 ? undefined : cellOfStatements(cell, { parameters, clone, isAsync, leaving }),
    );
    const answer = { 'at its end': 'void', never: 'never', early: 'boolean' }[leaving];
    if (isAsync && leaving === 'never')
      throw skeletonRefusal(cells.flat()[0], 'statements that differ wait and then always throw');
    const type = isAsync ? `Promise<${answer}>` : answer;
    const field = this.#field({
      kind: 'statements',
      form: 'closure',
      optional,
      isAsync,
      parameters,
      type,
      cells: texts,
      places: cells,
    });
    const value = leaving === 'early' ? returnedValue(cells) : undefined;
    const call = (access: Access): string => statementCall(access(field), field, value);
    const own = cells[0] ?? [];
    const first = own[0];
    const indent = indentAt(file.getFullText(), anchor.offset);
    if (first !== undefined) this.#replace(leadingStart(first), own.at(-1)?.getEnd() ?? first.getEnd(), call);
    else if (anchor.hasNext) this.#replace(anchor.offset, anchor.offset, (access) => `${call(access)}\n${indent}`);
    else this.#replace(anchor.offset, anchor.offset, (access) => `\n${indent}${call(access)}`);
  }

  /** Statements that become a closure must not leave the code around them, nor declare what it uses. */
  #requireClosed(cell: readonly Statement[], clone: number): void {
    const [first] = cell;
    const scope = this.#scopes[clone];
    if (first === undefined || scope === undefined) return;
    const jump = controlExits(cell).exits.find((exit) => exit.kind !== 'return');
    if (jump !== undefined) throw skeletonRefusal(jump.node, `a \`${jump.kind}\` stands in statements that only this clone has`);
    const declared = new Set(
      scope.uses.filter((use) => use.declares && cell.some((node) => isInside(use.declaration, node))).map((use) => use.symbol),
    );
    const leak = scope.uses.find((use) => declared.has(use.symbol) && !cell.some((node) => isInside(use.identifier, node)));
    if (leak === undefined) return;
    const message = `${leak.baseName} is declared in statements that the clones do not share and used behind them. Take its declaration out of the range.`;
    throw new Refusal('REFIT_MERGE_SKELETON', message, placeOf(leak.identifier));
  }
}

/** An object, list or function made in a loop or a function of the clone: each run has to make one of its own. */
function isMadeRepeatedly(cell: Expression, scope: CloneScope | undefined): boolean {
  const isMade = [cell, ...cell.getDescendants()].some(
    (node) => Node.isObjectLiteralExpression(node) || Node.isArrayLiteralExpression(node) || Node.isArrowFunction(node),
  );
  const own = cell.getAncestors().filter((node) => scope?.nodes.some((outer) => isInside(node, outer)));
  return (
    isMade &&
    own.some((node) => Node.isIterationStatement(node) || Node.isFunctionLikeDeclaration(node) || Node.isArrowFunction(node))
  );
}

function isInside(node: Node, outer: Node): boolean {
  return outer.getPos() <= node.getPos() && node.getEnd() <= outer.getEnd();
}
