// What a failed start says: a reason and an advice for what the server is known to complain about.
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../../../src/domain/errors.ts';
import { startFailure, startFailureFrom } from '../../../../src/runtime/database/embedded/start-failure.ts';

describe('the reason of a failed start', () => {
  it.each([
    ['FATAL:  database files are incompatible with server', 'another major version'],
    ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', 'its port is in use'],
    ['FATAL:  lock file "postmaster.pid" already exists', 'another server already runs'],
    ['could not write to file: No space left on device', 'the disk is full'],
    ["EROFS: read-only file system, mkdir '/data'", 'read-only file system'],
    [
      'postgres: error while loading shared libraries: libicui18n.so.60: cannot open shared object file',
      'library of its package is missing',
    ],
    ['FATAL:  data directory "/data" has invalid permissions', 'wrong owner or mode'],
    ["EACCES: permission denied, mkdir '/data'", 'permission was denied'],
    ["ENOTDIR: not a directory, mkdir '/etc/passwd/data'", 'leads through a file'],
    ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', 'not enough shared memory'],
    ['something nobody has seen before', 'it ended before it was ready'],
  ])('%s', (line, why) => {
    const error = startFailure({ dataDir: '/data/pg18/data', what: 'the server', lines: ['first line', line] });
    expect(error).toMatchObject({
      code: 'DATABASE_START_FAILED',
      kind: 'infrastructure',
      details: { dataDir: '/data/pg18/data' },
    });
    expect(error.message).toContain(why);
    expect(error.message).toContain(`Its last lines:\n  first line\n  ${line}`);
  });

  it('shows the last ten lines, and says so when there are none', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const message = startFailure({ dataDir: '/d', what: 'initdb', lines }).message;
    expect(message).toContain('line 20\n');
    expect(message).not.toContain('line 19\n');
    expect(startFailure({ dataDir: '/d', what: 'initdb', lines: ['', '  '] }).message).toContain('It wrote nothing.');
  });

  it('keeps the cause of what node threw, and leaves a TaskerError as it is', () => {
    const cause = new Error('EACCES: permission denied');
    expect(startFailureFrom(cause, '/d', 'creating /d')).toMatchObject({ code: 'DATABASE_START_FAILED', cause });
    const own = new TaskerError('DATABASE_UNREACHABLE', 'x');
    expect(startFailureFrom(own, '/d', 'creating /d')).toBe(own);
  });
});
