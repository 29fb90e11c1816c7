// Codemod: extract-function
//
// Takes a range of statements, or one expression, out of a function and calls a new function or method in its place.
//
// The range is named by the code it starts with: `first` and `last` are how its first and last statement start, `expression`
// is an expression (or how it starts); blanks, line breaks and quotes do not matter. Parameters are what the range reads from
// its function; results are what is read after it: none, one value, or an object of several. `parameters` names and orders
// them: the value of each entry is a variable, or an expression that the caller evaluates for the call, which must then run as
// often and in the same order as before. `this.field` of a readonly field becomes a parameter; any other `this` makes the
// function a private method. Narrowed types stay narrowed, type parameters go along. The function is async exactly when the
// range waits, and then the call waits, one turn longer than before (a finding). With `to` the function goes to that module,
// its imports too, and private declarations only it uses.
//
// with { "file": "example.ts", "in": "total", "first": "const net", "last": "const tax", "name": "priceOf", "doc": "Net price and tax." }
// ```ts
// export function total(amount: number, price: number): number {
//   // without discount
//   const net = amount * price;
//   const tax = net * 0.2;
//   return net + tax;
// }
// ```
// ->
// ```ts
// export function total(amount: number, price: number): number {
//   const { net, tax } = priceOf(amount, price);
//   return net + tax;
// }
//
// /** Net price and tax. */
// function priceOf(amount: number, price: number): { net: number; tax: number } {
//   // without discount
//   const net = amount * price;
//   const tax = net * 0.2;
//
//   return { net, tax };
// }
// ```
//
// An early `return`, `break` or `continue` becomes a structured result (`exits: 'refuse'` refuses it instead); a range that
// ends by returning is called with `return`.
//
// with { "file": "example.ts", "in": "Cart.add", "first": "if (amount", "last": "const cost", "name": "costOf" }
// ```ts
// export class Cart {
//   private sum = 0;
//
//   constructor(private readonly price: number) {}
//
//   add(amount: number): string {
//     if (amount < 1) return 'nothing';
//     const cost = amount * this.price;
//     this.sum += cost;
//     return String(this.sum);
//   }
// }
// ```
// ->
// ```ts
// export class Cart {
//   private sum = 0;
//
//   constructor(private readonly price: number) {}
//
//   add(amount: number): string {
//     const costOfResult = costOf(amount, this.price);
//     if (costOfResult.kind === 'return') return costOfResult.value;
//     const { cost } = costOfResult;
//     this.sum += cost;
//     return String(this.sum);
//   }
// }
//
// function costOf(amount: number, price: number): { kind: 'return'; value: string } | { kind: 'next'; cost: number } {
//   if (amount < 1) return { kind: 'return', value: 'nothing' };
//   const cost = amount * price;
//   return { kind: 'next', cost };
// }
// ```
//
// To another module, with a narrowed parameter.
//
// with { "file": "event.ts", "in": "describe", "expression": "LABELS.get(event.code) ?? 'code '", "name": "labelOf",
//   "to": "label.ts", "moduleDoc": "Labels of events." }
// ```ts
// // ---- event.ts
// export type Event = { kind: 'coded'; code: number } | { kind: 'plain'; text: string };
//
// /** Codes that have a name. */
// const LABELS: ReadonlyMap<number, string> = new Map([[1, 'started']]);
//
// export function describe(event: Event): string {
//   if (event.kind === 'plain') return event.text;
//   return LABELS.get(event.code) ?? 'code ' + event.code;
// }
// ```
// ->
// ```ts
// // ---- event.ts
// import { labelOf } from './label.js';
//
// export type Event = { kind: 'coded'; code: number } | { kind: 'plain'; text: string };
//
// export function describe(event: Event): string {
//   if (event.kind === 'plain') return event.text;
//   return labelOf(event);
// }
// // ---- label.ts
// /** Labels of events. */
// import type { Event } from './event.js';
//
// /** Codes that have a name. */
// const LABELS: ReadonlyMap<number, string> = new Map([[1, 'started']]);
//
// export function labelOf(event: Extract<Event, { kind: 'coded' }>): string {
//   return LABELS.get(event.code) ?? 'code ' + event.code;
// }
// ```
//
// With `difference`, a comparison of the size of the value with the size of what went in becomes a count among the results.
//
// with { "file": "example.ts", "in": "warnOf", "expression": "words.filter(", "name": "longWords",
//   "difference": { "name": "removed", "value": "kept", "comparison": "long.length !== words.length" } }
// ```ts
// export function warnOf(words: string[]): string {
//   const long = words.filter((word) => word.length > 3);
//   if (long.length !== words.length) return 'some are short';
//   return long.join(' ');
// }
// ```
// ->
// ```ts
// export function warnOf(words: string[]): string {
//   const { kept: long, removed } = longWords(words);
//   if (removed !== 0) return 'some are short';
//   return long.join(' ');
// }
//
// function longWords(words: string[]): { kept: string[]; removed: number } {
//   const kept = words.filter((word) => word.length > 3);
//   return { kept, removed: words.length - kept.length };
// }
// ```
//
// Refused: a closure that would see a copy of a variable (REFIT_EXTRACT_CLOSURE); `super`, `arguments`, `yield`, `new.target`,
// `using` (REFIT_EXTRACT_BOUND); a jump to a label (REFIT_EXTRACT_LABEL); an expression of `parameters` that would run too early or too
// often (REFIT_EXTRACT_LIFT); types declared in the function (REFIT_EXTRACT_LOCAL_TYPE); for another module also state
// (REFIT_EXTRACT_MODULE_STATE) and a cycle (REFIT_EXTRACT_CYCLE).
//
// with { "file": "example.ts", "in": "count", "first": "const read", "name": "reader" }
// ```ts
// export function count(): number {
//   let n = 1;
//   const read = (): number => n;
//   n = 2;
//   return read();
// }
// ```
// -> refused: REFIT_EXTRACT_CLOSURE
//
// Here the clock would be read before the check that can throw.
//
// with { "file": "example.ts", "in": "save", "first": "if (name", "last": "return", "name": "keyOf", "parameters": { "now": "clock()" } }
// ```ts
// declare function clock(): number;
//
// export function save(name: string): string {
//   if (name === '') throw new Error('no name');
//   return name + clock();
// }
// ```
// -> refused: REFIT_EXTRACT_LIFT
import { type CodeSelector, functionNamed, selectCode } from './analysis/code-selector.ts';
import { extractionOf } from './analysis/extraction.ts';
import { isExtracted } from './analysis/extraction-done.ts';
import { requireLiftsKeepOrder } from './analysis/lifted-arguments.ts';
import { proposeExtraction } from './analysis/propose-extraction.ts';
import { type DifferenceOption, sizeDifference } from './analysis/size-difference.ts';
import type { Codemod } from './kernel/codemod.ts';

