// The handler registry: which callables it knows, and when its list is all there is (spec 10.6).
import { describe, expect, it } from 'vitest';
import { createHandlerRegistry } from '../../src/worker/handler-registry.ts';

describe('a handler registry', () => {
  it.each([
    ['a registered name', { callable: 'pay' }, true],
    ['a name of another worker', { callable: 'ship' }, false],
    ['a name that a further resolver finds', { callable: 'dynamic.pay' }, true],
    ['a name that the resolver asked for does not find', { callable: 'pay', resolver: 'dynamic' }, false],
    ['a method that is missing: that is for resolve to say', { callable: 'pay', method: 'refund' }, true],
    ['a resolver that is not there: that too', { callable: 'pay', resolver: 'nobody' }, true],
  ])('knows or not: %s', (_what, query, knows) => {
    const registry = createHandlerRegistry({ pay: () => 1 });
    registry.addResolver({
      name: 'dynamic',
      priority: 50,
      resolve: (callable) => (callable.startsWith('dynamic.') ? () => 2 : undefined),
    });
    expect(registry.knows(query)).toBe(knows);
  });

  it('tells all its names until a resolver may know more', () => {
    const registry = createHandlerRegistry({ b: () => 1, a: () => 1 });
    expect({ list: registry.list(), isListed: registry.isListed() }).toEqual({ list: ['a', 'b'], isListed: true });
    registry.addResolver({ name: 'dynamic', priority: 50, resolve: () => undefined });
    expect(registry.isListed()).toBe(false);
  });
});
