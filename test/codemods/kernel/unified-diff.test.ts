// Unified diffs: what they look like, and that other tools apply them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../../codemods/kernel/unified-diff.ts';

function diff(before: string | undefined, after: string | undefined): string {
  return unifiedDiff([{ path: '/root/src/a.ts', before, after }], '/root');
}

describe('unifiedDiff', () => {
  it('shows three lines around a change, with paths relative to the root', () => {
    const lines = Array.from({ length: 9 }, (_, at) => `line ${String(at + 1)}\n`);
    expect(diff(lines.join(''), lines.with(4, 'changed\n').join(''))).toBe(
      [
        'diff --git a/src/a.ts b/src/a.ts',
        '--- a/src/a.ts',
        '+++ b/src/a.ts',
        '@@ -2,7 +2,7 @@',
        ' line 2',
        ' line 3',
        ' line 4',
        '-line 5',
        '+changed',
        ' line 6',
        ' line 7',
        ' line 8',
        '',
      ].join('\n'),
    );
  });

  it('shows a new file and a deleted one against /dev/null', () => {
    expect(diff(undefined, 'a\n')).toBe(
      'diff --git a/src/a.ts b/src/a.ts\nnew file mode 100644\n--- /dev/null\n+++ b/src/a.ts\n@@ -0,0 +1,1 @@\n+a\n',
    );
    expect(diff('a\n', undefined)).toBe(
      'diff --git a/src/a.ts b/src/a.ts\ndeleted file mode 100644\n--- a/src/a.ts\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n',
    );
  });

  it('says where the newline at the end is missing', () => {
    expect(diff('a\nb', 'a\nc\n')).toContain('-b\n\\ No newline at end of file\n+c\n');
  });

  it('is empty when nothing changed, and leaves out files that did not', () => {
    expect(diff('a\n', 'a\n')).toBe('');
    const files = [
      { path: '/root/a.ts', before: 'a\n', after: 'a\n' },
      { path: '/root/b.ts', before: 'a\n', after: 'b\n' },
    ];
    expect(unifiedDiff(files, '/root')).toMatch(/^diff --git a\/b\.ts b\/b\.ts\n/);
  });

  it('gives the text after when it is applied to the text before', () => {
    const text = fc.array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', 'last'), { maxLength: 12 }).map((lines) => lines.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const patch = diff(before, after);
        expect(patch === '' ? before : applyPatch(before, patch, { autoConvertLineEndings: false })).toBe(after);
      }),
    );
  });

  it('is taken by git: edits, CRLF, a byte order mark, new, empty, deleted files', () => {
    const root = mkdtempSync(join(tmpdir(), 'refit-diff-'));
    const before: Readonly<Record<string, string>> = {
      'a.ts': 'one\r\ntwo\r\nthree',
      'b.ts': '\uFEFFfirst\nsecond\n',
      'gone.ts': 'x\n',
    };
    const after: Readonly<Record<string, string>> = {
      'a.ts': 'one\r\n2\r\nthree\n',
      'b.ts': '\uFEFFFirst\nsecond\n',
      'new.ts': 'y\n',
      'empty.ts': '',
    };
    for (const [path, text] of Object.entries(before)) writeFileSync(join(root, path), text);
    const unmarked = (text: string | undefined): string | undefined => text?.replace(/^\uFEFF/, '');
    const files = ['a.ts', 'b.ts', 'empty.ts', 'gone.ts', 'new.ts'].map((path) => ({
      path: join(root, path),
      before: unmarked(before[path]),
      after: unmarked(after[path]),
    }));
    const patch = unifiedDiff(files, root, (path) => path.endsWith('b.ts'));
    const ran = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: root, input: patch, encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    for (const [path, text] of Object.entries(after)) expect(readFileSync(join(root, path), 'utf8')).toBe(text);
    expect(() => readFileSync(join(root, 'gone.ts'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    rmSync(root, { recursive: true });
  });
});
