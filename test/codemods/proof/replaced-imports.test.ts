// Exports of a subject that scenarios replace, in whatever way they are imported.
import { describe, expect, it } from 'vitest';
import { fifo } from '../../../codemods/proof/schedule.ts';
import { World } from '../../../codemods/proof/world.ts';
import { functionOf, openTexts } from './small-subject.ts';

const declared = {
  'clock.ts':
    "export const now = () => 'real'; export class Clock { now() { return 'real'; } } export default function tick() { return 'real'; }",
  'barrel.ts': "export * from './clock.ts';",
  'outer.ts': "export * from './barrel.ts';",
  'named.ts': "export { now as renamed, default as tick } from './clock.ts';",
};

const stub = (): string => 'stand-in';
class ClockStub {
  now = stub;
}

function answersOf(texts: Readonly<Record<string, string>>, replacements: Readonly<Record<string, unknown>>): readonly unknown[] {
  const subject = openTexts({ ...declared, ...texts }, { replaceable: ['now', 'Clock', 'default', 'count', 'toString'] });
  const run = functionOf(subject);
  return [replacements, {}].map((each) => {
    subject.use(new World({ schedule: fifo }), each);
    return run();
  });
}

describe('a replaced export', () => {
  it.each([
    ['by name', "import { now } from './clock.ts'; export const run = () => now();"],
    ['by another name', "import { now as time } from './clock.ts'; export const run = () => time();"],
    ['with its namespace', "import * as clock from './clock.ts'; export const run = () => clock.now();"],
    ['by default', "import tick from './clock.ts'; export const run = () => tick();"],
    ['through a barrel', "import { now } from './barrel.ts'; export const run = () => now();"],
    ['through barrels of barrels', "import * as all from './outer.ts'; export const run = () => all.now();"],
    [
      'through a barrel that renames',
      "import { renamed, tick } from './named.ts'; export const run = () => renamed() && tick();",
    ],
    ['as a class', "import { Clock } from './barrel.ts'; export const run = () => new Clock().now();"],
  ])('is what importers get, until it is not: imported %s', (_, text) => {
    expect(answersOf({ 'a.ts': text }, { now: stub, Clock: ClockStub, default: stub })).toEqual(['stand-in', 'real']);
  });

  it('is what importers get in a circle of modules', () => {
    const texts = {
      'a.ts': "import { b } from './b.ts'; export const now = () => 'real'; export const run = () => b();",
      'b.ts': "import { now } from './barrel2.ts'; export const b = () => now();",
      'barrel2.ts': "export * from './a.ts';",
    };
    expect(answersOf(texts, { now: stub })).toEqual(['stand-in', 'real']);
  });

  it('may be written by its module, which changes no stand-in', () => {
    const texts = {
      'a.ts': "import { count, grow } from './count.ts'; export const run = () => { grow(); return count; };",
      'count.ts': 'export let count = 0; export function grow() { count += 1; }',
    };
    expect(answersOf(texts, { count: 'stand-in' })).toEqual(['stand-in', 1]);
  });

  it('may have a name that every object has', () => {
    const texts = {
      'a.ts': "import { toString } from './b.ts'; export const run = () => toString();",
      'b.ts': "export const toString = () => 'real';",
    };
    expect(answersOf(texts, {})).toEqual(['real', 'real']);
    expect(answersOf(texts, { toString: stub })).toEqual(['stand-in', 'real']);
  });

  it('may be replaced by undefined', () => {
    const texts = { 'a.ts': "import { now } from './clock.ts'; export const run = () => typeof now;" };
    expect(answersOf(texts, { now: undefined })).toEqual(['undefined', 'function']);
  });

  it.each([
    ['that is no name to replace', ['now'], 'nothing', 'it is not among the names given as replaceable'],
    ['that no module exports', ['now', 'nothing'], 'nothing', 'no module loaded so far exports or imports it'],
    ['where nothing can be replaced', undefined, 'now', 'it is not among the names'],
  ])('cannot be one %s', (_, replaceable, name, message) => {
    const subject = openTexts({ ...declared, 'a.ts': "import './clock.ts';" }, replaceable === undefined ? {} : { replaceable });
    subject.load('a.ts');
    expect(() => subject.use(new World({ schedule: fifo }), { [name]: 1 })).toThrow(
      expect.objectContaining({ code: 'PROOF_DEPENDENCY_NOT_REPLACED', message: expect.stringContaining(message) }),
    );
  });
});
