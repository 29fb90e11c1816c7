// Prints import declarations and orders their specifiers.

export interface NamedImport {
  readonly name: string;
  readonly alias: string | undefined;
  readonly typeOnly: boolean;
}

export interface ImportText {
  readonly defaultName?: string | undefined;
  readonly namespaceName?: string | undefined;
  readonly named: readonly NamedImport[];
  readonly specifier: string;
  readonly quote: string;
  readonly semicolon: boolean;
  /** Columns a line may have. */
  readonly width: number;
  /** Whether the names are put in order (when one was added) or left as they stand. */
  readonly sort: boolean;
  /** Whether a default or namespace import is one of a type. */
  readonly typeOnly?: boolean;
}

function printed(named: NamedImport, whole: boolean): string {
  const alias = named.alias === undefined ? '' : ` as ${named.alias}`;
  return `${named.typeOnly && !whole ? 'type ' : ''}${named.name}${alias}`;
}

/** An import declaration, on one line when it fits, else one name a line. */
export function printImport(text: ImportText): string {
  const allTypes = text.named.length > 0 && text.named.every((each) => each.typeOnly) && text.defaultName === undefined;
  const whole = text.typeOnly === true || allTypes;
  const order = (a: NamedImport, b: NamedImport): number => a.name.toLowerCase().localeCompare(b.name.toLowerCase(), 'en');
  const names = (text.sort ? text.named.toSorted(order) : text.named).map((each) => printed(each, whole));
  const end = ` from ${text.quote}${text.specifier}${text.quote}${text.semicolon ? ';' : ''}`;
  const start = `import ${whole ? 'type ' : ''}`;
  const others = [text.defaultName, text.namespaceName === undefined ? undefined : `* as ${text.namespaceName}`].filter(
    (each) => each !== undefined,
  );
  const parts = (list: string): string => [...others, ...(names.length > 0 ? [list] : [])].join(', ');
  const line = `${start}${parts(`{ ${names.join(', ')} }`)}${end}`;
  if (line.length <= text.width || names.length < 2) return line;
  return `${start}${parts(`{\n${names.map((name) => `  ${name},\n`).join('')}}`)}${end}`;
}

/** `node:` modules, then packages, then relative ones from the furthest folder to the nearest. */
function rankOf(specifier: string): readonly [kind: number, depth: number] {
  if (specifier.startsWith('node:')) return [0, 0];
  if (!specifier.startsWith('.')) return [1, 0];
  return [2, -specifier.split('../').length];
}

/** Whether the import of `a` stands above that of `b`. */
export function sortsBefore(a: string, b: string): boolean {
  const [kindA, depthA] = rankOf(a);
  const [kindB, depthB] = rankOf(b);
  if (kindA !== kindB) return kindA < kindB;
  if (depthA !== depthB) return depthA < depthB;
  return a.toLowerCase() < b.toLowerCase();
}
