// Loading handler modules: TypeScript and JavaScript, named and default exports, and a message for everything that can be wrong.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateTemplate } from '../../src/domain/template/parse-template.ts';
import { loadHandlers, registryFor } from '../../src/runtime/load-handlers.ts';
import { folderWith } from '../cli/tasker-in-process.ts';

async function load(file: string, text: string, more: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  return Object.keys(await loadHandlers(join(folderWith({ [file]: text, ...more }), file))).toSorted();
}

const esm = { 'package.json': '{"type": "module"}' };
const commonJs = { 'package.json': '{}' };
const named =
  'export function first() {}\nexport const second = async () => 1;\nexport const limit = 7;\nexport const list = [() => 1];\n';
const typed =
  'enum Color { Red }\nexport function first(color: Color): string { return Color[color]; }\nexport const second = (x: number) => x;\n';

describe('loadHandlers', () => {
  it.each([
    ['handlers.mjs', named, {}],
    ['handlers.js', named, esm],
    ['handlers.ts', typed, esm],
    ['handlers.mts', typed, {}],
    ['handlers.ts', typed, commonJs],
    ['handlers.js', 'exports.first = () => 1; exports.second = () => 2;', commonJs],
    ['handlers.mjs', 'export default { first() {}, second: () => 1, limit: 7 };', {}],
    ['handlers.ts', 'export default { first(): number { return 1; }, second: (x: number) => x };', esm],
    ['handlers.ts', 'export default { first(): number { return 1; }, second: (x: number) => x };', commonJs],
    ['handlers.mjs', 'export default { first() {} };\nexport const second = () => 2;', {}],
  ])('finds what %s exports', async (file, text, more) => {
    expect(await load(file, text, more)).toEqual(['first', 'second']);
  });

  it('takes names with dots, objects with methods and instances of classes', async () => {
    const text =
      "class Pay { call() {} }\nexport default { 'shop.pay': new Pay(), 'shop.ship': { call() {}, undo() {} }, other: {} };";
    expect(await load('handlers.mjs', text)).toEqual(['shop.pay', 'shop.ship']);
  });

  it('prefers what is exported by name to an entry of the default object', async () => {
    const folder = folderWith({ 'handlers.mjs': 'export default { pay: () => 1 };\nexport const pay = () => 2;' });
    const { pay } = await loadHandlers(join(folder, 'handlers.mjs'));
    expect(typeof pay === 'function' && Reflect.apply(pay, undefined, [])).toBe(2);
  });

  it('loads what a TypeScript module imports, itself in TypeScript', async () => {
    expect(await load('handlers.ts', "export { first } from './first.ts';", { ...esm, 'first.ts': typed })).toEqual(['first']);
  });

  it.each([
    ['a file that is not there', 'other.mjs', 'export const a = 1;', 'there is no such file'],
    ['another extension', 'handlers.json', '{}', 'its name ends with ".json"; expected .ts, .mts, .mjs or .js'],
    [
      'a module without functions',
      'handlers.mjs',
      'export const limit = 7;',
      'it exports no function. Export each handler by name',
    ],
    ['a module that throws', 'handlers.mjs', "\nthrow new Error('no config');", /no config\..*handlers\.mjs:2/],
    ['an import that is missing', 'handlers.mjs', "import './gone.mjs';", /Cannot find module .*gone\.mjs/],
    ['a syntax error in JavaScript', 'handlers.mjs', '\nexport const a = ;', /Unexpected token[\s\S]*handlers\.mjs:2/],
    ['a syntax error in TypeScript', 'handlers.ts', '\nexport const a: number = ;', /handlers\.ts:2:\d+.*Unexpected/],
  ])('refuses %s and says why', async (_what, file, text, message) => {
    const folder = folderWith(file === 'other.mjs' ? {} : { [file]: text, ...esm });
    const path = join(folder, file);
    const reason = expect.objectContaining({
      code: 'HANDLERS_NOT_LOADABLE',
      kind: 'input',
      message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
    });
    await expect(loadHandlers(path)).rejects.toEqual(reason);
  });
});

function template(...callables: readonly (string | { readonly callable: string; readonly method: string })[]) {
  const steps = callables.map((handler, index) => ({
    name: `s${index}`,
    handler: typeof handler === 'string' ? { callable: handler } : handler,
  }));
  return validateTemplate({ name: 't', namespace_name: 'n', version: '1.0.0', steps }, 't');
}

describe('registryFor', () => {
  const handlers = { pay: () => 1, ship: { call: () => 2, undo: () => 3 } };

  it('finds the handler of every step', () => {
    const registry = registryFor([template('pay', 'ship', { callable: 'ship', method: 'undo' })], handlers, 'handlers.ts');
    expect(registry.list()).toEqual(['pay', 'ship']);
  });

  it('names every step whose handler is missing, what there is, and a near name', () => {
    expect(() => registryFor([template('pay', 'shp', 'notify')], handlers, 'handlers.ts')).toThrow(
      expect.objectContaining({
        code: 'HANDLER_NOT_FOUND',
        kind: 'input',
        message: expect.stringMatching(
          /missing in handlers\.ts: step s1 of template t wants shp\. Did you mean "ship"\? step s2 of template t wants notify\. It exports pay, ship\./,
        ),
        details: { missing: ['shp', 'notify'], known: ['pay', 'ship'] },
      }),
    );
  });

  it('refuses a method that the handler does not have', () => {
    const wrong = [template({ callable: 'ship', method: 'redo' })];
    expect(() => registryFor(wrong, handlers, 'handlers.ts')).toThrow(
      expect.objectContaining({ code: 'HANDLER_METHOD_MISSING' }),
    );
  });
});
