// What cannot be written is refused before anything is: unreadable files, other disks, files that vanish while they are staged.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { replaceFiles } from '../../../codemods/kernel/apply-journal.ts';
import { diskChanges, requireWritable } from '../../../codemods/kernel/apply-plan.ts';
import { hashOf } from '../../../codemods/kernel/disk-texts.ts';
import { Workspace } from '../../../codemods/kernel/workspace.ts';

function folder(at = tmpdir()): string {
  const root = mkdtempSync(join(at, 'refit-refused-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

const sharedMemory = '/dev/shm';
const isOtherDisk = existsSync(sharedMemory) && statSync(sharedMemory).dev !== statSync(tmpdir()).dev;
const otherDisk = isOtherDisk ? '' : 'not run: /dev/shm is no other disk: ';

describe('changes of files', () => {
  it('are refused when a file that was read is a folder now', () => {
    const root = folder();
    writeFileSync(join(root, 'tsconfig.json'), '{ "compilerOptions": { "types": [], "noLib": true } }');
    writeFileSync(join(root, 'a.ts'), 'export const a = 1;\n');
    const workspace = Workspace.load([join(root, 'tsconfig.json')]);
    workspace.setText('a.ts', 'export const a = 2;\n');
    rmSync(join(root, 'a.ts'));
    mkdirSync(join(root, 'a.ts'));
    expect(() => diskChanges(workspace)).toThrow(
      expect.objectContaining({ code: 'REFIT_READ', kind: 'infrastructure', message: expect.stringContaining('EISDIR') }),
    );
  });

  it.skipIf(!isOtherDisk)(`${otherDisk}are refused on another disk, where nothing is replaced at once`, () => {
    const path = join(folder(sharedMemory), 'a.ts');
    expect(() => requireWritable(folder(), [{ path, bytes: Buffer.from('a'), oldHash: undefined }])).toThrow(
      expect.objectContaining({ code: 'REFIT_OTHER_DISK', message: expect.stringContaining('Use --out') }),
    );
  });

  it('are refused when a file goes while they are staged; nothing is written, nothing is left', () => {
    const root = folder();
    writeFileSync(join(root, 'kept.ts'), 'kept\n');
    const change = { path: join(root, 'gone.ts'), bytes: Buffer.from('new\n'), oldHash: hashOf(Buffer.from('old\n')) };
    expect(() => replaceFiles(root, [change])).toThrow(
      expect.objectContaining({
        code: 'REFIT_WRITE_FAILED',
        message: expect.stringMatching(/staged: ENOENT.*Nothing was written/),
      }),
    );
    expect(readdirSync(root)).toEqual(['kept.ts']);
  });
});
