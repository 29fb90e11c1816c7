// Which directory on the way closes a path to another account.
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstClosedDirectory, mayEnter } from '../../../../src/runtime/database/embedded/reachable.ts';

// Nobody on the machine: only the bits for others apply.
const stranger = { uid: 64_123, gid: 64_123 };

describe('mayEnter', () => {
  it.each([
    [0o700, 5, 5, true],
    [0o600, 5, 9, false],
    [0o010, 9, 5, true],
    [0o701, 9, 5, false],
    [0o001, 9, 9, true],
    [0o770, 9, 9, false],
    // The owner's class counts even where a wider one would allow more.
    [0o077, 5, 5, false],
  ])('mode %o, owner %i, group %i for the account 5:5: %s', (mode, uid, gid, allowed) => {
    expect(mayEnter({ mode, uid, gid }, { uid: 5, gid: 5 })).toBe(allowed);
  });
});

describe('firstClosedDirectory', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'way-'));
    await chmod(folder, 0o755);
    await mkdir(join(folder, 'a/b'), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('names the first one that is closed', async () => {
    await chmod(join(folder, 'a'), 0o700);
    expect(await firstClosedDirectory(join(folder, 'a/b'), stranger)).toBe(join(folder, 'a'));
  });

  it('finds none on an open way, even where its end does not exist yet', async () => {
    expect(await firstClosedDirectory(join(folder, 'a/b'), stranger)).toBeUndefined();
    expect(await firstClosedDirectory(join(folder, 'a/b/c/d'), stranger)).toBeUndefined();
  });
});
