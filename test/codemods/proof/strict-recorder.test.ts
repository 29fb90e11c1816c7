// Strict recorders: what a script does not say, and what nobody asks for, is an error when a golden is recorded.
import { describe, expect, it } from 'vitest';
import type { Script } from '../../../codemods/proof/answers.ts';
import { recordGolden } from '../../../codemods/proof/prove.ts';
import { createRecorder } from '../../../codemods/proof/recorder.ts';
import type { RecorderOptions } from '../../../codemods/proof/recorder.ts';
import { runScenario, runTwice } from '../../../codemods/proof/run-scenario.ts';
import type { World } from '../../../codemods/proof/world.ts';
import { before, openReminders, reminders } from '../../../examples/prove-a-refactor/scenarios.ts';
import { functionOf, openTexts } from './small-subject.ts';

function scenarioOf(expression: string, options: RecorderOptions) {
  const run = functionOf(openTexts({ 'a.ts': `export const run = ${expression};` }));
  return (world: World): unknown => run(createRecorder<object>(world, 'dep', { strict: true, ...options }).standIn);
}

describe('a strict recorder refuses', () => {
  it.each<[string, string, Script, readonly [code: string, message: string]]>([
    [
      'a call that has no answer',
      '(dep) => dep.send("a", 1)',
      { 'dep.sned': { returns: 1 } },
      [
        'PROOF_ANSWER_MISSING',
        'dep.send("a", 1) was called, and the script has no answer for dep.send (did you mean dep.sned?).',
      ],
    ],
    [
      'a call whose list of answers is empty',
      '(dep) => dep.send()',
      { 'dep.send': [] },
      ['PROOF_ANSWER_MISSING', 'dep.send() was called'],
    ],
    [
      'a value that is read',
      '(dep) => (dep.config.limit > 3 ? 1 : 2)',
      { 'dep.config.limits': { is: 3 } },
      [
        'PROOF_ANSWER_MISSING',
        'dep.config.limit was read, and the script does not say what it holds (did you mean dep.config.limits?).',
      ],
    ],
    ['a path that is read and never called', '(dep) => { void dep.a.b; }', {}, ['PROOF_ANSWER_MISSING', 'dep.a was read']],
    [
      'an answer that nobody asks for',
      '(dep) => dep.send()',
      { 'dep.send': { returns: 1 }, 'dep.sendd': { returns: 2 } },
      ['PROOF_ANSWER_UNUSED', 'The script has an answer for dep.sendd, and nothing asked for it (did you mean dep.send?).'],
    ],
    [
      'a value that nobody reads',
      '() => 1',
      { 'dep.size': { is: 1 } },
      ['PROOF_ANSWER_UNUSED', 'The script has an answer for dep.size, and nothing asked for it. Correct'],
    ],
    [
      'an answer for a recorder that there is none of',
      '(dep) => dep.send()',
      { 'dep.send': { returns: 1 }, 'dpe.send': { returns: 2 } },
      ['PROOF_ANSWER_UNUSED', 'dpe.send, and nothing asked for it (did you mean dep.send?)'],
    ],
  ])('%s', async (_, expression, script, [code, message]) => {
    const scenario = scenarioOf(expression, { script });
    await expect(runTwice(scenario)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    await expect(runScenario(scenario, { refuseGaps: true })).rejects.toMatchObject({ code });
  });

  it('a call before an answer that nobody asks for: the one explains the other', async () => {
    const scenario = scenarioOf('(dep) => dep.send()', { script: { 'dep.sned': { returns: 1 } } });
    await expect(runTwice(scenario)).rejects.toMatchObject({ code: 'PROOF_ANSWER_MISSING' });
  });
});

describe('a strict recorder accepts', () => {
  it.each<[string, string, RecorderOptions]>([
    [
      'a script that says all, and no more',
      '(dep) => [dep.a.b(), dep.size]',
      { script: { 'dep.a.b': { returns: 1 }, 'dep.size': { is: 2 } } },
    ],
    [
      'what is constructed and called then',
      '(dep) => new dep.Pool().query()',
      { script: { 'dep.Pool().query': { returns: 1 } } },
    ],
    ['what is only constructed', '(dep) => { new dep.Pool(); }', {}],
    ['who listens', '(dep) => { dep.pool.on("a", () => 1); }', {}],
    ['what was written', '(dep) => { dep.state = 1; return dep.state; }', {}],
    ['calls that are answered otherwise', '(dep) => dep.a.b()', { otherwise: { returns: 1 } }],
    ['an answer that may be unused', '() => 1', { script: { 'dep.a': { returns: 1, optional: true } } }],
    ['a value that may be unused', '() => 1', { script: { 'dep.a': { is: 1, optional: true } } }],
    [
      'a list of answers that may be unused',
      '() => 1',
      { script: { 'dep.a': [{ returns: 1, optional: true }, { returns: 2 }] } },
    ],
    ['what is iterated', 'async (dep) => { for await (const _ of dep.rows); }', { script: { 'dep.rows': { iterates: [1] } } }],
    ['what is awaited without being called', 'async (dep) => { await dep; }', {}],
  ])('%s', async (_, expression, options) => {
    await expect(runTwice(scenarioOf(expression, options))).resolves.toMatchObject({ alive: expect.any(Array) });
  });

  it('a script that several recorders share, where each answer is for one of them', async () => {
    const script: Script = { 'one.a': { returns: 1 }, 'other.b': { returns: 2 } };
    const recorder = (world: World, path: string) =>
      createRecorder<{ a(): void; b(): void }>(world, path, { script, strict: true }).standIn;
    const both = (world: World): void => {
      const [one, other] = [recorder(world, 'one'), recorder(world, 'other')];
      one.a();
      other.b();
    };
    await expect(runTwice(both)).resolves.toMatchObject({ outcome: 'returned undefined' });
    await expect(runTwice((world) => recorder(world, 'one').a())).rejects.toMatchObject({ code: 'PROOF_ANSWER_UNUSED' });
  });
});

it('a strict recorder has nothing to say about the example of the docs', async () => {
  const golden = await recordGolden(reminders, openReminders(before));
  expect(golden.cases).toHaveLength(reminders.scenarios.length);
});

it('a strict recorder leaves the comparison of another version to the trace', async () => {
  const script: Script = { 'dep.a': { returns: 1 } };
  const trace = await runScenario(scenarioOf('(dep) => dep.b()', { script }));
  expect(trace).toMatchObject({ effects: [{ operation: 'b' }], outcome: 'returned undefined' });
});

it('a recorder that is not strict minds nothing', async () => {
  const scenario = scenarioOf('(dep) => dep.b()', { script: { 'dep.a': { returns: 1 } }, strict: false });
  await expect(runTwice(scenario)).resolves.toMatchObject({ outcome: 'returned undefined' });
});
