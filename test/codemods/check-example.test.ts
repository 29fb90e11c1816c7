// The runner of examples fails for a codemod that breaks any of the promises it is there to hold.
import { describe, expect, it } from 'vitest';
import type { Codemod } from '../../codemods/kernel/codemod.ts';
import type { ExampleResult } from '../../codemods/kernel/doc-examples.ts';
import type { Proposal } from '../../codemods/kernel/proposal.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { checkExample } from './check-example.ts';

const before = '// why\nexport const a = 1;\n';

function codemodThat(propose: (text: string, out: Proposal, workspace: Workspace) => void): Codemod {
  return {
    name: 'x',
    options: {},
    propose: (workspace, _, out) => propose(workspace.textOf('example.ts') ?? '', out, workspace),
  };
}

function check(codemod: Codemod, result: ExampleResult, text = before): () => void {
  return () => checkExample(codemod, { name: 'x', options: {}, before: { 'example.ts': text }, result });
}

/** Replaces `1` by `2`, once. */
const sound = codemodThat((text, out) => {
  const at = text.indexOf('1');
  if (at >= 0) out.edit('example.ts', [at, at + 1], '2');
});
const changed: ExampleResult = { kind: 'changed', files: { 'example.ts': before.replace('1', '2') } };

describe('checkExample', () => {
  it('passes a sound codemod', () => {
    expect(check(sound, changed)).not.toThrow();
    expect(check(sound, { kind: 'unchanged' }, 'export const a = 2;\n')).not.toThrow();
  });

  it.each<[string, () => void, RegExp]>([
    ['its result is another', check(sound, { kind: 'changed', files: { 'example.ts': before } }), /deeply equal/],
    ['it changes what it is to leave alone', check(sound, { kind: 'unchanged' }), /deeply equal/],
    ['it does what it is to refuse', check(sound, { kind: 'refused', code: 'REFIT_X' }), /not refused/],
    [
      'it refuses what it is to do',
      check(
        codemodThat((_, out) => out.refuse('REFIT_X', undefined, 'No.')),
        changed,
      ),
      /No\./,
    ],
    [
      'it refuses for another reason',
      check(
        codemodThat((_, out) => out.refuse('REFIT_Y', undefined, 'No.')),
        { kind: 'refused', code: 'REFIT_X' },
      ),
      /REFIT_Y/,
    ],
    [
      'a second run finds more to do',
      check(
        codemodThat((text, out) => out.edit('example.ts', [text.length - 2, text.length - 2], '0')),
        {
          kind: 'changed',
          files: { 'example.ts': '// why\nexport const a = 10;\n' },
        },
      ),
      /a second run changes nothing/,
    ],
    [
      'a second run proposes what changes nothing',
      check(
        codemodThat((text, out) => out.edit('example.ts', [text.indexOf('=') + 2, text.length - 2], '2')),
        changed,
      ),
      /a second run proposes nothing/,
    ],
    [
      'it loses a comment that it says it carries',
      check(
        codemodThat((_, out) => out.edit('example.ts', [0, 7], '')),
        { kind: 'changed', files: { 'example.ts': 'export const a = 1;\n' } },
      ),
      /comment would be lost/,
    ],
    ['its example does not compile', check(sound, changed, before.replace('a =', 'a: string =')), /the example compiles/],
    [
      'its result does not compile',
      check(
        codemodThat((text, out) => text.includes('b;') || out.edit('example.ts', [text.length - 3, text.length - 2], 'b')),
        {
          kind: 'changed',
          files: { 'example.ts': '// why\nexport const a = b;\n' },
        },
      ),
      /Cannot find name 'b'/,
    ],
    [
      'it changes the workspace itself',
      check(
        codemodThat((_, out, workspace) => {
          workspace.setText('example.ts', 'export {};\n');
          out.refuse('REFIT_X', undefined, 'No.');
        }),
        { kind: 'refused', code: 'REFIT_X' },
      ),
      /nothing is changed/,
    ],
  ])('fails when %s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
