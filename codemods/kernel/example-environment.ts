// The globals that examples may use, besides the language's own: an eighth of the time the browser's declarations take.

/** Where the declarations appear; `/node_modules/` keeps them out of the project's own files. */
export const environmentFolder = '/workspace/node_modules/@types';
export const environmentName = 'example-environment';
export const environmentPath = `${environmentFolder}/${environmentName}/index.d.ts`;

export const environmentText = `
interface Console {
  debug(...data: unknown[]): void;
  error(...data: unknown[]): void;
  info(...data: unknown[]): void;
  log(...data: unknown[]): void;
  warn(...data: unknown[]): void;
}
declare var console: Console;
declare function setTimeout<Arguments extends unknown[]>(handler: (...args: Arguments) => void, delay?: number, ...args: Arguments): number;
declare function setInterval<Arguments extends unknown[]>(handler: (...args: Arguments) => void, delay?: number, ...args: Arguments): number;
declare function setImmediate<Arguments extends unknown[]>(handler: (...args: Arguments) => void, ...args: Arguments): number;
declare function clearTimeout(id: number | undefined): void;
declare function clearInterval(id: number | undefined): void;
declare function clearImmediate(id: number | undefined): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<Value>(value: Value): Value;
declare var performance: { now(): number };
declare var crypto: { randomUUID(): string };
declare var process: {
  readonly argv: readonly string[];
  readonly env: Record<string, string | undefined>;
  readonly stdout: { write(text: string): boolean };
  exitCode: number | undefined;
  cwd(): string;
  hrtime: { bigint(): bigint };
  nextTick(callback: () => void): void;
  on(event: string, listener: (...args: unknown[]) => void): void;
};
interface Event {
  readonly type: string;
}
declare var Event: { new (type: string): Event };
interface EventTarget {
  addEventListener(type: string, listener: (event: Event) => void, options?: { once?: boolean }): void;
  removeEventListener(type: string, listener: (event: Event) => void): void;
  dispatchEvent(event: Event): boolean;
}
declare var EventTarget: { new (): EventTarget };
interface AbortSignal extends EventTarget {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
}
declare var AbortSignal: { abort(reason?: unknown): AbortSignal; timeout(delay: number): AbortSignal };
interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare var AbortController: { new (): AbortController };
interface URL {
  readonly href: string;
  readonly pathname: string;
  readonly hostname: string;
  toString(): string;
}
declare var URL: { new (url: string, base?: string | URL): URL };
interface TextEncoder {
  encode(text: string): Uint8Array;
}
declare var TextEncoder: { new (): TextEncoder };
interface TextDecoder {
  decode(bytes: Uint8Array): string;
}
declare var TextDecoder: { new (): TextDecoder };
interface ImportMeta {
  readonly url: string;
  readonly dirname: string;
  readonly filename: string;
}
`;
