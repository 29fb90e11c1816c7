// Everything a plan is written with comes from one place: every codemod, and every kind of claim.
import { expect, it } from 'vitest';
import { codemodNames } from '../../../codemods/cli/codemod-registry.ts';
import * as claims from '../../../codemods/plan/claims/index.ts';
import * as surface from '../../../codemods/plan/index.ts';

it('exports every codemod under its name, every claim, and `use`', () => {
  const exported = Object.values(surface).flatMap((each) => (typeof each === 'object' && 'propose' in each ? [each.name] : []));
  expect(exported.toSorted()).toEqual([...codemodNames()].toSorted());
  expect(Object.keys(surface)).toEqual(expect.arrayContaining(['use', ...Object.keys(claims)]));
});
