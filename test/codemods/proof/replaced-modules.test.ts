// Imports of node and of packages: replaced by specifier, refused where they reach out of the process.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Script } from '../../../codemods/proof/answers.ts';
import { createRecorder } from '../../../codemods/proof/recorder.ts';
import { fifo } from '../../../codemods/proof/schedule.ts';
import { World } from '../../../codemods/proof/world.ts';
import { functionOf, linesOf, openTexts } from './small-subject.ts';

const files = (world: World) => ({
  'node:fs/promises': createRecorder<object>(world, 'files', { script: { 'files.readFile': { resolves: 'text' } } }).standIn,
});

describe('an import of node', () => {
  it.each([
    ['by name', "import { readFile } from 'node:fs/promises'; export const run = () => readFile('x');"],
    ['by another name', "import { readFile as read } from 'node:fs/promises'; export const run = () => read('x');"],
    ['with its namespace', "import * as fs from 'node:fs/promises'; export const run = () => fs.readFile('x');"],
    ['by default', "import fs from 'node:fs/promises'; export const run = () => fs.readFile('x');"],
    ['without node:', "import { readFile } from 'fs/promises'; export const run = () => readFile('x');"],
    ['when it is needed', "export const run = async () => (await import('node:fs/promises')).readFile('x');"],
    [
      'as CommonJS',
      "const { readFile } = require('fs/promises'); export const run = () => require('fs/promises').readFile('x');",
    ],
  ])('is replaced by its specifier, imported %s', async (_, text) => {
    expect(await linesOf(text, { replacements: files })).toEqual(['files.readFile("x") resolved "text"', '=> returned "text"']);
  });

  it('is replaced in all modules, also through one that passes it on', () => {
    const subject = openTexts({
      'a.ts': "import { readFileSync } from './b.ts'; export const run = () => readFileSync('x');",
      'b.ts': "export * from 'node:fs';",
    });
    const run = functionOf(subject);
    const answers = ['one', 'other'].map((text) => {
      subject.use(new World({ schedule: fifo }), { 'node:fs': { readFileSync: () => text } });
      return run();
    });
    expect(answers).toEqual(['one', 'other']);
  });

  it('is replaced in part: the rest is what it was', async () => {
    const text = `
      import { basename, join } from 'node:path';
      import path from 'node:path';
      export const run = () => [basename('a/b'), join('a', 'b'), path.join('c', 'd'), path.basename('e/f'), path.sep];`;
    const replacements = () => ({ 'node:path': { join: () => 'joined' } });
    expect(await linesOf(text, { replacements })).toEqual(['=> returned ["b", "joined", "joined", "f", "/"]']);
    expect(await linesOf(text)).toEqual(['=> returned ["b", "a/b", "c/d", "f", "/"]']);
  });

  it.each([
    [
      'a function',
      "import { readFile } from 'node:fs/promises'; export const run = () => readFile('x');",
      'readFile of node:fs/promises',
    ],
    ['a function by default', "import fs from 'fs'; export const run = () => fs.readFileSync('x');", 'readFileSync of node:fs'],
    [
      'an inner function',
      "import fs from 'fs'; export const run = () => fs.promises.readFile('x');",
      'promises.readFile of node:fs',
    ],
    [
      'a function of a function',
      "import fs from 'fs'; export const run = () => fs.realpath.native('x');",
      'realpath.native of node:fs',
    ],
    ['a class', "import { Socket } from 'node:net'; export const run = () => new Socket();", 'Socket of node:net'],
    [
      'a class that extends it',
      "import { Socket } from 'net'; class A extends Socket {} export const run = () => new A();",
      'Socket of node:net',
    ],
    [
      'a server',
      "import { createServer } from 'node:http'; export const run = () => createServer();",
      'createServer of node:http',
    ],
    [
      'a process',
      "import { spawn } from 'node:child_process'; export const run = () => spawn('ls');",
      'spawn of node:child_process',
    ],
    [
      'a thread',
      "import { Worker } from 'node:worker_threads'; export const run = () => new Worker('x');",
      'Worker of node:worker_threads',
    ],
    [
      'a look-up',
      "import { lookup } from 'node:dns/promises'; export const run = () => lookup('x');",
      'lookup of node:dns/promises',
    ],
    ['the machine', "import { hostname } from 'node:os'; export const run = () => hostname();", 'hostname of node:os'],
    [
      'chance of keys',
      "import { generateKeyPairSync } from 'node:crypto'; export const run = () => generateKeyPairSync('ed25519');",
      'generateKeyPairSync of node:crypto',
    ],
    ['the end of the process', 'export const run = () => process.exit(1);', 'exit of node:process'],
    ['signals', "export const run = () => process.on('SIGINT', () => {});", 'on of node:process'],
    ['a write to the process', 'export const run = () => { process.exitCode = 3; };', 'exitCode of node:process'],
    ['a measurement', "export const run = () => performance.mark('x');", 'performance.mark of node:perf_hooks'],
    ['a request', "export const run = () => fetch('http://localhost');", 'fetch of globalThis'],
  ])('is refused unless it is replaced: %s', async (_, text, member) => {
    await expect(linesOf(text)).rejects.toMatchObject({
      code: 'PROOF_DEPENDENCY_NOT_REPLACED',
      message: expect.stringContaining(`uses ${member}, which reaches out`),
    });
  });

  it('is refused by a message that says how to replace it', async () => {
    const text = "import fs from 'fs'; export const run = () => fs.promises.readFile('x');";
    await expect(linesOf(text)).rejects.toThrow(
      "a.ts uses promises.readFile of node:fs, which reaches out of the process or depends on the machine. Replace it in the scenario: subject.use(world, { 'node:fs': { promises: … } }). " +
        "What is used while modules are loaded, or meant to be real: openSubject({ imports: { 'node:fs': { promises: … } } }).",
    );
  });

  it('is refused though the subject takes the error', async () => {
    const text =
      "import { readFileSync } from 'node:fs'; export const run = () => { try { return readFileSync('x'); } catch { return 'default'; } };";
    await expect(linesOf(text)).rejects.toMatchObject({ code: 'PROOF_DEPENDENCY_NOT_REPLACED' });
  });

  it.each([
    ['constants', "import { constants } from 'node:fs'; export const run = () => constants.R_OK;", '4'],
    ['what only computes', "import { isIP } from 'node:net'; export const run = () => isIP('::1');", '6'],
    ['texts', "import { STATUS_CODES } from 'node:http'; export const run = () => STATUS_CODES[404];", '"Not Found"'],
    ['classes to compare with', "import { Socket } from 'node:net'; export const run = () => ({}) instanceof Socket;", 'false'],
    [
      'classes that are extended',
      "import { EventEmitter } from 'node:events'; class A extends EventEmitter {} export const run = () => new A().emit('x');",
      'false',
    ],
    [
      'a module that is a class',
      "import Emitter from 'node:events'; export const run = () => new Emitter().on('x', () => {}).emit('x');",
      'true',
    ],
  ])('is the real one where it does not reach out: %s', async (_, text, value) => {
    expect(await linesOf(text)).toEqual([`=> returned ${value}`]);
  });

  it('is replaced while modules are loaded by what the subject was opened with, until a scenario replaces it', async () => {
    const text =
      "import { readFileSync } from 'node:fs'; const early = readFileSync('x'); export const run = () => [early, readFileSync('x')];";
    expect(() => openTexts({ 'a.ts': text }).load('a.ts')).toThrow('openSubject({ imports: ');
    const subject = { imports: { 'node:fs': { readFileSync: () => 'opened' } } };
    expect(await linesOf(text, { subject })).toEqual(['=> returned ["opened", "opened"]']);
    const replacements = () => ({ 'node:fs': { readFileSync: () => 'used' } });
    expect(await linesOf(text, { subject, replacements })).toEqual(['=> returned ["opened", "used"]']);
  });

  it('may be the real one, where that is said', async () => {
    const text = `import { readFileSync } from 'node:fs'; export const run = () => readFileSync(${JSON.stringify(import.meta.filename)}, 'utf8').slice(0, 10);`;
    expect(await linesOf(text, { subject: { imports: { 'node:fs': { readFileSync } } } })).toEqual(['=> returned "// Imports"']);
  });
});

