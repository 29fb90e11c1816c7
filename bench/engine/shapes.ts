// The two measured tasks: four steps in a row, and a diamond; their handlers do nothing.
import { validateTemplate } from '../../src/index.ts';
import type { TaskTemplate } from '../../src/index.ts';

const edges: Readonly<Record<'linear4' | 'diamond4', Readonly<Record<string, readonly string[]>>>> = {
  linear4: { a: [], b: ['a'], c: ['b'], d: ['c'] },
  diamond4: { a: [], b: ['a'], c: ['a'], d: ['b', 'c'] },
};

export type Shape = keyof typeof edges;
export const shapes = ['linear4', 'diamond4'] as const satisfies readonly Shape[];

export function templateOf(shape: Shape): TaskTemplate {
  return validateTemplate(
    {
      name: shape,
      namespace_name: 'bench',
      version: '1.0.0',
      identity_strategy: 'always_unique',
      steps: Object.entries(edges[shape]).map(([name, dependencies]) => ({ name, dependencies, handler: { callable: 'noop' } })),
    },
    shape,
  );
}

export const handlers = { noop: () => ({ ok: true }) };
