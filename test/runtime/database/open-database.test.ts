// The order of the three ways to a database, and what each refusal says.
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../../src/domain/errors.ts';
import type { DatabaseKind, DatabaseLease } from '../../../src/runtime/database/database-lease.ts';
import { openDatabase, type DatabaseWays, type OpenDatabaseOptions } from '../../../src/runtime/database/open-database.ts';
import { recordingLogger } from './recording-logger.ts';

function lease(kind: DatabaseKind): DatabaseLease {
  return {
    url: `postgres://${kind}`,
    kind,
    description: `a ${kind} server`,
    serverVersion: 180_004,
    close: () => Promise.resolve(),
  };
}

// The package is never called here: openContainer is replaced too.
const containers = {} as unknown as NonNullable<Awaited<ReturnType<DatabaseWays['loadContainers']>>>;

function waysWith(changes: Partial<DatabaseWays> = {}): DatabaseWays {
  return {
    readFacts: () => Promise.resolve({ version: 150_004, versionText: '15.4', mayCreateSchema: true, hasSchema: false }),
    findEngine: () => Promise.resolve('unix:///engine.sock'),
    loadContainers: () => Promise.resolve(containers),
    openContainer: () => Promise.resolve(lease('testcontainers')),
    openEmbedded: () => Promise.resolve(lease('embedded')),
    ...changes,
  };
}

function options(changes: Partial<OpenDatabaseOptions> = {}): OpenDatabaseOptions {
  return { env: {}, purpose: 'user', logger: recordingLogger(), ...changes };
}

const url = 'postgres://someone:secret@db.example:5432/work';

describe('the order of the ways to a database', () => {
  const noEngine: Partial<DatabaseWays> = { findEngine: () => Promise.resolve(undefined) };
  const noPackage: Partial<DatabaseWays> = { loadContainers: () => Promise.resolve(undefined) };
  const cases: readonly [string, Partial<OpenDatabaseOptions>, Partial<DatabaseWays>, DatabaseKind][] = [
    ['--database-url before everything', { databaseUrl: url, env: { DATABASE_URL: 'postgres://other' } }, {}, 'url'],
    ['DATABASE_URL before a container', { env: { DATABASE_URL: url } }, {}, 'url'],
    ['a container when an engine answers', {}, {}, 'testcontainers'],
    ['a container when DATABASE_URL is empty', { databaseUrl: '', env: { DATABASE_URL: '' } }, {}, 'testcontainers'],
    ['the embedded server without an engine', {}, noEngine, 'embedded'],
    ['the embedded server without the package', {}, noPackage, 'embedded'],
    ['the embedded server when it is preferred', { prefer: 'embedded', env: { DATABASE_URL: url } }, {}, 'embedded'],
    ['a container when it is preferred', { prefer: 'testcontainers', env: { DATABASE_URL: url } }, {}, 'testcontainers'],
    ['the url when it is preferred', { prefer: 'url', env: { DATABASE_URL: url } }, {}, 'url'],
  ];
  it.each(cases)('takes %s', async (_name, given, ways, expected) => {
    expect((await openDatabase(options(given), waysWith(ways))).kind).toBe(expected);
  });

  it('prefers --database-url to DATABASE_URL', async () => {
    const opened = await openDatabase(options({ databaseUrl: url, env: { DATABASE_URL: 'postgres://other' } }), waysWith());
    expect(opened.url).toBe(url);
    await opened.close();
  });

  it('mentions a missing engine in one debug line, which is no error', async () => {
    const logger = recordingLogger();
    await openDatabase(options({ logger }), waysWith(noEngine));
    expect(logger.lines).toEqual([
      'debug no container for the database; using the embedded PostgreSQL {"reason":"no Docker engine answers"}',
      'info a embedded server {"kind":"embedded","serverVersion":180004}',
    ]);
  });

  it('falls back to the embedded server with a warning when the container does not start', async () => {
    const logger = recordingLogger();
    const broken = { openContainer: () => Promise.reject(new TaskerError('DATABASE_START_FAILED', 'no such image')) };
    expect((await openDatabase(options({ logger }), waysWith(broken))).kind).toBe('embedded');
    expect(logger.lines[0]).toMatch(/^warn .*no such image/);
    await expect(openDatabase(options({ prefer: 'testcontainers' }), waysWith(broken))).rejects.toThrow('no such image');
  });

  it.each([
    ['url', {}, /neither --database-url nor DATABASE_URL is set/],
    ['testcontainers', noEngine, /no Docker engine answers/],
    ['testcontainers', noPackage, /@testcontainers\/postgresql is not installed/],
  ] as const)('refuses a preferred %s that is not there', async (prefer, ways, message) => {
    const refused = openDatabase(options({ prefer }), waysWith(ways));
    await expect(refused).rejects.toMatchObject({
      code: 'DATABASE_KIND_UNAVAILABLE',
      kind: 'infrastructure',
      message: expect.stringMatching(message),
    });
  });
});

describe('a given url', () => {
  it('is described without its password', async () => {
    const opened = await openDatabase(options({ databaseUrl: url }), waysWith());
    expect(opened.description).toBe('PostgreSQL 15.4 at postgres://someone:***@db.example:5432/work');
    expect(opened.serverVersion).toBe(150_004);
  });

  it('is refused when the server is older than 15', async () => {
    const old = {
      readFacts: () => Promise.resolve({ version: 140_011, versionText: '14.11', mayCreateSchema: true, hasSchema: true }),
    };
    await expect(openDatabase(options({ databaseUrl: url }), waysWith(old))).rejects.toMatchObject({
      code: 'DATABASE_TOO_OLD',
      kind: 'infrastructure',
      message:
        'postgres://someone:***@db.example:5432/work is PostgreSQL 14.11; tasker needs 15 or newer. Upgrade the server, or leave DATABASE_URL empty to use the embedded one.',
    });
  });

  it.each([
    [false, 'DATABASE_RIGHTS_MISSING'],
    [true, undefined],
  ])('with a role that may not create schemas, and schema there: %s', async (hasSchema, code) => {
    const ways = waysWith({
      readFacts: () => Promise.resolve({ version: 160_000, versionText: '16.0', mayCreateSchema: false, hasSchema }),
    });
    const outcome = await openDatabase(options({ databaseUrl: url }), ways).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(outcome instanceof TaskerError ? outcome.code : outcome).toBe(code);
  });
});
