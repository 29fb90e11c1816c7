// Normalisers: what says nothing about behaviour.
import { describe, expect, it } from 'vitest';
import { clockStartsAtMs, clockWindowMs, durations, randomIds, timestamps } from '../../../codemods/proof/normalisers.ts';
import { renderValue } from '../../../codemods/proof/render-value.ts';
import { fifo } from '../../../codemods/proof/schedule.ts';
import { World } from '../../../codemods/proof/world.ts';

const drawnId = '00000000-0000-4000-8000-00000000002a';

describe('normalisers', () => {
  it('replace numbers in fields of durations, and nothing else of the name', () => {
    const normaliser = durations(['latencyMs', 'ageMs']);
    expect(renderValue({ latencyMs: 3, ageMs: 'old', other: { latencyMs: 4 }, count: 5 }, [normaliser])).toBe(
      '{ageMs: "old", count: 5, latencyMs: <ms>, other: {latencyMs: <ms>}}',
    );
    expect(normaliser.describe).toBe('numbers in latencyMs, ageMs');
  });

  it.each<[string, number, string]>([
    ['the start of the clock', clockStartsAtMs, '<time>'],
    ['the last millisecond of its day', clockStartsAtMs + clockWindowMs - 1, '<time>'],
    ['a day late', clockStartsAtMs + clockWindowMs, 'Date(2026-01-02T00:00:00.000Z)'],
    ['a millisecond early', clockStartsAtMs - 1, 'Date(2025-12-31T23:59:59.999Z)'],
    ['1970', 0, 'Date(1970-01-01T00:00:00.000Z)'],
    ['no time', Number.NaN, 'Date(invalid)'],
  ])('replace dates that the clock can have said: %s', (_, ms, expected) => {
    expect(renderValue(new Date(ms), [timestamps])).toBe(expected);
  });

  it('leave what is no date', () => {
    expect(renderValue(['Date', clockStartsAtMs], [timestamps])).toBe(`["Date", ${clockStartsAtMs}]`);
  });

  it('know the clock of a world', () => {
    expect(new World({ schedule: fifo }).nowMs()).toBe(clockStartsAtMs);
  });

  it('replace ids that the controlled source drew, also inside texts and every time', () => {
    const given = '7e4c1f0a-0000-4000-8000-000000000001';
    const rendered = () => renderValue([drawnId, `task ${drawnId} of ${drawnId}`, given, 7], [randomIds]);
    expect(rendered()).toBe(`["<id>", "task <id> of <id>", "${given}", 7]`);
    expect(rendered()).toBe(rendered());
  });

  it('come in order: the first that replaces a value decides', () => {
    const first = { name: 'first', describe: 'all', replace: () => '<first>' };
    expect(renderValue(new Date(clockStartsAtMs), [first, timestamps])).toBe('<first>');
  });
});
