// When announcements go out: local ones in the same tick, the first to others at once, the following every 5 ms.
import { describe, expect, it } from 'vitest';
import type { Logger } from '../../../../src/domain/ports.ts';
import { silentLogger } from '../../../../src/domain/ports.ts';
import type { Announcement } from '../../../../src/messaging/providers/pgmq/announcement.ts';
import { Announcer, coalesceMs } from '../../../../src/messaging/providers/pgmq/announcer.ts';
import { createFakeClock } from '../../../../src/testing/fake-clock.ts';

function openAnnouncer(
  overrides: { readonly send?: () => Promise<void>; readonly logger?: Logger; readonly burst?: number } = {},
) {
  const clock = createFakeClock();
  const local: Announcement[] = [];
  const statements: (readonly Announcement[])[] = [];
  const announcer = new Announcer({
    clock,
    logger: overrides.logger ?? silentLogger,
    burst: overrides.burst ?? 1,
    tellLocal: (announcement) => void local.push(announcement),
    tellOthers(announcements) {
      statements.push(announcements);
      return overrides.send?.() ?? Promise.resolve();
    },
  });
  const sentIds = () => statements.map((statement) => statement.map(({ queueName, messageIds }) => [queueName, ...messageIds]));
  return { announcer, clock, local, statements, sentIds };
}

const tick = () => Promise.resolve();

describe('announcer', () => {
  it('sends the first announcement of a quiet period at once, without the clock', async () => {
    const { announcer, sentIds, local } = openAnnouncer();
    announcer.announce('a', ['1']);
    expect(local).toEqual([]);
    await tick();
    expect(sentIds()).toEqual([[['a', '1']]]);
    expect(local).toEqual([{ queueName: 'a', messageIds: ['1'], messageCount: 1, truncated: false }]);
  });

  it('makes one statement of what is announced in one tick, over all queues', async () => {
    const { announcer, sentIds, local } = openAnnouncer();
    announcer.announce('a', ['1']);
    announcer.announce('b', ['2']);
    announcer.announce('a', ['3', '4']);
    await tick();
    expect(sentIds()).toEqual([
      [
        ['a', '1', '3', '4'],
        ['b', '2'],
      ],
    ]);
    expect(local.map(({ queueName, messageCount }) => [queueName, messageCount])).toEqual([
      ['a', 3],
      ['b', 1],
    ]);
  });

  it('holds what follows until the window ends, and tells local subscribers meanwhile', async () => {
    const { announcer, clock, sentIds, local } = openAnnouncer();
    for (const id of ['1', '2', '3']) {
      announcer.announce('a', [id]);
      await tick();
    }
    expect([sentIds().length, local.length]).toEqual([1, 3]);
    await clock.advanceAsync(coalesceMs - 1);
    expect(sentIds()).toHaveLength(1);
    await clock.advanceAsync(1);
    expect(sentIds()).toEqual([[['a', '1']], [['a', '2', '3']]]);
  });

  it('sends at most one statement per window under a steady stream, and none when it is quiet', async () => {
    const { announcer, clock, statements } = openAnnouncer();
    for (let ms = 0; ms < 50; ms += 1) {
      announcer.announce('a', [String(ms)]);
      await clock.advanceAsync(1);
    }
    expect(statements.length).toBeLessThanOrEqual(11);
    await clock.advanceAsync(100);
    expect(statements.flat().flatMap(({ messageIds }) => messageIds)).toHaveLength(50);
    expect(clock.pendingCount()).toBe(0);
    announcer.announce('a', ['late']);
    await tick();
    expect(statements.at(-1)?.[0]?.messageIds).toEqual(['late']);
  });

  it('lets a burst go out at once, then one per window, and earns the burst back while it is quiet', async () => {
    const { announcer, clock, sentIds } = openAnnouncer({ burst: 3 });
    const announceFive = async (name: string) => {
      for (const nr of [1, 2, 3, 4, 5]) {
        announcer.announce(name, [String(nr)]);
        await clock.advanceAsync(0);
      }
    };
    await announceFive('a');
    expect(sentIds()).toEqual([[['a', '1']], [['a', '2']], [['a', '3']]]);
    await clock.advanceAsync(coalesceMs);
    expect(sentIds().slice(3)).toEqual([[['a', '4', '5']]]);
    await clock.advanceAsync(3 * coalesceMs);
    await announceFive('b');
    expect(sentIds().slice(4)).toEqual([[['b', '1']], [['b', '2']], [['b', '3']]]);
    await announcer.close();
  });

  it('never has two statements under way: a slow server makes them fewer', async () => {
    let underWay = 0;
    let most = 0;
    const finish: (() => void)[] = [];
    const send = () => {
      underWay += 1;
      most = Math.max(most, underWay);
      return new Promise<void>((resolve) => void finish.push(resolve)).then(() => void (underWay -= 1));
    };
    const { announcer, clock, statements } = openAnnouncer({ send });
    for (let ms = 0; ms < 30; ms += 1) {
      announcer.announce('a', [String(ms)]);
      await clock.advanceAsync(1);
    }
    expect(statements).toHaveLength(1);
    finish.shift()?.();
    await clock.advanceAsync(0);
    expect(statements.map((statement) => statement[0]?.messageCount)).toEqual([1, 29]);
    expect(most).toBe(1);
  });

  it('says truncated when the ids are unknown or too many to remember', async () => {
    const { announcer, local } = openAnnouncer();
    announcer.announce('a', []);
    announcer.announce(
      'b',
      Array.from({ length: 6_000 }, (_, index) => String(index)),
    );
    await tick();
    expect(local.map(({ messageIds, messageCount, truncated }) => [messageIds.length, messageCount, truncated])).toEqual([
      [0, 0, true],
      [4_000, 6_000, true],
    ]);
  });

  it('drops what fails with one warning per outage, counts it, and says when it works again', async () => {
    const said: string[] = [];
    const logger = {
      ...silentLogger,
      warn: (_fields: unknown, message: string) => void said.push(message),
      info: (_fields: unknown, message: string) => void said.push(message),
    };
    let broken = true;
    const { announcer, clock } = openAnnouncer({ logger, send: () => (broken ? Promise.reject(new Error('down')) : tick()) });
    for (const id of ['1', '2', '3']) {
      if (id === '3') broken = false;
      announcer.announce('a', [id]);
      await clock.advanceAsync(coalesceMs);
    }
    expect(said).toEqual(['announcements are dropped; other processes find messages by polling', 'announcements go out again']);
    expect(announcer.counts()).toEqual({ sentStatements: 1, droppedAnnouncements: 2 });
  });

  it('sends what is pending when it closes, once, and nothing afterwards', async () => {
    const { announcer, clock, sentIds } = openAnnouncer();
    announcer.announce('a', ['1']);
    await tick();
    announcer.announce('a', ['2']);
    await announcer.close();
    await announcer.close();
    announcer.announce('a', ['3']);
    await clock.advanceAsync(100);
    expect(sentIds()).toEqual([[['a', '1']], [['a', '2']]]);
    expect(clock.pendingCount()).toBe(0);
  });
});
