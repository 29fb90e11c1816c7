// Lines of named declarations.
import { describe, expect, it } from 'vitest';
import { memberRange } from '../../../codemods/proof/member-range.ts';

const text = `export interface Thing { a: 1 }
/** Not included. */
export class Thing {
  a = 1;
  #secret = 2;
  constructor() {
    this.a = 2;
  }
  get size(): number { return 1; }
  set size(value: number) {
    this.a = value;
  }
  run(x: string): void;
  run(x: number): void;
  run(x: unknown): void {
    void x;
  }
}
type work = string;
export function work(a: string): void;
export function work(a: unknown): void {
  void a;
}
export const one = 1, two = 2;
import 'x';
export interface Only { b: 1 }
`;

describe('memberRange', () => {
  it.each([
    ['Thing', 3, 18],
    ['Thing.a', 4, 4],
    ['Thing.#secret', 5, 5],
    ['Thing.constructor', 6, 8],
    ['Thing.size', 9, 12],
    ['Thing.run', 13, 17],
    ['work', 20, 23],
    ['one, two', 24, 24],
  ])('finds %s', (name, from, to) => {
    expect(memberRange('a.ts', text, name)).toEqual({ path: 'a.ts', from, to });
  });

  it.each([
    ['nothing', 'a.ts declares no nothing; it has Thing, Thing, work, work, work, one, two, Only.'],
    ['Thing.nothing', 'a.ts declares no Thing.nothing; it has a, #secret, constructor, size, size, run, run, run.'],
    ['work.run', 'a.ts declares no work.run; it has nothing of that kind.'],
    ['Only.b', 'a.ts declares no Only.b; it has nothing of that kind.'],
  ])('says what there is instead of %s', (name, message) => {
    expect(() => memberRange('a.ts', text, name)).toThrow(expect.objectContaining({ code: 'PROOF_SUBJECT_NOT_LOADED', message }));
  });

  it('says that an empty file has nothing', () => {
    expect(() => memberRange('a.ts', '', 'a')).toThrow('it has nothing of that kind');
  });
});
