// Codemod: split-functional-core
//
// Takes the pure code out of a function that also waits and logs: it becomes a function of its own in another module.
//
// The code is named in `parts`, in order: statements (`first`, `last`) or an `expression`. The call stands where the last part was;
// awaits, logs and whatever can throw stay where they are. An earlier part may only run later when nobody can tell: it neither
// throws nor has an effect, and reads only constants and readonly fields. `parameters` names what goes in; the value of an entry
// may be a call (a clock, a count) that the caller then makes, once, when nothing observable stood before it.
// The core is pure: no `this`, no state of a module, no clock or chance, no waiting, and calls only of the language's pure
// functions and of functions of the project that are pure themselves. A property that an interface declares is taken for data.
//
// with { "file": "shop.ts", "in": "Shop.quote", "name": "quoteOf", "to": "quote.ts", "doc": "What an order costs.",
//   "parts": [{ "first": "const base", "last": "const discount" }, { "expression": "{ customer" }],
//   "parameters": { "customer": "customer", "amount": "amount", "rate": "rate", "now": "this.clock()" } }
// ```ts
// // ---- shop.ts
// import type { Quote } from './types.ts';
//
// /** Orders from here on are large. */
// const LARGE = 100;
//
// export class Shop {
//   constructor(
//     private readonly clock: () => number,
//     private readonly log: (text: string) => void,
//     private readonly rateOf: (customer: string) => Promise<number>,
//   ) {}
//
//   async quote(customer: string, amount: number): Promise<Quote> {
//     // before the rate
//     const base = amount * 3;
//     const discount = amount >= LARGE ? 10 : 0;
//
//     const rate = await this.rateOf(customer);
//     this.log('rate is known');
//     return { customer, price: base * rate - discount, at: this.clock() };
//   }
// }
// // ---- types.ts
// export interface Quote {
//   readonly customer: string;
//   readonly price: number;
//   readonly at: number;
// }
// ```
// ->
// ```ts
// // ---- quote.ts
// import type { Quote } from './types.ts';
//
// /** Orders from here on are large. */
// const LARGE = 100;
//
// /** What an order costs. */
// export function quoteOf(customer: string, amount: number, rate: number, now: number): Quote {
//   // before the rate
//   const base = amount * 3;
//   const discount = amount >= LARGE ? 10 : 0;
//
//   return { customer, price: base * rate - discount, at: now };
// }
// // ---- shop.ts
// import { quoteOf } from './quote.ts';
// import type { Quote } from './types.ts';
//
// export class Shop {
//   constructor(
//     private readonly clock: () => number,
//     private readonly log: (text: string) => void,
//     private readonly rateOf: (customer: string) => Promise<number>,
//   ) {}
//
//   async quote(customer: string, amount: number): Promise<Quote> {
//     const rate = await this.rateOf(customer);
//     this.log('rate is known');
//     return quoteOf(customer, amount, rate, this.clock());
//   }
// }
// // ---- types.ts
// export interface Quote {
//   readonly customer: string;
//   readonly price: number;
//   readonly at: number;
// }
// ```
//
// Refused: the check can throw, and would come after the wait instead of before it.
//
// with { "file": "example.ts", "in": "load", "name": "sizeOf", "to": "size.ts",
//   "parts": [{ "first": "if (name" }, { "expression": "name.length + size" }] }
// ```ts
// export async function load(name: string, read: (name: string) => Promise<number>): Promise<number> {
//   if (name === '') throw new Error('no name');
//   const size = await read(name);
//   return name.length + size;
// }
// ```
// -> refused: REFIT_CORE_MOVES_AWAIT
//
// Refused: it is not pure.
//
// with { "file": "example.ts", "in": "stamp", "name": "stampOf", "to": "stamp.ts", "parts": [{ "expression": "name + Date.now()" }] }
// ```ts
// export function stamp(name: string): string {
//   return name + Date.now();
// }
// ```
// -> refused: REFIT_CORE_IMPURE
import { type CodeSelector, functionNamed, selectCode } from './analysis/code-selector.ts';
import { extractionOf } from './analysis/extraction.ts';
import { isExtracted } from './analysis/extraction-done.ts';
import { requireOrderKept, requirePure } from './analysis/functional-core.ts';
import { requireLiftsKeepOrder } from './analysis/lifted-arguments.ts';
import { proposeExtraction } from './analysis/propose-extraction.ts';
import type { Codemod } from './kernel/codemod.ts';

export interface SplitFunctionalCoreOptions {
  readonly file: string;
  /** The method: `f` or `Class.method`. */
  readonly in: string;
  readonly name: string;
  readonly parts: readonly [CodeSelector, ...CodeSelector[]];
  readonly to: string;
  readonly doc?: string;
  readonly moduleDoc?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly results?: Readonly<Record<string, string>>;
}

export const splitFunctionalCore: Codemod<SplitFunctionalCoreOptions> = {
  name: 'split-functional-core',
  options: {
    file: { kind: 'text', required: true, help: 'the file the method is in' },
    in: { kind: 'text', required: true, help: 'the method: f or Class.method' },
    name: { kind: 'text', required: true, help: 'the name of the pure function' },
    parts: {
      kind: 'data',
      required: true,
      help: 'its code, in order: {first, last} or {expression}; the call stands where the last part was',
    },
    to: { kind: 'text', required: true, help: 'the module the function goes to' },
    doc: { kind: 'text', help: 'the doc comment of the function' },
    moduleDoc: { kind: 'text', help: 'the first comment of the module, where it is new' },
    parameters: { kind: 'data', help: 'names of parameters in order, each with the variable or expression it stands for' },
    results: { kind: 'data', help: 'names of results, each with the variable it is' },
  },
  propose(workspace, options, out) {
    const owner = functionNamed(workspace.sourceFile(options.file), options.in);
    const target = workspace.absolute(options.to);
    if (isExtracted({ workspace, owner, name: options.name, target, out })) return;
    const [first, ...rest] = options.parts;
    const extraction = extractionOf({
      name: options.name,
      owner,
      parts: [selectCode(owner, first), ...rest.map((selector) => selectCode(owner, selector))],
      kind: 'function',
      parameters: options.parameters ?? {},
      results: options.results ?? {},
      structuredExits: true,
    });
    requirePure(extraction, out);
    requireOrderKept(extraction, out);
    requireLiftsKeepOrder(extraction, out);
    proposeExtraction({ workspace, extraction, placement: { target, doc: options.doc, moduleDoc: options.moduleDoc }, out });
  },
};
