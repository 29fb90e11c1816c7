// The controlled surroundings of a scenario.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fifo, lifo, seeded } from '../../../codemods/proof/schedule.ts';
import type { Schedule } from '../../../codemods/proof/schedule.ts';
import { World } from '../../../codemods/proof/world.ts';

const worldOf = (schedule: Schedule = fifo, stepBound = 100): World => new World({ schedule, stepBound });

/** Labels in the order in which a schedule releases that many answers. */
function released(schedule: Schedule, count: number): readonly number[] {
  const world = worldOf(schedule);
  const order: number[] = [];
  for (let nr = 0; nr < count; nr += 1) void world.answerLater(`answer ${nr}`, () => order.push(nr));
  while (world.step({ timers: false }));
  return order;
}

describe('a world', () => {
  it('starts on the first of 2026, unless told otherwise', () => {
    expect(worldOf().clock.now().toISOString()).toBe('2026-01-01T00:00:00.000Z');
    expect(new World({ schedule: fifo, startsAtMs: 5 }).nowMs()).toBe(5);
  });

  it('goes on with each reading of a duration, and with each timer', () => {
    const world = worldOf();
    expect([world.clock.monotonicMs(), world.clock.monotonicMs()]).toEqual([1, 2]);
    world.timers.setTimeout(() => undefined, 50);
    expect(world.step({ timers: true })).toBe(true);
    expect(world.nowMs() - Date.UTC(2026, 0, 1)).toBe(52);
  });

  it('never goes back when a timer comes late', () => {
    const world = worldOf();
    world.timers.setTimeout(() => undefined, 1);
    for (let nth = 0; nth < 5; nth += 1) world.monotonicMs();
    world.step({ timers: true });
    expect(world.monotonicMs()).toBe(6);
  });

  it('draws ids that can be told from given ones', () => {
    const { ids } = worldOf();
    expect([ids.uuid(), ids.uuid()]).toEqual(['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']);
  });

  it('releases answers in the order of its schedule', () => {
    expect(released(fifo, 3)).toEqual([0, 1, 2]);
    expect(released(lifo, 3)).toEqual([2, 1, 0]);
  });

  it('releases every answer once, under any schedule', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 30 }), (seed, count) => {
        const order = released(seeded(seed), count);
        expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, nr) => nr));
        expect(order).toEqual(released(seeded(seed), count));
      }),
    );
  });

  it('comes to every order of three answers by some seed', () => {
    const orders = new Set(Array.from({ length: 100 }, (_, seed) => released(seeded(seed), 3).join()));
    expect(orders.size).toBe(6);
  });

  it('rejects an answer whose making throws', async () => {
    const world = worldOf();
    const answer = world.answerLater('a', () => {
      throw new Error('lost');
    });
    world.step({ timers: false });
    await expect(answer).rejects.toThrow('lost');
  });

  it('lets timers fire only when asked, and only where no answer waits', () => {
    const world = worldOf();
    const seen: string[] = [];
    world.timers.setImmediate(() => seen.push('timer'));
    void world.answerLater('a', () => seen.push('answer'));
    expect(world.step({ timers: true })).toBe(true);
    expect(world.step({ timers: false })).toBe(false);
    expect(world.step({ timers: true })).toBe(true);
    expect(world.step({ timers: true })).toBe(false);
    expect(seen).toEqual(['answer', 'timer']);
  });

  it('notes what a timer throws as an effect', () => {
    const world = worldOf();
    world.timers.setImmediate(() => {
      throw new Error('late');
    });
    world.step({ timers: true });
    expect(world.effects).toEqual([
      { flow: 'main', target: 'process', operation: 'uncaughtException', args: [new Error('late')] },
    ]);
  });

  it('notes effects under the flow they happen in, across what it awaits', async () => {
    const world = worldOf();
    const note = (operation: string) => world.record({ target: 'x', operation, args: [] });
    await Promise.all([
      world.flow('one', async () => {
        note('a');
        await Promise.resolve();
        note('b');
      }),
      world.flow('other', async () => {
        await Promise.resolve();
        note('c');
        world.enterFlow('third');
        note('d');
      }),
    ]);
    note('e');
    const flows = Object.fromEntries(world.effects.map(({ operation, flow }) => [operation, flow]));
    expect(flows).toEqual({ a: 'one', b: 'one', c: 'other', d: 'third', e: 'main' });
  });

  it('answers with what a flow answers', () => {
    expect(worldOf().flow('one', () => 7)).toBe(7);
  });

  it('lists what is alive, with how often', () => {
    const world = worldOf();
    const [one, other] = [world.keepAlive('loop'), world.keepAlive('loop')];
    void world.answerLater('db.find', () => undefined);
    world.timers.setTimeout(() => undefined, 5);
    expect(world.alive()).toEqual(['answer db.find', 'loop (2)', 'timeout 5 ms']);
    one();
    one();
    expect(world.alive()).toContain('loop');
    other();
    world.step({ timers: true });
    expect(world.alive()).toEqual(['timeout 5 ms']);
  });

  describe('that takes too many steps', () => {
    const tooMany = expect.objectContaining({ code: 'PROOF_SCENARIO_DOES_NOT_END' });

    it('throws at the first step over its bound, and at each after it', () => {
      const world = worldOf(fifo, 3);
      for (let nth = 0; nth < 3; nth += 1) world.countStep();
      expect(world.isEndless).toBe(false);
      expect(() => world.countStep()).toThrow(tooMany);
      expect(() => world.countStep()).toThrow('more than 3 steps');
      expect(world.isEndless).toBe(true);
      expect(world.steps).toBe(5);
    });

    it('names the last effect', () => {
      const world = worldOf(fifo, 0);
      expect(() => world.countStep()).toThrow('last effect: none');
      world.record({ target: 'db', operation: 'find', args: [] });
      expect(() => world.countStep()).toThrow('last effect: db.find');
    });

    it('counts answers and timers', () => {
      const world = worldOf(fifo, 1);
      void world.answerLater('a', () => undefined);
      world.step({ timers: true });
      world.timers.setImmediate(() => undefined);
      expect(() => world.step({ timers: true })).toThrow(tooMany);
    });

    it('counts twenty statements as a step', () => {
      const world = worldOf(fifo, 2);
      for (let nth = 0; nth < 40; nth += 1) world.countStatement();
      expect(() => world.countStatement()).toThrow(tooMany);
      expect(world.isEndless).toBe(true);
    });

    it('tells of no error but its own', () => {
      const world = worldOf(fifo, 1);
      world.timers.setImmediate(() => {
        world.countStep();
        world.countStep();
      });
      world.step({ timers: true });
      world.recordUnhandled('unhandledRejection', new Error('a'));
      expect(world.effects).toEqual([]);
      expect(() => world.countStep()).toThrow(tooMany);
    });
  });
});
