// Rule: no lock around a counter.
import { describe, expect, it } from 'vitest';
import { lockFreeStatisticsRule } from '../../../codemods/checks/lock-free-statistics.ts';
import { messagesOf, placesOf } from './rule-run.ts';

describe('lock-free-statistics', () => {
  it.each([
    ["import { x } from 'async-mutex';", 'imports async-mutex'],
    ['withLock(() => { count += 1; });', 'uses `withLock`'],
    ['const semaphore = 1;', 'uses `semaphore`'],
    ['class S { async increment() {} }', 'has an async function'],
    ['const add = async () => {};', 'has an async function'],
    ['for await (const a of b) {}\nawait c;', 'awaits'],
    ['Atomics.add(slots, 0, 1);', 'uses Atomics.add'],
  ])('finds %s', (text, says) => {
    expect(messagesOf(lockFreeStatisticsRule, 'src/orchestration/commands/processing-stats.ts', text)).toContainEqual(
      expect.stringContaining(says),
    );
  });

  it.each([
    'const clock = 1; const blocked = 2; const deadlocks = 3;',
    'Atomics.load(slots, 0);',
    'class S { increment() { this.count += 1; } }',
  ])('lets %s be', (text) => {
    expect(messagesOf(lockFreeStatisticsRule, 'src/orchestration/event-systems/orchestration-statistics.ts', text)).toEqual([]);
  });

  it('looks into classes called statistics wherever they are, and at nothing else there', () => {
    const text = 'await a;\nclass PollerStatistics {\n  async add() {}\n}\nclass Poller {\n  async run() {}\n}';
    expect(placesOf(lockFreeStatisticsRule, { 'src/orchestration/poller.ts': text })).toEqual(['src/orchestration/poller.ts:3']);
  });
});
