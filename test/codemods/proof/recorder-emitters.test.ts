// Stand-ins that emit events: who listens, how often, and who is left.
import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../../codemods/proof/recorder.ts';
import { runScenario } from '../../../codemods/proof/run-scenario.ts';
import { traceLines } from '../../../codemods/proof/trace.ts';
import { functionOf, openTexts } from './small-subject.ts';

/** Runs statements on `dep`, with `emit(path, event, …)` and three listeners at hand. */
async function lines(statements: string): Promise<readonly string[]> {
  const text = `
    export function run(dep, emit) {
      const [f, g, h] = ['f', 'g', 'h'].map((name) => (...args) => dep.heard(name, ...args));
      ${statements}
    }`;
  const run = functionOf(openTexts({ 'a.ts': text }));
  const trace = await runScenario((world) => {
    const { standIn, emit } = createRecorder<object>(world, 'dep', { script: { 'dep.scripted.on': { returns: 'script' } } });
    return run(standIn, emit);
  });
  return traceLines(trace);
}

describe('an emitter', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'calls who listens, with what is emitted',
      'dep.on("a", f); dep.on("a", g); dep.on("b", h); return emit("dep", "a", 1, 2);',
      [
        'dep.on("a")',
        'dep.on("a")',
        'dep.on("b")',
        'dep.heard("f", 1, 2)',
        'dep.heard("g", 1, 2)',
        '=> returned 2',
        'alive: listener dep:a (2)',
        'alive: listener dep:b',
      ],
    ],
    ['calls nobody where nobody listens', 'return emit("dep", "a");', ['=> returned 0']],
    [
      'calls once who listens once',
      'dep.once("a", f); return [emit("dep", "a"), emit("dep", "a")];',
      ['dep.once("a")', 'dep.heard("f")', '=> returned [1, 0]'],
    ],
    [
      'forgets who left',
      'dep.on("a", f); dep.off("a", f); return emit("dep", "a");',
      ['dep.on("a")', 'dep.off("a")', '=> returned 0'],
    ],
    [
      'forgets who would have listened once',
      'dep.once("a", f); dep.off("a", f); return emit("dep", "a");',
      ['dep.once("a")', 'dep.off("a")', '=> returned 0'],
    ],
    ['does not mind who never listened', 'dep.off("a", f);', ['dep.off("a")', '=> returned undefined']],
    [
      'tells the same listener of two events apart',
      'dep.on("a", f); dep.on("b", f); dep.off("a", f);',
      ['dep.on("a")', 'dep.on("b")', 'dep.off("a")', '=> returned undefined', 'alive: listener dep:b'],
    ],
    [
      'calls a listener as often as it was added',
      'dep.on("a", f); dep.addListener("a", f); dep.removeListener("a", f); return emit("dep", "a");',
      [
        'dep.on("a")',
        'dep.addListener("a")',
        'dep.removeListener("a")',
        'dep.heard("f")',
        '=> returned 1',
        'alive: listener dep:a',
      ],
    ],
    [
      'is an event target, which takes a listener once',
      'const answer = dep.addEventListener("a", f); dep.addEventListener("a", f); const n = emit("dep", "a"); dep.removeEventListener("a", f); return [answer, n];',
      [
        'dep.addEventListener("a")',
        'dep.addEventListener("a")',
        'dep.heard("f")',
        'dep.removeEventListener("a")',
        '=> returned [undefined, 1]',
      ],
    ],
    [
      'is an event target, which forgets a listener that wants one event',
      'dep.addEventListener("a", f, { once: true }); dep.addEventListener("b", f, {}); emit("dep", "a"); return emit("dep", "a");',
      ['dep.addEventListener("a")', 'dep.addEventListener("b")', 'dep.heard("f")', '=> returned 0', 'alive: listener dep:b'],
    ],
    [
      'can be chained',
      'return dep.pool.on("a", f).on("b", g);',
      [
        'dep.pool.on("a")',
        'dep.pool.on("b")',
        '=> returned <dep.pool>',
        'alive: listener dep.pool:a',
        'alive: listener dep.pool:b',
      ],
    ],
    [
      'emits at its own place',
      'dep.pool.on("a", f); return [emit("dep", "a"), emit("dep.pool", "a")];',
      ['dep.pool.on("a")', 'dep.heard("f")', '=> returned [0, 1]', 'alive: listener dep.pool:a'],
    ],
    [
      'lets a listener leave while it is called',
      'const leaver = () => dep.off("a", leaver); dep.on("a", leaver); dep.on("a", g); return [emit("dep", "a"), emit("dep", "a")];',
      [
        'dep.on("a")',
        'dep.on("a")',
        'dep.off("a")',
        'dep.heard("g")',
        'dep.heard("g")',
        '=> returned [2, 1]',
        'alive: listener dep:a',
      ],
    ],
    [
      'calls first who was put first',
      'dep.on("a", f); dep.prependListener("a", g); dep.prependOnceListener("a", h); emit("dep", "a"); return emit("dep", "a");',
      [
        'dep.on("a")',
        'dep.prependListener("a")',
        'dep.prependOnceListener("a")',
        'dep.heard("h")',
        'dep.heard("g")',
        'dep.heard("f")',
        'dep.heard("g")',
        'dep.heard("f")',
        '=> returned 2',
        'alive: listener dep:a (2)',
      ],
    ],
    [
      'forgets all who listen to one event',
      'dep.on("a", f); dep.on("a", g); dep.on("b", f); dep.removeAllListeners("a"); return emit("dep", "a");',
      ['dep.on("a")', 'dep.on("a")', 'dep.on("b")', 'dep.removeAllListeners("a")', '=> returned 0', 'alive: listener dep:b'],
    ],
    [
      'forgets all who listen',
      'dep.on("a", f); dep.on("b", f); dep.x.on("a", f); return dep.removeAllListeners() === dep;',
      ['dep.on("a")', 'dep.on("b")', 'dep.x.on("a")', 'dep.removeAllListeners()', '=> returned true', 'alive: listener dep.x:a'],
    ],
    [
      'is an event target, whose listeners leave at a signal',
      'const stop = new AbortController(); const { signal } = stop; dep.addEventListener("a", f, { signal }); stop.abort(); dep.addEventListener("a", g, { signal }); return emit("dep", "a");',
      ['dep.addEventListener("a")', 'dep.addEventListener("a")', '=> returned 0'],
    ],
    [
      'calls what a property such as onmessage holds',
      'dep.onmessage = f; dep.on("message", g); emit("dep", "message", 1); dep.onmessage = null; return emit("dep", "message", 2);',
      [
        'dep.set("onmessage", [function])',
        'dep.on("message")',
        'dep.heard("g", 1)',
        'dep.heard("f", 1)',
        'dep.set("onmessage", null)',
        'dep.heard("g", 2)',
        '=> returned 1',
        'alive: listener dep:message',
      ],
    ],
    [
      'is none where it is scripted',
      'return dep.scripted.on("a", f);',
      ['dep.scripted.on("a", [function]) returned "script"', '=> returned "script"'],
    ],
    [
      'is none without an event and a listener',
      'dep.on("a"); dep.on(1, f); dep.emit("a", f);',
      ['dep.on("a")', 'dep.on(1, [function])', 'dep.emit("a", [function])', '=> returned undefined'],
    ],
  ])('%s', async (_, statements, expected) => {
    expect(await lines(statements)).toEqual(expected);
  });

  it('can be waited for with what node has for that', async () => {
    const text = `
      import { once } from 'node:events';
      export const run = async (dep, emit) => { const waiting = once(dep, 'ready'); emit('dep', 'ready', 5); return waiting; };`;
    const run = functionOf(openTexts({ 'a.ts': text }));
    const trace = await runScenario((world) => {
      const { standIn, emit } = createRecorder<object>(world, 'dep');
      return run(standIn, emit);
    });
    expect(trace).toMatchObject({ outcome: 'returned [5]', alive: [] });
  });

  it('is none where the stand-in itself has the name of a verb', async () => {
    const trace = await runScenario((world) => {
      const { standIn } = createRecorder<(event: string, listener: () => void) => void>(world, 'on');
      standIn('a', () => undefined);
    });
    expect(traceLines(trace)).toEqual(['on.call("a", [function])', '=> returned undefined']);
  });
});