describe('a package', () => {
  const stub = { default: () => 'default', other: () => 'other' };

  it.each([
    ['installed', 'typescript'],
    ['that is not', '@no-such/package'],
  ])('is replaced where it is declared: one %s', async (_, name) => {
    const text = `import it, { other } from '${name}'; import * as all from '${name}'; export const run = () => [it(), other(), all.other()];`;
    const options = { subject: { replaceable: [name] }, replacements: () => ({ [name]: stub }) };
    expect(await linesOf(text, options)).toEqual(['=> returned ["default", "other", "other"]']);
  });

  it('is replaced by a function or a class', async () => {
    const text =
      "import Client from 'client'; export const run = () => { const it = new Client(1); return [it.n, it instanceof Client]; };";
    class Stub {
      readonly n: number;
      constructor(n: number) {
        this.n = n;
      }
    }
    const options = { subject: { replaceable: ['client'] }, replacements: () => ({ client: Stub }) };
    expect(await linesOf(text, options)).toEqual(['=> returned [1, true]']);
    const commonJs = "const make = require('client'); export const run = () => make(2);";
    expect(await linesOf(commonJs, { ...options, replacements: () => ({ client: (n: number) => n }) })).toEqual([
      '=> returned 2',
    ]);
    const extended =
      "const Client = require('client'); class A extends Client { m = 3; } export const run = () => { const a = new A(1); return [a.n, a.m, a instanceof A]; };";
    expect(await linesOf(extended, { subject: { imports: { client: Stub } } })).toEqual(['=> returned [1, 3, true]']);
  });

  it('is the real one until it is replaced', async () => {
    const text = "import ts, { version } from 'typescript'; export const run = () => [typeof version, ts.version === version];";
    expect(await linesOf(text, { subject: { replaceable: ['typescript'] } })).toEqual(['=> returned ["string", true]']);
  });
});

