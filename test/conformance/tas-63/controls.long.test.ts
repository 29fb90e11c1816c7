// The positive control: each deviation of the real refactor is flagged at its place, alone and with all others, and nothing else is.
import { describe, expect, it } from 'vitest';
import { catchFindings, controlOf, isAsAnnounced, judge, runControls, visibleDeviations } from './controls.ts';
import type { Control, SubjectDifference } from './controls.ts';
import { parsePatch, readHumanPatches } from './human-edits.ts';
import type { HumanPatch } from './human-edits.ts';

const patches = readHumanPatches();

function patchOf(id: string): HumanPatch {
  const patch = patches.find(({ name }) => name === `${id}.edit`);
  if (patch === undefined) throw new Error(`there is no patch ${id}`);
  return patch;
}

function rows({ name, caught }: Control): readonly string[] {
  return caught.map(
    ({ finding, caught: difference }) =>
      `${name}  ${finding.id} ${finding.kind} at ${finding.place}: ${difference === undefined ? 'NOT CAUGHT' : `${finding.subject}, ${difference.case}`}\n`,
  );
}

describe('the deviations of the real refactor', () => {
  it('are all there: the 25 that are visible at run time', () => {
    expect([...new Set(patches.flatMap(({ findings }) => findings.map(({ id }) => id)))].toSorted()).toEqual(visibleDeviations);
  });

  it.each(patches)('are flagged one by one, by place and kind, and nothing else is: $name', async (patch) => {
    const control = await controlOf([patch]);
    process.stdout.write(rows(control).join(''));
    expect(control).toMatchObject({ name: patch.name.replace('.edit', ''), unexpected: [], unused: [] });
    expect(control.caught.filter(({ caught }) => caught === undefined)).toEqual([]);
    expect(isAsAnnounced(control)).toBe(true);
  });

  it('are flagged all together, and nothing else is', async () => {
    const control = await controlOf(patches);
    expect(control).toMatchObject({ name: 'all together', unexpected: [], unused: [] });
    expect(control.caught.filter(({ caught }) => caught === undefined)).toEqual([]);
    expect(control.caught).toHaveLength(patches.flatMap(({ findings }) => findings).length);
  });

  it('are each a control, and all together one more', async () => {
    const [one, other] = [patchOf('D-01'), patchOf('D-02')];
    expect((await runControls([one, other])).map(({ name }) => name)).toEqual(['D-01', 'D-02', 'all together']);
    expect(await runControls([])).toEqual([]);
  });

  it.each(patches)('are not all flagged without $name', async (left) => {
    const others = patches.filter((patch) => patch !== left);
    const caught = await catchFindings(others, [left]);
    const missed = new Set(caught.filter((each) => each.caught === undefined).map(({ finding }) => finding.id));
    expect([...missed].toSorted()).toEqual([...new Set(left.findings.map(({ id }) => id))].toSorted());
  });
});

describe('a patch that changes more than it announces', () => {
  it('fails the control: an edit of another deviation in it', async () => {
    const [one, other] = [patchOf('D-01'), patchOf('D-25')];
    const control = await controlOf([{ ...one, edits: [...one.edits, ...other.edits] }]);
    expect(control.caught.filter((each) => each.caught === undefined)).toEqual([]);
    expect(new Set(control.unexpected.map(({ subject, kind, place }) => `${subject} ${kind} ${place}`))).toEqual(
      new Set(['request-builder missing effect log.debug']),
    );
    expect(isAsAnnounced(control)).toBe(false);
  });

  it('passes where a policy allows the rest', async () => {
    const [one, other] = [patchOf('D-01'), patchOf('D-25')];
    const policy = [{ id: 'P-1', reason: 'nobody reads it', kind: 'missing effect', place: 'log.debug' }] as const;
    expect(isAsAnnounced(await controlOf([{ ...one, edits: [...one.edits, ...other.edits] }], policy))).toBe(true);
  });
});

describe('what comes along with a deviation', () => {
  const text = `D-01 a change
finds: D-01 | router | one | text-only | log.warn
also: router | * | field-only | log.info | contains b
also with D-02: health | two | alive | alive
--- src/a.ts
<<<<
a
====
b
>>>>
`;
  const patch = parsePatch('D-01.edit', text);
  const other: HumanPatch = { ...patch, name: 'D-02.edit', findings: [], collateral: [] };
  const found: SubjectDifference = { subject: 'router', case: 'one', schedule: 'all', kind: 'text-only', place: 'log.warn' };
  const along: SubjectDifference = { ...found, case: 'any', kind: 'field-only', place: 'log.info', after: 'log.info("b")' };
  const together: SubjectDifference = { ...found, subject: 'health', case: 'two', kind: 'alive', place: 'alive' };

  it('is described by its rows', () => {
    expect(judge([patch], [found, along])).toMatchObject({ caught: [{ caught: found }], unexpected: [], unused: [] });
  });

  it.each<[string, SubjectDifference]>([
    ['subject', { ...along, subject: 'health' }],
    ['kind', { ...along, kind: 'text-only' }],
    ['place', { ...along, place: 'log.warn' }],
    ['text', { ...along, after: 'log.info("c")' }],
    ['case', { ...found, case: 'another' }],
  ])('is unexpected in another %s', (_, difference) => {
    expect(judge([patch], [found, along, difference]).unexpected).toEqual([difference]);
  });

  it('is no longer there: its row is unused', () => {
    expect(judge([patch], [found]).unused).toEqual(['also: router | * | field-only | log.info | contains b']);
  });

  it('counts with another patch only where that is applied, and must be there then', () => {
    expect(judge([patch], [found, along, together]).unexpected).toEqual([together]);
    expect(judge([patch, other], [found, along, together])).toMatchObject({ unexpected: [], unused: [] });
    expect(judge([patch, other], [found]).unused).toEqual(['also with D-02: health | two | alive | alive']);
  });

  it.each([
    ['an unknown row', text.replace('also:', 'and:'), 'found the row "and: router'],
    ['a deviation without an id', text.replace('finds: D-01 |', 'finds:'), 'found the row "finds: router'],
    ['a row without a place', text.replace(' | log.info | contains b', ''), 'has too few cells'],
    ['another last cell', text.replace('contains b', 'has b'), 'the last cell of a row is "has b"'],
    ['no findings', text.replace(/finds.*\n/, ''), 'needs findings and edits'],
    ['no edits', text.replace('<<<<', ''), 'needs findings and edits'],
  ])('is refused with %s', (_, bad, message) => {
    expect(() => parsePatch('D-01.edit', bad)).toThrow(message);
  });
});
