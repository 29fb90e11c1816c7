// Random functions over three variables, with branches, loops, early exits and closures, for extracting ranges from.
import fc from 'fast-check';

interface Use {
  readonly kind: 'use';
  readonly as: 'declare' | 'out' | 'return' | 'throw' | 'closure';
  readonly from: string;
}

type Statement =
  | { readonly kind: 'assign'; readonly to: string; readonly from: string }
  | Use
  | { readonly kind: 'if'; readonly of: string; readonly yes: readonly Statement[]; readonly other: readonly Statement[] }
  | { readonly kind: 'loop'; readonly body: readonly Statement[]; readonly exit: 'break' | 'continue' | 'none' }
  | { readonly kind: 'try'; readonly body: readonly Statement[]; readonly handler: readonly Statement[] };

export interface RandomFunction {
  readonly statements: readonly Statement[];
  /** The variable it returns: the others matter only where they are used. */
  readonly result: string;
  readonly pick: number;
  readonly print: (name: string) => string;
}

const variable = fc.constantFrom('a', 'b', 'c');

const simple: fc.Arbitrary<Statement> = fc.oneof(
  fc.record({ kind: fc.constant('assign' as const), to: variable, from: variable }),
  fc.record({ kind: fc.constant('use' as const), as: fc.constantFrom('declare' as const, 'out' as const), from: variable }),
);

const { statement } = fc.letrec<{ statement: Statement; block: readonly Statement[] }>((tie) => ({
  block: fc.array(tie('statement'), { minLength: 1, maxLength: 3 }),
  statement: fc.oneof(
    { depthSize: 'small', maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: simple },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('use' as const),
        as: fc.constantFrom('return' as const, 'throw' as const, 'closure' as const),
        from: variable,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('if' as const), of: variable, yes: tie('block'), other: tie('block') }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('loop' as const),
        body: tie('block'),
        exit: fc.constantFrom('break' as const, 'continue' as const, 'none' as const),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('try' as const), body: tie('block'), handler: tie('block') }) },
  ),
}));

/** Numbers every statement, so that its first tokens are its own, and notes where ranges may start and end. */
class Printer {
  #next = 0;
  readonly starts: string[][] = [];

  block(statements: readonly Statement[], indent: string): string {
    const starts: string[] = [];
    const text = statements
      .map((each) => {
        this.#next += 1;
        const printed = this.#print(each, String(this.#next), indent);
        starts.push(printed.start);
        return `${indent}${printed.text}\n`;
      })
      .join('');
    this.starts.push(starts);
    return text;
  }

  #print(each: Statement, n: string, indent: string): { readonly start: string; readonly text: string } {
    const inner = `${indent}  `;
    if (each.kind === 'assign') return whole(`${each.to} = ${each.from} + ${n};`);
    if (each.kind === 'use') return printUse(each, n);
    if (each.kind === 'if') {
      const start = `if (${each.of} > ${n})`;
      return {
        start,
        text: `${start} {\n${this.block(each.yes, inner)}${indent}} else {\n${this.block(each.other, inner)}${indent}}`,
      };
    }
    if (each.kind === 'try') {
      const start = `try { out(${n});`;
      return {
        start,
        text: `${start}\n${this.block(each.body, inner)}${indent}} catch {\n${this.block(each.handler, inner)}${indent}}`,
      };
    }
    const start = `for (let i${n} = 0;`;
    const exit = each.exit === 'none' ? '' : `${inner}if (b % 3 === i${n}) ${each.exit};\n`;
    return { start, text: `${start} i${n} < 2; i${n}++) {\n${exit}${this.block(each.body, inner)}${indent}}` };
  }
}

function whole(text: string): { readonly start: string; readonly text: string } {
  return { start: text, text };
}

function printUse(each: Use, n: string): { readonly start: string; readonly text: string } {
  if (each.as === 'declare') return { start: `const d${n} =`, text: `const d${n} = ${each.from} * ${n}; out(d${n});` };
  if (each.as === 'out') return whole(`out(${n} + ${each.from});`);
  if (each.as === 'throw') return whole(`if (${each.from} % 2 === ${String(Number(n) % 2)}) throw new Error('${n}');`);
  if (each.as === 'closure')
    return { start: `const g${n} =`, text: `const g${n} = () => ${each.from} + ${n}; later.push(g${n});` };
  // `n > 0` is not known to be true: the compiler takes what follows for reachable.
  return whole(`if (${each.from} % ${n} === 0) return ${n};`);
}

function printFunction(
  { statements, result }: Pick<RandomFunction, 'statements' | 'result'>,
  name: string,
): { readonly text: string; readonly starts: readonly (readonly string[])[] } {
  const printer = new Printer();
  const body = printer.block(statements, '  ');
  const head = `function ${name}(a: number, b: number, later: (() => number)[]): number {\n  let c = 1;\n`;
  // What closures see at the end is printed, and also when the function throws.
  const run = (args: string): string =>
    `{ const later: (() => number)[] = []; try { out(${name}(${args}, later)); } catch (error) { out(String(error)); } out(later.map((each) => each())); }\n`;
  return { text: `${head}${body}  return ${result};\n}\n${['1, 2', '4, 3', '7, 6'].map(run).join('')}`, starts: printer.starts };
}

export const randomFunction: fc.Arbitrary<RandomFunction> = fc
  .record({ statements: fc.array(statement, { minLength: 2, maxLength: 5 }), result: variable, pick: fc.nat() })
  .map((parts) => ({ ...parts, print: (name) => printFunction(parts, name).text }));

/** Every range of neighbouring statements, at every depth. */
export function rangesOf(each: RandomFunction): readonly { readonly first: string; readonly last: string }[] {
  const { starts } = printFunction(each, 'f');
  return starts.flatMap((block) => block.flatMap((first, at) => block.slice(at).map((last) => ({ first, last }))));
}