describe('a name that replaces nothing is refused', () => {
  const text = "import 'node:fs'; import ts from 'typescript'; import './b.ts'; export const run = () => ts;";
  it.each([
    ['a package that is not declared', 'typescript', "add 'typescript' to replaceable"],
    ['a package that nothing imports', '@scope/none', "add '@scope/none' to replaceable"],
    ['a module of node without node:', 'fs', "by its name with node:, 'node:fs'"],
    ['no module of node', 'node:fs/promise', 'node has no such module (did you mean node:fs/promises?)'],
    ['a module of the subject', './b.ts', 'by the names that it exports'],
    ['a name that is not declared', 'lok', 'not among the names given as replaceable (did you mean log?)'],
    ['a declared name that is not loaded', 'log', 'load the module that does before `use`'],
  ])('%s', (_, name, message) => {
    const subject = openTexts({ 'a.ts': text, 'b.ts': '' }, { replaceable: ['log'] });
    subject.load('a.ts');
    expect(() => subject.use(new World({ schedule: fifo }), { [name]: 1 })).toThrow(
      expect.objectContaining({ code: 'PROOF_DEPENDENCY_NOT_REPLACED', message: expect.stringContaining(message) }),
    );
  });

  it('a global that is none of those that reach out', () => {
    const subject = openTexts({ 'a.ts': '' });
    expect(() => subject.use(new World({ schedule: fifo }), { globalThis: { fetch: 1, Array: 2 } })).toThrow(
      'Array is none of them',
    );
  });
});

describe('a global that reaches out', () => {
  it('is replaced under globalThis', async () => {
    const script: Script = { fetch: { resolves: 'page' } };
    const replacements = (world: World) => ({
      globalThis: { fetch: createRecorder<object>(world, 'fetch', { script }).standIn },
    });
    const text = "export const run = async () => [await fetch('a'), await globalThis.fetch('b')];";
    expect(await linesOf(text, { replacements })).toEqual([
      'fetch.call("a") resolved "page"',
      'fetch.call("b") resolved "page"',
      '=> returned ["page", "page"]',
    ]);
  });

  it('writes to the console where that is replaced', async () => {
    const replacements = (world: World) => ({
      'node:console': createRecorder<object>(world, 'console').standIn,
      'node:process': { exit: (code: number) => world.record({ target: 'process', operation: 'exit', args: [code] }) },
    });
    expect(await linesOf("export const run = () => { console.log('a'); process.exit(2); };", { replacements })).toEqual([
      'console.log("a")',
      'process.exit(2)',
      '=> returned undefined',
    ]);
  });
});
