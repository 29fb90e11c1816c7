// Objects that stay real while their changes are noted.
import { describe, expect, it } from 'vitest';
import { fifo } from '../../../codemods/proof/schedule.ts';
import { describeStandIn } from '../../../codemods/proof/stand-in.ts';
import { watch } from '../../../codemods/proof/watch.ts';
import type { WatchOptions } from '../../../codemods/proof/watch.ts';
import { World } from '../../../codemods/proof/world.ts';

function statistics() {
  return {
    count: 1,
    atMs: 10,
    name: 'a',
    list: [3, 1] as unknown[],
    map: new Map<string, number>(),
    set: new Set<number>(),
    none: undefined as unknown,
    [Symbol.for('s')]: 1,
    grow(by: number) {
      this.count += by;
      return this.count;
    },
  };
}

function watched(options: WatchOptions = {}) {
  const world = new World({ schedule: fifo });
  const object = statistics();
  const view = watch(world, 'stats', { object, ...options });
  return {
    object,
    view,
    lines: () => world.effects.map(({ target, operation, args }) => `${target}.${operation} ${JSON.stringify(args)}`),
  };
}

describe('watch', () => {
  it('notes changes of numbers as differences, other writes as they are', () => {
    const { view, object, lines } = watched();
    view.count += 2;
    view.name = 'b';
    view.none = 5;
    view.none = 7;
    expect(lines()).toEqual(['stats.add ["count",2]', 'stats.set ["name","b"]', 'stats.set ["none",5]', 'stats.add ["none",2]']);
    expect(object).toMatchObject({ count: 3, name: 'b', none: 7 });
  });

  it('notes numbers that are no counters as they are', () => {
    const { view, lines } = watched({ stamps: ['atMs'] });
    view.atMs = 25;
    expect(lines()).toEqual(['stats.set ["atMs",25]']);
  });

  it('notes only the fields that were named', () => {
    const { view, object, lines } = watched({ fields: ['name'] });
    view.count = 9;
    view.name = 'b';
    Reflect.deleteProperty(view, 'count');
    Reflect.deleteProperty(view, 'name');
    expect(lines()).toEqual(['stats.set ["name","b"]', 'stats.delete ["name"]']);
    expect('name' in object || 'count' in object).toBe(false);
  });

  it('notes the removal of fields', () => {
    const { view, lines } = watched();
    Reflect.deleteProperty(view, 'none');
    Reflect.deleteProperty(view, Symbol.for('s'));
    expect(lines()).toEqual(['stats.delete ["none"]']);
  });

  it('does not note symbols', () => {
    const { view, object, lines } = watched();
    view[Symbol.for('s')] = 2;
    expect(view[Symbol.for('s')]).toBe(2);
    expect(object[Symbol.for('s')]).toBe(2);
    expect(lines()).toEqual([]);
  });

  it('notes what a method writes where its call is not noted', () => {
    const { view, lines } = watched();
    expect(view.grow(2)).toBe(3);
    expect(lines()).toEqual(['stats.add ["count",2]']);
  });

  it('notes the calls of named methods, which work on the object itself', () => {
    const { view, object, lines } = watched({ methods: ['grow', 'name'] });
    expect(view.grow(2)).toBe(3);
    expect(view.name).toBe('a');
    expect(object.count).toBe(3);
    expect(lines()).toEqual(['stats.grow [2]']);
  });

  it('notes what changes collections, and not what reads them', () => {
    const { view, object, lines } = watched({ collections: ['list', 'map', 'set', 'none', 'name'] });
    expect(view.list.push(2)).toBe(3);
    expect(view.list.length).toBe(3);
    expect([...view.list]).toEqual([3, 1, 2]);
    expect(view.list.map(String)).toEqual(['3', '1', '2']);
    view.set.add(1);
    expect(view.set.has(1) && view.set.size === 1).toBe(true);
    expect(view.map.get('a')).toBeUndefined();
    expect(view.none).toBeUndefined();
    expect(view.name).toBe('a');
    expect(lines()).toEqual(['stats.list.push [2]', 'stats.set.add [1]']);
    expect(object.list).toEqual([3, 1, 2]);
  });

  it('goes on watching a collection that a change answers with', () => {
    const { view, lines } = watched({ collections: ['list', 'map'] });
    view.map.set('a', 1).set('b', 2);
    view.list.fill(0).push(4);
    expect(lines()).toEqual(['stats.map.set ["a",1]', 'stats.map.set ["b",2]', 'stats.list.fill [0]', 'stats.list.push [4]']);
  });

  it('notes writes into a list by its indexes and its length', () => {
    const { view, object, lines } = watched({ collections: ['list'] });
    view.list[0] = 7;
    view.list.length = 1;
    Reflect.set(view.list, Symbol.for('s'), 1);
    expect(lines()).toEqual(['stats.list.set ["0",7]', 'stats.list.set ["length",1]']);
    expect([...object.list]).toEqual([7]);
  });

  it('is named in a trace by its path', () => {
    expect(describeStandIn(watched().view)).toBe('<stats>');
  });
});
