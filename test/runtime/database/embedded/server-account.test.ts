// The account of the server: the caller's own, or postgres under root, created when missing.
import { describe, expect, it } from 'vitest';
import type { ProgramResult } from '../../../../src/runtime/database/embedded/run-program.ts';
import { resolveServerAccount } from '../../../../src/runtime/database/embedded/server-account.ts';

/** A machine on which `creator` makes the user postgres; `undefined`: nothing does. */
function machine(creator: string | undefined, exists = false) {
  const calls: string[] = [];
  let there = exists;
  const run = (program: string, args: readonly string[]): Promise<ProgramResult> => {
    calls.push(program);
    if (program === 'id')
      return Promise.resolve(
        there ? done(args[0] === '-u' ? '101\n' : '102\n') : { exitCode: 1, stdout: '', stderr: 'no such user' },
      );
    if (program === creator) {
      there = true;
      return Promise.resolve(done(''));
    }
    return Promise.resolve({ exitCode: 127, stdout: '', stderr: program === 'adduser' ? '' : `spawn ${program} ENOENT` });
  };
  return { run, calls };
}

function done(stdout: string): ProgramResult {
  return { exitCode: 0, stdout, stderr: '' };
}

describe('the account the server runs under', () => {
  it.each([1000, undefined])("is the caller's own for uid %s", async (uid) => {
    const { run, calls } = machine(undefined);
    expect(await resolveServerAccount(uid, run)).toBeUndefined();
    expect(calls).toEqual([]);
  });

  it('is the existing user postgres for root', async () => {
    const { run, calls } = machine(undefined, true);
    expect(await resolveServerAccount(0, run)).toEqual({ uid: 101, gid: 102 });
    expect(calls).toEqual(['id', 'id']);
  });

  it.each(['useradd', 'adduser'])('is created with %s when it is missing', async (creator) => {
    const { run } = machine(creator);
    expect(await resolveServerAccount(0, run)).toEqual({ uid: 101, gid: 102 });
  });

  it('cannot be created: says why and what to do instead', async () => {
    const { run } = machine(undefined);
    await expect(resolveServerAccount(0, run)).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      message: expect.stringMatching(/useradd: spawn useradd ENOENT; adduser: exit code 127.*plain user.*DATABASE_URL/),
    });
  });
});
