// Checks a value against the part of JSON Schema that our published schemas use; an unknown keyword is refused.

type Schema = Readonly<Record<string, unknown>>;

const annotations: ReadonlySet<string> = new Set(['$schema', '$id', 'title', 'description']);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function faultOf(keyword: string, rule: unknown, value: unknown): boolean {
  if (keyword === 'type')
    return !list(rule).some((type) => type === typeOf(value) || (type === 'number' && typeOf(value) === 'integer'));
  if (keyword === 'const') return value !== rule;
  if (keyword === 'enum') return !list(rule).includes(value);
  if (keyword === 'minimum') return typeof value === 'number' && value < Number(rule);
  if (keyword === 'pattern') return typeof value === 'string' && !new RegExp(String(rule)).test(value);
  if (keyword === 'required') return isSchema(value) && list(rule).some((key) => !(String(key) in value));
  return !annotations.has(keyword);
}

function below(schema: Schema, value: unknown, at: string): readonly string[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return isSchema(items) ? value.flatMap((each: unknown, index) => schemaFaults(items, each, `${at}[${index}]`)) : [];
  }
  if (!isSchema(value)) return [];
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  return Object.entries(value).flatMap(([key, each]) => {
    const property = properties[key];
    if (isSchema(property)) return schemaFaults(property, each, `${at}.${key}`);
    return schema['additionalProperties'] === false ? [`${at}.${key} is not allowed`] : [];
  });
}

const structural: ReadonlySet<string> = new Set(['properties', 'items', 'additionalProperties']);

/** What is wrong with `value`, place by place; nothing when it fits. */
export function schemaFaults(schema: Schema, value: unknown, at = '$'): readonly string[] {
  const own = Object.entries(schema).filter(([keyword]) => !structural.has(keyword));
  const faults = own.filter(([keyword, rule]) => faultOf(keyword, rule, value)).map(([keyword]) => `${at} breaks ${keyword}`);
  return [...faults, ...below(schema, value, at)];
}
