// What a watcher is told of a task, and that nothing which happens after the view has opened is left out.
import { describe, expect, it } from 'vitest';
import { startLiveView } from '../../../src/cli/views/live-view.ts';
import { silentLogger } from '../../../src/domain/ports.ts';
import type { TransitionRecord } from '../../../src/store/store.ts';
import { createFakeClock } from '../../../src/testing/fake-clock.ts';

function step(subject: string, to: string, at: number): TransitionRecord {
  return { subject, to, at, sortKey: at, from: undefined, actorUuid: undefined, metadata: undefined };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function watched(joined: boolean, history: readonly TransitionRecord[]) {
  const transitions = [...history];
  let failures = 0;
  const printed: string[] = [];
  const clock = createFakeClock();
  const store = {
    taskDetails: () => Promise.resolve(undefined),
    // As of when the database answers, not of when it was asked.
    taskTransitions: async () => {
      await turn();
      if (failures === 0) return [...transitions];
      failures -= 1;
      throw new Error('the database is away');
    },
  };
  const output = { isTTY: false, write: (text: string) => printed.push(text) > 0 };
  const view = startLiveView({ store, taskUuid: 'a', joined, output, clock, logger: silentLogger });
  const fail = (times: number) => (failures = times);
  /** The next look, read and printed. */
  const later = async () => {
    clock.advance(120);
    await turn();
    await turn();
  };
  return { view, printed, later, happen: (record: TransitionRecord) => transitions.push(record), fail };
}

const before = step('validate', 'complete', 1_000);
const after = step('ship', 'complete', 3_500);

describe('the live view of a task', () => {
  it('tells who joined everything that happens once it has opened, even before its second look', async () => {
    const { view, printed, happen } = watched(true, [before]);
    const open = await view;
    happen(after);
    await open.stop();
    expect(printed).toEqual(['    2.50 s  ship: complete\n']);
  });

  it('tells who created the task what happened before, too, and each change once', async () => {
    const { view, printed, later, happen } = watched(false, [step('task', 'initializing', 500), before]);
    const open = await view;
    expect(printed).toEqual(['    0.50 s  validate: complete\n']);
    happen(after);
    await later();
    await later();
    await open.stop();
    expect(printed).toEqual(['    0.50 s  validate: complete\n', '    3.00 s  ship: complete\n']);
  });

  it('goes on after a look that failed', async () => {
    const { view, printed, later, happen, fail } = watched(false, []);
    const open = await view;
    fail(1);
    await later();
    happen(after);
    await later();
    expect(printed).toEqual(['    0.00 s  ship: complete\n']);
    await open.stop();
    await open.stop();
  });
});
