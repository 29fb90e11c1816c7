// The policy of allowed differences.
import { describe, expect, it } from 'vitest';
import type { Difference } from '../../../codemods/proof/compare-traces.ts';
import { definePolicy, PolicyUse } from '../../../codemods/proof/policy.ts';
import type { AllowedDifference, JudgedDifference } from '../../../codemods/proof/policy.ts';

const entry: AllowedDifference = { id: 'P-1', reason: 'the text was wrong', kind: 'text-only', place: 'context.log.*' };
const difference: Difference = { kind: 'text-only', place: 'context.log.debug', before: 'log("a")', after: 'log("b")' };

function refusalOf(act: () => void): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('definePolicy', () => {
  it('takes entries with different ids and a reason each', () => {
    const policy = [entry, { ...entry, id: 'P-2' }];
    expect(definePolicy(policy)).toBe(policy);
  });

  it.each([
    ['an entry without a reason', [{ ...entry, reason: ' ' }], 'P-1 has no reason'],
    ['an entry without an id', [{ ...entry, id: '' }], 'has no id; its reason is "the text was wrong"'],
    ['an id that stands twice', [entry, entry], 'P-1 stands twice'],
  ])('refuses %s', (_, policy, message) => {
    const refused = expect.objectContaining({ code: 'PROOF_POLICY_INVALID', message: expect.stringContaining(message) });
    expect(() => definePolicy(policy)).toThrow(refused);
    expect(() => new PolicyUse(policy)).toThrow(refused);
  });
});

describe('PolicyUse', () => {
  it.each<[string, Partial<AllowedDifference>, readonly Difference[]]>([
    ['allows its kind at its place', {}, []],
    ['allows only its kind', { kind: 'field-only' }, [difference]],
    ['allows only its place', { place: 'context.clock.*' }, [difference]],
    ['allows only its subject', { subject: 'start*' }, [difference]],
    ['allows its subject by glob', { subject: 'process-*' }, []],
    ['allows what contains its text before', { contains: '"a"' }, []],
    ['allows what contains its text after', { contains: '"b"' }, []],
    ['allows only what contains its text', { contains: '"c"' }, [difference]],
  ])('%s', (_, change, remaining) => {
    const policy = new PolicyUse([{ ...entry, ...change }]);
    expect(policy.remaining('process-event', [difference])).toEqual(remaining);
  });

  it.each<[string, string | undefined, number]>([
    ['of its case', 'two mails', 0],
    ['of its case by glob', 'two *', 0],
    ['of no other case', 'one mail', 1],
    ['of every case where it names none', undefined, 0],
  ])('allows differences %s', (_, name, left) => {
    const policy = new PolicyUse([{ ...entry, ...(name === undefined ? {} : { case: name }) }]);
    expect(policy.remaining('a', [{ ...difference, case: 'two mails', schedule: 'all' }])).toHaveLength(left);
    expect(policy.remaining('a', [difference])).toHaveLength(name === undefined ? 0 : 1);
  });

  it.each<[string, readonly JudgedDifference[], string | undefined]>([
    ['two different ones', [difference, { ...difference, after: 'log("c")' }], undefined],
    ['two equal ones of one schedule', [difference, difference], undefined],
    [
      'of equal ones',
      [
        { ...difference, schedule: 'fifo' },
        { ...difference, schedule: 'lifo' },
      ],
      'was used 1 times, expected 2',
    ],
    ['too few', [difference], 'was used 1 times, expected 2'],
    ['none', [], 'was used 0 times, expected 2'],
    ['too many', [difference, difference, difference], 'was used 3 times, expected 2'],
  ])('counts what it allows, several schedules as one: %s', (_, differences, message) => {
    const policy = new PolicyUse([{ ...entry, count: 2 }]);
    expect(policy.remaining('a', differences)).toEqual([]);
    expect(refusalOf(() => policy.assertAllUsed())).toEqual(
      message === undefined
        ? undefined
        : expect.objectContaining({ code: 'PROOF_POLICY_UNUSED', message: expect.stringContaining(message) }),
    );
  });

  it('finds a text only where there is a line', () => {
    const policy = new PolicyUse([{ ...entry, kind: 'outcome', place: 'outcome', contains: 'x' }]);
    const bare: Difference = { kind: 'outcome', place: 'outcome' };
    expect(policy.remaining('a', [bare])).toEqual([bare]);
  });

  it('is content once every entry was used', () => {
    const policy = new PolicyUse([entry]);
    policy.remaining('a', [difference]);
    expect(() => policy.assertAllUsed()).not.toThrow();
  });

  it.each([
    [[entry], 'allowed difference P-1.'],
    [[entry, { ...entry, id: 'P-2' }], 'allowed differences P-1, P-2.'],
  ])('names the entries that nothing used: %#', (policy, message) => {
    expect(() => new PolicyUse(policy).assertAllUsed()).toThrow(
      expect.objectContaining({ code: 'PROOF_POLICY_UNUSED', message: expect.stringContaining(message) }),
    );
  });

  it('uses the first entry that fits, so that a second one for the same is told', () => {
    const policy = new PolicyUse([entry, { ...entry, id: 'P-2' }]);
    policy.remaining('a', [difference]);
    expect(() => policy.assertAllUsed()).toThrow('P-2');
  });
});
