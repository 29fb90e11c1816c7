// Normalisers: what says nothing about behaviour.
import { describe, expect, it } from 'vitest';
import { durations, randomIds, timestamps } from '../../../codemods/proof/normalisers.ts';
import { renderValue } from '../../../codemods/proof/render-value.ts';

const drawnId = '00000000-0000-4000-8000-00000000002a';

describe('normalisers', () => {
  it('replace numbers in fields of durations, and nothing else of the name', () => {
    const normaliser = durations(['latencyMs', 'ageMs']);
    expect(renderValue({ latencyMs: 3, ageMs: 'old', other: { latencyMs: 4 }, count: 5 }, [normaliser])).toBe(
      '{ageMs: "old", count: 5, latencyMs: <ms>, other: {latencyMs: <ms>}}',
    );
    expect(normaliser.describe).toBe('numbers in latencyMs, ageMs');
  });

  it('replace dates, but for invalid ones', () => {
    expect(renderValue([new Date(0), new Date(Number.NaN), 'Date'], [timestamps])).toBe('[<time>, Date(invalid), "Date"]');
  });

  it('replace ids that the controlled source drew, also inside texts and every time', () => {
    const given = '7e4c1f0a-0000-4000-8000-000000000001';
    const rendered = () => renderValue([drawnId, `task ${drawnId} of ${drawnId}`, given, 7], [randomIds]);
    expect(rendered()).toBe(`["<id>", "task <id> of <id>", "${given}", 7]`);
    expect(rendered()).toBe(rendered());
  });

  it('come in order: the first that replaces a value decides', () => {
    const first = { name: 'first', describe: 'all', replace: () => '<first>' };
    expect(renderValue(new Date(0), [first, timestamps])).toBe('<first>');
  });
});
