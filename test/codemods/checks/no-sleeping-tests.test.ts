// Rule: tests do not sleep.
import { describe, expect, it } from 'vitest';
import { noSleepingTestsRule } from '../../../codemods/checks/no-sleeping-tests.ts';
import { messagesOf } from './rule-run.ts';

describe('no-sleeping-tests', () => {
  it.each([
    'await new Promise((resolve) => setTimeout(resolve, 100));',
    'await new Promise((done) => { setTimeout(done, 100); });',
    'await new Promise<void>((resolve) => setTimeout(() => resolve(), 100));',
    'await new Promise((resolve) => setTimeout(() => { resolve(1); }, 100));',
    'await new Promise(function (resolve) { globalThis.setTimeout(resolve, 100); });',
    "import { setTimeout as sleep } from 'node:timers/promises';",
    "const { setTimeout: sleep } = await import('timers/promises');",
  ])('finds %s', (text) => {
    expect(messagesOf(noSleepingTestsRule, 'test/a.test.ts', text)).toEqual([
      expect.stringContaining('Wait for the event itself'),
    ]);
  });

  it.each([
    'const timer = setTimeout(() => child.kill(), 1000);',
    'await new Promise((resolve, reject) => { setTimeout(() => reject(new Error()), 100); server.once("ready", resolve); });',
    'clock.setTimeout(resolve, 100);',
    "import { setTimeout } from 'node:timers';",
  ])('lets %s be', (text) => {
    expect(messagesOf(noSleepingTestsRule, 'test/a.test.ts', text)).toEqual([]);
  });

  it('is about tests alone', () => {
    expect(messagesOf(noSleepingTestsRule, 'src/a.ts', "import 'node:timers/promises';")).toEqual([]);
  });
});
