// Stand-ins: what they note, and what they answer.
import { describe, expect, it } from 'vitest';
import type { Script } from '../../../codemods/proof/answers.ts';
import { createRecorder } from '../../../codemods/proof/recorder.ts';
import type { RecorderOptions } from '../../../codemods/proof/recorder.ts';
import { runScenario } from '../../../codemods/proof/run-scenario.ts';
import type { RunOptions } from '../../../codemods/proof/run-scenario.ts';
import { lifo } from '../../../codemods/proof/schedule.ts';
import { traceLines } from '../../../codemods/proof/trace.ts';
import { functionOf, linesOf, openTexts } from './small-subject.ts';

/** Lines of `run(dep)`, an arrow function given as text, so that it may use the stand-in freely. */
function lines(expression: string, script: Script = {}, options: RunOptions = {}): Promise<readonly string[]> {
  return linesOf(`export const run = ${expression};`, { script, ...options });
}

async function linesWith(expression: string, options: RecorderOptions): Promise<readonly string[]> {
  const run = functionOf(openTexts({ 'a.ts': `export const run = ${expression};` }));
  return traceLines(await runScenario((world) => run(createRecorder<object>(world, 'dep', options).standIn)));
}

describe('a stand-in', () => {
  it.each<[string, string, Script, readonly string[]]>([
    ['notes calls with their arguments', '(dep) => dep.find(1, "a")', {}, ['dep.find(1, "a")', '=> returned undefined']],
    [
      'is nested to any depth',
      '(dep) => dep.a.b.c(1)',
      { 'dep.a.b.c': { returns: 2 } },
      ['dep.a.b.c(1) returned 2', '=> returned 2'],
    ],
    ['is itself a function', '(dep) => dep(1)', { dep: { returns: 2 } }, ['dep.call(1) returned 2', '=> returned 2']],
    ['is the same at each reading', '(dep) => dep.a === dep.a', {}, ['=> returned true']],
    ['holds values that are no functions', '(dep) => dep.size + 1', { 'dep.size': { is: 4 } }, ['=> returned 5']],
    ['holds stand-ins as values', '(dep) => dep.a', {}, ['=> returned <dep.a>']],
    [
      'throws',
      '(dep) => dep.f()',
      { 'dep.f': { throws: new Error('no') } },
      ['dep.f() threw Error("no")', '=> threw Error("no")'],
    ],
    [
      'uses up a list of answers, the last one stays',
      '(dep) => [dep.f(), dep.f(), dep.f()]',
      { 'dep.f': [{ returns: 1 }, { returns: 2 }] },
      ['dep.f() returned 1', 'dep.f() returned 2', 'dep.f() returned 2', '=> returned [1, 2, 2]'],
    ],
    ['answers with nothing where the list is empty', '(dep) => dep.f()', { 'dep.f': [] }, ['dep.f()', '=> returned undefined']],
    [
      'calls back',
      '(dep) => dep.f((x) => dep.seen(x))',
      { 'dep.f': { acts: ({ args }) => callBack(args) } },
      ['dep.f([function])', 'dep.seen("called")', '=> returned "acted"'],
    ],
    ['is called though its value is scripted', '(dep) => dep.f', { 'dep.f': { is: null } }, ['=> returned null']],
  ])('%s', async (_, run, script, expected) => {
    expect(await lines(run, script)).toEqual(expected);
  });

  it('tells what acts how often it was called', async () => {
    const script: Script = { 'dep.f': { acts: ({ path, nth }) => `${path} ${nth}` } };
    expect((await lines('(dep) => [dep.f(), dep.f()]', script)).at(-1)).toBe('=> returned ["dep.f 0", "dep.f 1"]');
  });

  it('resolves and rejects when the schedule says so', async () => {
    const run = '(dep) => Promise.allSettled([dep.a().then(dep.seen), dep.b().catch((error) => dep.failed(error.message))])';
    const script: Script = { 'dep.a': { resolves: 1 }, 'dep.b': { rejects: new Error('no') } };
    const calls = ['dep.a() resolved 1', 'dep.b() rejected Error("no")'];
    expect((await lines(run, script)).slice(0, 4)).toEqual([...calls, 'dep.seen(1)', 'dep.failed("no")']);
    expect((await lines(run, script, { schedule: lifo })).slice(0, 4)).toEqual([...calls, 'dep.failed("no")', 'dep.seen(1)']);
  });

  it('can be awaited without being called', async () => {
    expect(await lines('async (dep) => { await dep; await dep.a; return JSON.stringify({ dep }); }')).toEqual([
      '=> returned "{}"',
    ]);
  });

  it('may be a promise of its own', async () => {
    const script: Script = { 'dep.then': { acts: ({ args }) => callBack(args) } };
    expect(await lines('async (dep) => await dep', script)).toContain('=> returned "called"');
  });

  it('constructs stand-ins', async () => {
    const run = '(dep) => { const x = new dep.Pool("url"); x.query(1); x.a.b(2); x(3); new x.Inner().f(); return x; }';
    expect(await lines(run, { 'dep.Pool().query': { returns: 'row' } })).toEqual([
      'dep.Pool.construct("url")',
      'dep.Pool().query(1) returned "row"',
      'dep.Pool().a.b(2)',
      'dep."Pool()"(3)',
      'dep.Pool().Inner.construct()',
      'dep.Pool().Inner().f()',
      '=> returned <dep.Pool()>',
    ]);
  });

  it('is nothing that anything of the subject is an instance of', async () => {
    expect(await lines('(dep) => [{} instanceof dep.A, dep.A instanceof Object, dep.A.prototype === dep.A.prototype]')).toEqual([
      '=> returned [false, true, true]',
    ]);
  });

  it('notes what is written to it and removed from it, and keeps it', async () => {
    const run = '(dep) => { dep.state = 1; const was = dep.state; delete dep.state; delete dep.other; return [was, dep.state]; }';
    expect(await lines(run, { 'dep.state': { is: 0 } })).toEqual([
      'dep.set("state", 1)',
      'dep.delete("state")',
      'dep.delete("other")',
      '=> returned [1, 0]',
    ]);
  });

  it('has names as texts only, and keeps symbols that were written', async () => {
    const run =
      '(dep) => { const s = Symbol("s"); const was = dep[s]; dep[s] = 1; return [was, dep[s], "x" in dep, s in dep, Object.keys(dep), { ...dep }]; }';
    expect(await lines(run)).toEqual(['dep.set("Symbol(s)", 1)', '=> returned [undefined, 1, true, false, [], {}]']);
  });

  it('answers otherwise to what the script does not name', async () => {
    expect(await linesWith('(dep) => dep.f()', { otherwise: { returns: 7 } })).toEqual(['dep.f() returned 7', '=> returned 7']);
  });

  it('does not note what is silent', async () => {
    const silent = ['dep.now', 'dep.on'];
    expect(
      await linesWith('(dep) => { dep.on("a", () => 1); return dep.now(); }', { silent, script: { 'dep.now': { returns: 5 } } }),
    ).toEqual(['=> returned 5', 'alive: listener dep:a']);
  });
});

