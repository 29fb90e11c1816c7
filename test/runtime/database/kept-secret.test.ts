// The kept password: made once, the same for everyone, readable by its owner only.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keptPassword } from '../../../src/runtime/database/kept-secret.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('gives every process the same password, also those of the same moment', async () => {
  const path = join(folder, 'deep/password');
  const passwords = await Promise.all([keptPassword(path), keptPassword(path), keptPassword(path)]);
  passwords.push(await keptPassword(path));
  expect(new Set(passwords).size).toBe(1);
  expect(passwords[0]).toMatch(/^[\w-]{32}$/);
  expect(await readdir(join(folder, 'deep'))).toEqual(['password']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});
