// What openContainerDatabase makes of failures, with a container that never starts; the real path is a system test.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  loadContainerModule,
  openContainerDatabase,
  type ContainerModule,
} from '../../../src/runtime/database/container-database.ts';

/** A package whose containers fail to start with these errors, one after the other. */
function failing(...failures: readonly Error[]) {
  const starts: string[] = [];
  const errors = [...failures];
  const builder = {
    withDatabase: () => builder,
    withUsername: () => builder,
    withPassword: () => builder,
    withName: (name: string) => {
      starts.push(name);
      return builder;
    },
    withReuse: () => builder,
    withCommand: (command: readonly string[]) => {
      starts.push(command.join(' '));
      return builder;
    },
    start: () => Promise.reject(errors.shift() ?? new Error('no more')),
  };
  const PostgreSqlContainer = function () {
    return builder;
  };
  // Only the builder's steps above are used before start, which always rejects.
  return { module: { PostgreSqlContainer } as unknown as ContainerModule, starts };
}

function conflict(statusCode: number): Error {
  return Object.assign(new Error(`(HTTP code ${statusCode})`), { statusCode });
}

// The way leads through a file, so nothing can be kept there, not even by root.
const passwordFile = '/dev/null/password';

describe('a container that does not start', () => {
  it('is reported with engine, image and what to do', async () => {
    const cause = new Error('no such image');
    const { module, starts } = failing(cause);
    const env = { TASKER_POSTGRES_IMAGE: 'postgres:17' };
    await expect(
      openContainerDatabase(module, { env, purpose: 'test', passwordFile, engine: 'unix:///e.sock' }),
    ).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      kind: 'infrastructure',
      cause,
      message: expect.stringMatching(
        /engine at unix:\/\/\/e\.sock answers, but a container of postgres:17 did not start: no such image\..*DATABASE_URL/,
      ),
    });
    expect(starts).toEqual(['postgres -c max_connections=300 -c fsync=off -c synchronous_commit=off -c full_page_writes=off']);
  });

  it('is reported when the password of the shared container cannot be kept', async () => {
    const { module, starts } = failing();
    await expect(openContainerDatabase(module, { env: {}, purpose: 'user', passwordFile, engine: 'e' })).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      message: expect.stringContaining('/dev/null'),
    });
    expect(starts).toEqual([]);
  });
});

it('loads the installed package', async () => {
  expect(typeof (await loadContainerModule())?.PostgreSqlContainer).toBe('function');
});

describe('a conflict over the shared container', () => {
  it.each([
    [[conflict(409), conflict(304), new Error('no such image')], 3],
    [[conflict(409), conflict(409), conflict(409), conflict(409), conflict(409), conflict(409)], 5],
  ])('is tried again, up to five times: %j', async (errors, starts) => {
    const folder = await mkdtemp(join(tmpdir(), 'container-'));
    const fake = failing(...errors);
    const options = { env: {}, purpose: 'user', passwordFile: join(folder, 'password'), engine: 'e' } as const;
    await expect(openContainerDatabase(fake.module, options)).rejects.toMatchObject({ code: 'DATABASE_START_FAILED' });
    expect(fake.starts).toEqual(Array.from({ length: starts }, () => 'tasker-postgres'));
    await rm(folder, { recursive: true });
  });
});