function callBack(args: readonly unknown[]): string {
  const [callback] = args;
  if (typeof callback === 'function') Reflect.apply(callback, undefined, ['called']);
  return 'acted';
}

describe('a callback', () => {
  const ask = '(dep) => { dep.ask(1, (error, value) => dep.got(error, value)); dep.first(); return "returned"; }';

  it('is called when the schedule says so', async () => {
    expect(await lines(ask, { 'dep.ask': { callsBack: [null, 'row'] } })).toEqual([
      'dep.ask(1, [function]) called back [null, "row"]',
      'dep.first()',
      'dep.got(null, "row")',
      '=> returned "returned"',
    ]);
  });

  it('is called in the order of the schedule', async () => {
    const both = '(dep) => { dep.a(() => dep.did("a")); dep.b(() => dep.did("b")); }';
    const script: Script = { 'dep.a': { callsBack: [] }, 'dep.b': { callsBack: [] } };
    const did = async (options: RunOptions): Promise<readonly string[]> =>
      (await lines(both, script, options)).filter((line) => line.startsWith('dep.did'));
    expect(await did({})).toEqual(['dep.did("a")', 'dep.did("b")']);
    expect(await did({ schedule: lifo })).toEqual(['dep.did("b")', 'dep.did("a")']);
  });

  it('is the last function among the arguments, and its error is an effect', async () => {
    const run = '(dep) => { dep.ask(() => dep.wrong(), () => { throw new Error("lost"); }, 1); }';
    expect(await lines(run, { 'dep.ask': { callsBack: [] } })).toEqual([
      'dep.ask([function], [function], 1) called back []',
      'process.uncaughtException(Error("lost"))',
      '=> returned undefined',
    ]);
  });

  it('is alive until it is called, in the flow it was given in', async () => {
    const trace = await runScenario(async (world) => {
      const { standIn } = createRecorder<{ ask(done: () => void): void; got(): void }>(world, 'dep', {
        script: { 'dep.ask': { callsBack: [] } },
      });
      world.flow('other', () => standIn.ask(() => standIn.got()));
      expect(world.alive()).toEqual(['answer dep.ask']);
      await world.idle();
    });
    expect(traceLines(trace)).toEqual([
      '[other] dep.ask([function]) called back []',
      '[other] dep.got()',
      '=> returned undefined',
    ]);
  });

  it('may be missing', async () => {
    expect(await lines('(dep) => dep.ask(1)', { 'dep.ask': { callsBack: [null] } })).toEqual([
      'dep.ask(1) called back [null]',
      '=> returned undefined',
    ]);
  });
});

