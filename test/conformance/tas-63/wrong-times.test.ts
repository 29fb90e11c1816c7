// Times that the clock did not say: no normaliser hides them.
import { describe, expect, it } from 'vitest';
import { requireGolden } from '../../../codemods/proof/golden-store.ts';
import { clockStartsAtMs, clockWindowMs } from '../../../codemods/proof/normalisers.ts';
import { compareWithGolden } from '../../../codemods/proof/prove.ts';
import { renderValue } from '../../../codemods/proof/render-value.ts';
import { goldenFolder } from './controls.ts';
import { storedTimes } from './recorded-database.ts';
import { requestBuilder } from './subjects/request-builder.ts';
import { epochTimes } from './surroundings.ts';
import { openSystem, textOf } from './system.ts';

const lateMs = clockStartsAtMs + clockWindowMs;

describe('the normalisers of times', () => {
  it('replace numbers that the clock can have said, and no others', () => {
    expect(renderValue([clockStartsAtMs, lateMs - 1, lateMs, clockStartsAtMs - 1, 7], [epochTimes])).toBe(
      `[<time>, <time>, ${lateMs}, ${clockStartsAtMs - 1}, 7]`,
    );
  });

  it('replace stored texts that the clock can have said, and no others', () => {
    const late = new Date(lateMs).toISOString();
    expect(renderValue([{ at: new Date(clockStartsAtMs).toISOString() }, { at: late }, { at: 'soon' }], [storedTimes])).toBe(
      `[{at: <time>}, {at: "${late}"}, {at: "soon"}]`,
    );
  });
});

describe('a request of a step with a wrong time', () => {
  const path = 'src/orchestration/viable-step-discovery.ts';
  const created = 'createdAt: this.clock.now(),';

  it.each([
    ['1970', 'new Date(0)'],
    ['a day late', 'new Date(this.clock.now().getTime() + 86_400_000)'],
    ['a day early', 'new Date(this.clock.now().getTime() - 86_400_000)'],
  ])('is seen: %s', async (_, wrong) => {
    expect(textOf(path)).toContain(created);
    const subject = openSystem({ overlay: new Map([[path, textOf(path).replace(created, `createdAt: ${wrong},`)]]) });
    const scenarios = requestBuilder.scenarios.filter(({ name }) => name === 'three steps');
    const differences = await compareWithGolden(
      { ...requestBuilder, scenarios },
      subject,
      requireGolden(goldenFolder, requestBuilder),
    );
    expect(differences.map(({ place }) => place)).toContain('outcome');
  });
});
