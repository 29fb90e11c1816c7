// What the check of a template's steps says of a dependency that does not exist, by how many other steps there are.
import { expect, it } from 'vitest';
import { validateTemplate } from '../../../src/domain/template/parse-template.ts';
import { thrownBy } from '../thrown-by.ts';

it.each([
  [['load'], 'which is no step of this template; there is no other step. Remove it, or add that step.'],
  [['load', ''], 'which is no step of this template; there is no other step. Remove it, or add that step.'],
  [['load', 'pack'], 'which is no step of this template; expected one of pack.'],
  [['load', 'pack', 'ship'], 'which is no step of this template; expected one of pack, ship.'],
])('an unknown dependency among the steps %j', (names, message) => {
  const steps = names.map((name) => ({ name, handler: { callable: 'work' }, dependencies: name === 'load' ? ['x'] : [] }));
  const template = { name: 't', namespace_name: 'n', version: '1.0.0', steps };
  expect(thrownBy(() => validateTemplate(template, 'built'))).toMatchObject({
    message: expect.stringContaining(`steps[0].dependencies[0]: found the dependency "x", ${message}`) as unknown,
  });
});