describe('a property that is iterated', () => {
  const consume =
    'async (dep) => { for await (const item of dep.rows) dep.took(item); return Symbol.asyncIterator in dep.rows; }';

  it('gives one item at a time', async () => {
    expect(await lines(consume, { 'dep.rows': { iterates: [1, 2] } })).toEqual([
      'dep.rows.iterate()',
      'dep.took(1)',
      'dep.took(2)',
      '=> returned true',
    ]);
  });

  it('may be the stand-in itself, and be iterated more than once', async () => {
    const run = 'async (dep) => { for (let nr = 0; nr < 2; nr++) for await (const item of dep) dep.took(item); }';
    expect(await lines(run, { dep: [{ iterates: [1] }, { iterates: [2] }] })).toEqual([
      'dep.iterate()',
      'dep.took(1)',
      'dep.iterate()',
      'dep.took(2)',
      '=> returned undefined',
    ]);
  });

  it('is none where the script does not say so', async () => {
    expect((await lines(consume, { 'dep.rows': { returns: [] } })).at(-1)).toMatch(/^=> threw TypeError\(.*not async iterable/);
  });
});

describe('an async iterable', () => {
  const consume =
    'async (dep) => { for await (const item of dep.rows()) { dep.took(item); if (item === "stop") break; } return "done"; }';

  it('gives one item at a time', async () => {
    expect(await lines(consume, { 'dep.rows': { iterates: [1, 2] } })).toEqual([
      'dep.rows()',
      'dep.took(1)',
      'dep.took(2)',
      '=> returned "done"',
    ]);
  });

  it('ends with an item that is an error', async () => {
    expect((await lines(consume, { 'dep.rows': { iterates: [1, new Error('lost')] } })).at(-1)).toBe('=> threw Error("lost")');
  });

  it('is gone once it was left', async () => {
    expect(await lines(consume, { 'dep.rows': { iterates: ['stop', 2] } })).toEqual([
      'dep.rows()',
      'dep.took("stop")',
      '=> returned "done"',
    ]);
  });

  it('is alive while somebody is at it', async () => {
    const run = 'async (dep) => { const rows = dep.rows(); return (await rows.next()).value; }';
    expect(await lines(run, { 'dep.rows': { iterates: [1] } })).toEqual([
      'dep.rows()',
      '=> returned 1',
      'alive: iteration dep.rows',
    ]);
  });
});
