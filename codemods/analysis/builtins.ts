// What the analysis knows about the language's own functions: which are pure, which also cannot throw.

/** Pure and total on the arguments the compiler accepts; a callback counts by what it does itself. */
const totalMembers = new Set(
  (
    'at charAt charCodeAt codePointAt concat endsWith entries every filter find findIndex findLast findLastIndex flat flatMap ' +
    'forEach get getTime has includes indexOf join keys lastIndexOf map padEnd padStart slice some split startsWith ' +
    'substring toLowerCase toReversed toSorted toUpperCase trim trimEnd trimStart values valueOf toString ' +
    'getFullYear getMonth getDate getDay getHours getMinutes getSeconds getMilliseconds getUTCFullYear getUTCMonth getUTCDate ' +
    'getUTCDay getUTCHours getUTCMinutes getUTCSeconds getUTCMilliseconds'
  ).split(' '),
);

/** Pure, but some argument makes them throw. */
const throwingMembers = new Set(
  'localeCompare match matchAll normalize reduce reduceRight repeat replace replaceAll search test exec toFixed toISOString toJSON toPrecision with toSpliced'.split(
    ' ',
  ),
);

/** They change their receiver: pure only on a value that was made here. */
const mutators = new Set('add clear copyWithin delete fill pop push reverse set setTime shift sort splice unshift'.split(' '));

const totalFunctions = new Set(
  (
    'Array.isArray Array.of Boolean Number Number.isFinite Number.isInteger Number.isNaN Number.isSafeInteger Number.parseFloat Number.parseInt ' +
    'Object.entries Object.fromEntries Object.hasOwn Object.is Object.keys Object.values String isFinite isNaN parseFloat parseInt ' +
    'Math.abs Math.ceil Math.floor Math.max Math.min Math.round Math.sign Math.sqrt Math.trunc Math.pow Math.log Math.log2 Math.log10 Math.hypot'
  ).split(' '),
);

const throwingFunctions = new Set(
  'Array.from BigInt JSON.parse JSON.stringify decodeURIComponent encodeURIComponent Object.freeze structuredClone'.split(' '),
);

const totalConstructors = new Set('Map Set Error TypeError RangeError Array Object'.split(' '));
const throwingConstructors = new Set('RegExp URL URLSearchParams'.split(' '));

const clocks = new Set(['Date.now', 'performance.now', 'process.hrtime', 'Date']);
const chances = new Set(['Math.random', 'crypto.randomUUID', 'crypto.getRandomValues']);

export type BuiltinKind = 'total' | 'throws' | 'mutates' | 'clock' | 'random' | 'unknown';

/** A function or constructor of the language by its name, as in `Math.max` or `new Map`. */
export function builtinFunction(name: string, constructed: boolean, argumentCount: number): BuiltinKind {
  if (name === 'Date' && constructed && argumentCount > 0) return 'total';
  if (clocks.has(name)) return 'clock';
  if (chances.has(name)) return 'random';
  if (constructed) return totalConstructors.has(name) ? 'total' : throwingConstructors.has(name) ? 'throws' : 'unknown';
  if (totalFunctions.has(name)) return 'total';
  return throwingFunctions.has(name) ? 'throws' : 'unknown';
}

/** A method of one of the language's own values by its name, as in `list.filter`. */
export function builtinMember(name: string): BuiltinKind {
  if (totalMembers.has(name)) return 'total';
  if (throwingMembers.has(name)) return 'throws';
  return mutators.has(name) ? 'mutates' : 'unknown';
}
