// The types of a merged helper: where the clones name different types it gets type parameters.
import type { Node } from 'ts-morph';
import { parseSource, ts } from '../kernel/parse-source.ts';
import type { TypeText } from './type-text.ts';

/** A type parameter of the helper: its name and what each clone has in its place. */
export interface TypeParameter {
  readonly name: string;
  readonly cells: readonly string[];
}

interface Parsed {
  readonly source: ts.SourceFile;
  readonly node: ts.Node;
}

const defaultNames = ['T', 'U', 'V', 'W'];

function parseType(text: string): Parsed | undefined {
  const source = parseSource('type.ts', `type T = ${text};`);
  const [statement] = source.statements;
  return statement !== undefined && ts.isTypeAliasDeclaration(statement) ? { source, node: statement.type } : undefined;
}

function childrenOf(node: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
}

function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[;,] }/g, ' }')
    .trim();
}

function textOf({ source, node }: Parsed): string {
  return node.getText(source);
}

/** Collects the type parameters and the names that the helper's types need. */
export class TypeTable {
  readonly parameters: TypeParameter[] = [];
  /** Names used in types, with their declarations. */
  readonly names = new Map<string, Node>();
  readonly #wanted: readonly string[];

  constructor(wantedNames: readonly string[]) {
    this.#wanted = wantedNames;
  }

  /** The type parameter for the tuple, made when there is none. */
  parameterFor(cells: readonly string[]): TypeParameter {
    const known = this.#known(cells);
    if (known !== undefined) return known;
    const at = this.parameters.length;
    const made = { name: this.#wanted[at] ?? defaultNames[at] ?? `T${String(at)}`, cells: cells.map(plain) };
    this.parameters.push(made);
    return made;
  }

  #known(cells: readonly string[]): TypeParameter | undefined {
    return this.parameters.find((each) => each.cells.every((cell, at) => cell === plain(cells[at] ?? '')));
  }

  /** Remembers names for the imports of the file the helper goes to. */
  note(type: TypeText): string {
    for (const [name, declaration] of type.names) this.names.set(name, declaration);
    return type.text;
  }

  /** One type for what the clones call differently; undefined when that takes a new parameter and `create` is not set. */
  generalise(types: readonly TypeText[], create: boolean): string | undefined {
    const parsed = types.flatMap((type) => parseType(type.text) ?? []);
    const text = parsed.length === types.length ? this.#generalised(parsed, create) : undefined;
    if (text !== undefined) for (const type of types) this.note(type);
    return text;
  }

  #generalised(parts: readonly Parsed[], create: boolean): string | undefined {
    const texts = parts.map(textOf);
    const [base] = texts;
    if (base === undefined || texts.every((text) => plain(text) === plain(base))) return base;
    const areTypes = parts.every(({ node }) => ts.isTypeNode(node));
    const known = areTypes ? this.#known(texts) : undefined;
    if (known !== undefined) return known.name;
    const inner = this.#spliced(parts, create);
    if (inner !== undefined) return inner;
    return create && areTypes ? this.parameterFor(texts).name : undefined;
  }

  /** The first of types of the same shape, with the parts that differ replaced. */
  #spliced(parts: readonly Parsed[], create: boolean): string | undefined {
    const [first] = parts;
    const children = parts.map(({ source, node }) => childrenOf(node).map((child) => ({ source, node: child })));
    const count = children[0]?.length ?? 0;
    const alike = parts.every(({ node }) => node.kind === first?.node.kind) && children.every((each) => each.length === count);
    if (first === undefined || count === 0 || !alike) return undefined;
    let text = '';
    let from = first.node.getStart(first.source);
    for (const [at, child] of (children[0] ?? []).entries()) {
      const part = this.#generalised(
        children.flatMap((each) => each[at] ?? []),
        create,
      );
      if (part === undefined) return undefined;
      text += first.source.text.slice(from, child.node.getStart(first.source)) + part;
      from = child.node.getEnd();
    }
    return text + first.source.text.slice(from, first.node.getEnd());
  }
}
