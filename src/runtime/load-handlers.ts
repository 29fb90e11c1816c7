// Loads a module of step handlers, TypeScript or JavaScript, and checks that a template's steps find theirs in it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { didYouMean } from '../domain/did-you-mean.ts';
import { messageOf, TaskerError } from '../domain/errors.ts';
import type { TaskTemplate } from '../domain/template/task-template.ts';
import { createHandlerRegistry } from '../worker/handler-registry.ts';
import type { HandlerRegistry } from '../worker/handler-registry.ts';
import type { Handler } from '../worker/handler.ts';

const typescript: ReadonlySet<string> = new Set(['.ts', '.mts']);
const javascript: ReadonlySet<string> = new Set(['.js', '.mjs']);

/**
 * The handlers of a module by name: what it exports by name, and the entries of its default object; a named export wins.
 * `path` is absolute. Throws HANDLERS_NOT_LOADABLE (kind `input`).
 */
export async function loadHandlers(path: string): Promise<Readonly<Record<string, Handler>>> {
  const handlers = handlersOf(await importModule(path));
  if (Object.keys(handlers).length === 0) {
    throw notLoadable(path, 'it exports no function. Export each handler by name, or all of them in one default object.');
  }
  return handlers;
}

async function importModule(path: string): Promise<unknown> {
  const extension = extname(path);
  if (!existsSync(path)) throw notLoadable(path, 'there is no such file. Correct the path.');
  const url = pathToFileURL(path).href;
  try {
    if (javascript.has(extension)) return await import(url);
    if (!typescript.has(extension))
      throw notLoadable(path, `its name ends with "${extension}"; expected .ts, .mts, .mjs or .js.`);
    // Only those who write their handlers in TypeScript pay for its loader.
    const { tsImport } = await import('tsx/esm/api');
    return await tsImport(url, import.meta.url);
  } catch (error) {
    if (error instanceof TaskerError) throw error;
    throw notLoadable(path, `${sentence(error)}${await placeIn(error, path)} Correct the module.`, error);
  }
}

function notLoadable(path: string, why: string, cause?: unknown): TaskerError {
  return new TaskerError('HANDLERS_NOT_LOADABLE', `the handlers module ${path} cannot be used: ${why}`, {
    kind: 'input',
    ...(cause === undefined ? {} : { cause }),
    details: { path },
  });
}

function sentence(error: unknown): string {
  return messageOf(error).trim().replace(/\.?$/, '.');
}

/** The line of the module that threw, or at which its syntax is wrong; nothing when the message says it or nobody knows. */
async function placeIn(error: unknown, path: string): Promise<string> {
  if (!(error instanceof Error) || error.message.includes(`${path}:`)) return '';
  const text = error instanceof SyntaxError ? await syntaxCheck(path) : (error.stack ?? '');
  const lines = text.split('\n').filter((each) => !each.includes('data:'));
  const place = [path, pathToFileURL(path).pathname].flatMap((name) => lines.flatMap((each) => placeAfter(each, name)))[0];
  return place === undefined ? '' : ` It happened at ${path}${place}.`;
}

/** `:2:7` of `file:///a.mjs?query:2:7`. */
function placeAfter(line: string, name: string): readonly string[] {
  const at = line.indexOf(name);
  const place = at === -1 ? undefined : /^(?:\?[^\s:)]*)?((?::\d+)+)/.exec(line.slice(at + name.length))?.[1];
  return place === undefined ? [] : [place];
}

/** Node keeps the place of a syntax error to itself when a module is imported, and tells it here. */
function syntaxCheck(path: string): Promise<string> {
  return new Promise((done) => execFile(process.execPath, ['--check', path], (_error, _stdout, stderr) => done(stderr)));
}

function handlersOf(module: unknown): Readonly<Record<string, Handler>> {
  const exported = entriesOf(module).filter(([name]) => name !== 'default' && name !== 'module.exports');
  const found = [...entriesOf(defaultOf(module)), ...exported];
  return Object.fromEntries(found.flatMap(([name, value]) => (isHandler(value) ? [[name, value]] : [])));
}

/** A TypeScript file of a CommonJS package wraps what it exports in a default of its own. */
function defaultOf(module: unknown): unknown {
  const outer = isObject(module) ? module['default'] : undefined;
  return isObject(outer) && isObject(outer['default']) ? { ...outer['default'], ...outer, default: undefined } : outer;
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A function, or an object with at least one method; constants beside the handlers are passed over. */
function isHandler(value: unknown): value is Handler {
  if (typeof value === 'function') return true;
  if (!isObject(value) || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const methods = isObject(prototype) ? Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor') : [];
  const isPlain = prototype === null || prototype === Object.prototype;
  return Object.values(value).some((each) => typeof each === 'function') || (!isPlain && methods.length > 0);
}

/**
 * A registry in which every step of the templates finds its handler. Throws HANDLER_NOT_FOUND naming each step whose handler is
 * missing and what there is, or HANDLER_METHOD_MISSING.
 */
export function registryFor(
  templates: readonly TaskTemplate[],
  handlers: Readonly<Record<string, Handler>>,
  source: string,
): HandlerRegistry {
  const registry = createHandlerRegistry(handlers);
  const steps = templates.flatMap((template) => template.steps.map((step) => ({ template: template.name, step })));
  const missing = steps.filter(({ step }) => !registry.isRegistered(step.handler.callable));
  if (missing.length > 0) {
    const known = registry.list();
    const lines = missing.map(({ template, step: { name, handler } }) => {
      return `step ${name} of template ${template} wants ${handler.callable}.${didYouMean(handler.callable, known)}`;
    });
    const text = `handlers are missing in ${source}: ${lines.join(' ')} It exports ${known.join(', ')}.`;
    const advice = 'Export the handler, or correct handler.callable in the template. No task was created.';
    throw new TaskerError('HANDLER_NOT_FOUND', `${text} ${advice}`, {
      kind: 'input',
      details: { missing: missing.map(({ step }) => step.handler.callable), known },
    });
  }
  for (const { step } of steps) registry.resolve({ callable: step.handler.callable, method: step.handler.method });
  return registry;
}
