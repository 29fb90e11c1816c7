// The command line of the server.
import { describe, expect, it } from 'vitest';
import { postgresCommandLine } from '../../../../src/runtime/database/embedded/postgres-process.ts';

describe('the command line', () => {
  const command = { binary: '/pg/bin/postgres', dataDir: '/data', port: 5555, settings: ['fsync=off'] };
  const args = ['-D', '/data', '-p', '5555', '-k', '', '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'];

  it('listens on 127.0.0.1 only and has no unix socket', () => {
    expect(postgresCommandLine(command)).toEqual({ program: '/pg/bin/postgres', args });
  });

  it('ties the server to its parent where setpriv exists', () => {
    expect(postgresCommandLine({ ...command, setpriv: '/usr/bin/setpriv' })).toEqual({
      program: '/usr/bin/setpriv',
      args: ['--pdeathsig=INT', '/pg/bin/postgres', ...args],
    });
  });
});
