// Which parts of a template have no effect in this version, told by their paths.
import { describe, expect, it } from 'vitest';
import { ignoredKeys } from '../../../src/domain/template/ignored-keys.ts';
import { validateTemplate } from '../../../src/domain/template/parse-template.ts';

const handler = { callable: 'work' };
const plain = { name: 't', namespace_name: 'n', version: '1.0.0', steps: [{ name: 'a', handler }] };

describe('a template is ignored', () => {
  it.each([
    ['in nothing when all of it counts', {}, []],
    ['in its domain events', { domain_events: [{ name: 'paid' }] }, ['domain_events']],
    ['in the schema of its context', { input_schema: {} }, ['input_schema']],
    ['in its environments', { environments: { test: {} } }, ['environments']],
    ['in its lifecycle', { lifecycle: {} }, ['lifecycle']],
    [
      'in the events of a step',
      { steps: [{ name: 'a', handler, publishes_events: [{ name: 'a.b' }] }] },
      ['steps[0].publishes_events'],
    ],
    [
      'in the schema of a result',
      { steps: [...plain.steps, { name: 'b', handler, result_schema: {} }] },
      ['steps[1].result_schema'],
    ],
  ])('%s', (_where, more, keys) => {
    expect(ignoredKeys(validateTemplate({ ...plain, ...more }, 't'))).toEqual(keys);
  });
});
