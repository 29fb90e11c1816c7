// Chance as a subject finds it, in the global `crypto` and in `node:crypto`: drawn from the world.
import type { World } from './world.ts';
import { words } from './words.ts';

type Current = () => World | undefined;
type Fill = <T extends ArrayBufferView>(view: T) => T;

/** What `node:crypto` offers that a refactor can draw chance from, beyond what is controlled here. */
export const refusedOfCrypto: ReadonlySet<string> = new Set(
  words(`
    createDiffieHellman createDiffieHellmanGroup createECDH getDiffieHellman generateKey generateKeySync
    generateKeyPair generateKeyPairSync generatePrime generatePrimeSync prng pseudoRandomBytes rng
  `),
);

/** The global `crypto`; what it computes is the real one's, which refuses to be called on anything else. */
export function controlledWebCrypto(current: Current): object {
  return { randomUUID: idsOf(current), getRandomValues: fillerOf(current), subtle: globalThis.crypto.subtle };
}

/** The members of `node:crypto` that draw chance. */
export function controlledNodeCrypto(current: Current): Readonly<Record<string, unknown>> {
  const fill = fillerOf(current);
  const webcrypto = controlledWebCrypto(current);
  const answer = <T>(label: string, callback: Callback<T> | undefined, value: T): T | undefined => {
    if (callback === undefined) return value;
    callLater(current(), `crypto.${label}`, () => callback(null, value));
    return undefined;
  };
  return {
    webcrypto,
    getRandomValues: fill,
    randomUUID: idsOf(current),
    randomBytes: (size: number, callback?: Callback<Buffer>) => answer('randomBytes', callback, fill(Buffer.alloc(size))),
    randomInt: (...args: readonly (number | Callback<number> | undefined)[]) => {
      const { numbers, callback } = sorted(args);
      const [first = 0, second] = numbers;
      const [min, max] = second === undefined ? [0, first] : [first, second];
      if (!(min < max))
        throw new RangeError(`The value of "max" is out of range. It must be greater than ${min}. Received ${max}`);
      return answer('randomInt', callback, min + Math.floor((current()?.random() ?? 0) * (max - min)));
    },
    randomFillSync: <T extends ArrayBufferView>(view: T, offset?: number, size?: number) =>
      fillPart({ fill, view, offset, size }),
    randomFill: <T extends ArrayBufferView>(view: T, ...args: readonly (number | Callback<T> | undefined)[]) => {
      const { numbers, callback } = sorted(args);
      const [offset, size] = numbers;
      return answer('randomFill', callback, fillPart({ fill, view, offset, size }));
    },
  };
}

type Callback<T> = (error: null, value: T) => void;

interface Sorted<T> {
  readonly numbers: readonly number[];
  readonly callback: Callback<T> | undefined;
}

/** Numbers first, then the callback, where any were left out. */
function sorted<T>(args: readonly (number | Callback<T> | undefined)[]): Sorted<T> {
  return {
    numbers: args.filter((each) => typeof each === 'number'),
    callback: args.find((each) => typeof each === 'function'),
  };
}

function callLater(world: World | undefined, label: string, act: () => void): void {
  if (world === undefined) queueMicrotask(act);
  else world.callLater(label, act);
}

function idsOf(current: Current): () => string {
  return () => current()?.ids.uuid() ?? '';
}

function fillerOf(current: Current): Fill {
  return (view) => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (const at of bytes.keys()) bytes[at] = Math.floor((current()?.random() ?? 0) * 256);
    return view;
  };
}

interface Part<T> {
  readonly fill: Fill;
  readonly view: T;
  readonly offset: number | undefined;
  readonly size: number | undefined;
}

/** Offset and size count elements of the view, as node has it. */
function fillPart<T extends ArrayBufferView>({ fill, view, offset = 0, size }: Part<T>): T {
  const bytesEach = 'BYTES_PER_ELEMENT' in view && typeof view.BYTES_PER_ELEMENT === 'number' ? view.BYTES_PER_ELEMENT : 1;
  const from = offset * bytesEach;
  const length = size === undefined ? view.byteLength - from : size * bytesEach;
  fill(new Uint8Array(view.buffer, view.byteOffset + from, length));
  return view;
}
