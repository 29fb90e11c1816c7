// Names of stand-ins.
import { describe, expect, it } from 'vitest';
import { describeStandIn, markStandIn } from '../../../codemods/proof/stand-in.ts';

describe('describeStandIn', () => {
  it('names an object and a function by their paths', () => {
    expect(describeStandIn(markStandIn({}, 'context.log'))).toBe('<context.log>');
    expect(describeStandIn(markStandIn(() => undefined, 'X().run'))).toBe('<X().run>');
  });

  it('quotes a path that would break the line', () => {
    expect(describeStandIn(markStandIn({}, 'dep.a,b'))).toBe('<"dep.a,b">');
  });

  it('knows nothing of anything else', () => {
    expect(describeStandIn({})).toBeUndefined();
  });

  it('marks the object itself', () => {
    const object = {};
    expect(markStandIn(object, 'a')).toBe(object);
  });
});