export interface ExtractFunctionOptions extends CodeSelector {
  readonly file: string;
  /** The function around the range: `f` or `Class.method`. */
  readonly in: string;
  readonly name: string;
  readonly as?: 'function' | 'method';
  readonly to?: string;
  readonly doc?: string;
  readonly moduleDoc?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly results?: Readonly<Record<string, string>>;
  readonly difference?: DifferenceOption;
  readonly exits?: 'structured' | 'refuse';
}

export const extractFunction: Codemod<ExtractFunctionOptions> = {
  name: 'extract-function',
  options: {
    file: { kind: 'text', required: true, help: 'the file the range is in' },
    in: { kind: 'text', required: true, help: 'the function around the range: f or Class.method' },
    name: { kind: 'text', required: true, help: 'the name of the new function' },
    first: { kind: 'text', help: 'how the first statement of the range starts' },
    last: { kind: 'text', help: 'how its last statement starts; default: the first one alone' },
    expression: { kind: 'text', help: 'instead of statements: the expression, or how it starts' },
    as: { kind: 'text', help: 'function or method; default: a method where `this` is needed' },
    to: { kind: 'text', help: 'the module the function goes to; default: the same file' },
    doc: { kind: 'text', help: 'the doc comment of the function' },
    moduleDoc: { kind: 'text', help: 'the first comment of the module, where it is new' },
    parameters: { kind: 'data', help: 'names of parameters in order, each with the variable or expression it stands for' },
    results: { kind: 'data', help: 'names of results, each with the variable it is' },
    difference: { kind: 'data', help: 'name, value, comparison: a comparison of sizes that becomes a count among the results' },
    exits: { kind: 'text', help: 'structured (default) or refuse: what becomes of an early return, break or continue' },
  },
  propose(workspace, options, out) {
    const owner = functionNamed(workspace.sourceFile(options.file), options.in);
    const target = workspace.absolute(options.to ?? options.file);
    if (isExtracted({ workspace, owner, name: options.name, target, out })) return;
    const part = selectCode(owner, options);
    const extraction = extractionOf({
      name: options.name,
      owner,
      parts: [part],
      kind: options.as ?? (options.to === undefined ? undefined : 'function'),
      parameters: options.parameters ?? {},
      results: options.results ?? {},
      structuredExits: options.exits !== 'refuse',
      difference: options.difference === undefined ? undefined : sizeDifference(owner, part, options.difference),
    });
    requireLiftsKeepOrder(extraction, out);
    proposeExtraction({ workspace, extraction, placement: { target, doc: options.doc, moduleDoc: options.moduleDoc }, out });
  },
};
