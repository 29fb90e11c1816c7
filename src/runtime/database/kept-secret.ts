// A password that is made once, kept in a file only its owner can read, and the same for every process after that.
import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectories } from './make-directories.ts';

export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

/** Reads the file, or makes it. Atomic: two processes at the same moment get the same password. */
export async function keptPassword(path: string): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept.trim();
  const draft = `${path}.${randomUUID()}`;
  await makeDirectories(dirname(path));
  await writeFile(draft, `${newPassword()}\n`, { mode: 0o600 });
  // A link fails when the name is taken, so the first process wins, with a file that is whole.
  await link(draft, path).catch(() => undefined);
  await rm(draft, { force: true });
  return (await readFile(path, 'utf8')).trim();
}
