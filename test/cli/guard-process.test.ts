// The guard of the process: who ended it and how, told once, whatever handlers do outside of their promises.
import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { guardProcess } from '../../src/cli/guard-process.ts';
import type { GuardedProcess } from '../../src/cli/guard-process.ts';
import type { TaskerError } from '../../src/domain/errors.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { createRecordingLogger } from '../helpers/engine.ts';

class FakeProcess extends EventEmitter {
  exitCode: number | undefined;
  readonly exits: number[] = [];

  /** As Node does: the code first, then the listeners, who may change it. */
  exit(code: number): void {
    this.exitCode = code;
    this.exits.push(code);
    this.emit('exit');
  }
}

function guarded() {
  const fake = new FakeProcess();
  const interrupt = new AbortController();
  const logger = createRecordingLogger();
  const clock = createFakeClock();
  const reported: TaskerError[] = [];
  const guard = guardProcess({
    process: fake satisfies GuardedProcess,
    interrupt,
    logger,
    report(error) {
      reported.push(error);
      return 1;
    },
    schedule: (afterMs, act) => void clock.schedule(afterMs, act),
  });
  return { fake, interrupt, logger, clock, reported, guard };
}

describe('a process under guard', () => {
  it('ends with what the command ended with, whoever exits it afterwards', () => {
    const { fake, guard, reported } = guarded();
    guard.settle(3);
    expect(fake.exitCode).toBe(3);
    fake.exit(0);
    expect({ code: fake.exitCode, reported }).toEqual({ code: 3, reported: [] });
  });

  it('that ends before the command tells so and fails', () => {
    const { fake, reported } = guarded();
    fake.exit(0);
    expect(fake.exitCode).toBe(1);
    expect(reported).toMatchObject([{ code: 'HANDLER_EXITED', kind: 'state', details: { exitCode: 0 } }]);
  });

  it('may be ended by a second Ctrl-C without a word', () => {
    const { fake, guard, reported } = guarded();
    guard.forceExit(130);
    expect({ code: fake.exitCode, reported }).toEqual({ code: 130, reported: [] });
  });

  it('interrupts the command when something is thrown outside of every promise, with that as the reason', () => {
    const { fake, interrupt, reported, guard } = guarded();
    fake.emit('uncaughtException', new Error('boom'));
    expect(interrupt.signal.reason).toMatchObject({
      code: 'HANDLER_CRASHED',
      kind: 'state',
      message: expect.stringContaining('of a handler (or of tasker itself): boom ('),
      details: { thrown: 'boom', at: expect.stringMatching(/guard-process\.test\.ts:\d+:\d+$/) },
    });
    // The command has told of it.
    guard.settle(1);
    fake.exit(0);
    expect({ code: fake.exitCode, reported }).toEqual({ code: 1, reported: [] });
  });

  it('does not let a crash pass for success', () => {
    const { fake, guard, reported } = guarded();
    fake.emit('uncaughtException', 'a text');
    guard.settle(0);
    expect(fake.exitCode).toBe(1);
    expect(reported).toMatchObject([{ code: 'HANDLER_CRASHED', details: { thrown: 'a text', at: null } }]);
  });

  it('exits by itself, and tells why, when the command does not end after a crash', () => {
    const { fake, clock, reported } = guarded();
    fake.emit('uncaughtException', new Error('boom'));
    clock.advance(59_000);
    expect(fake.exits).toEqual([]);
    clock.advance(1_000);
    expect({ exits: fake.exits, code: fake.exitCode }).toEqual({ exits: [1], code: 1 });
    expect(reported).toMatchObject([{ code: 'HANDLER_CRASHED' }]);
  });

  it('logs what is thrown once more, and what is thrown after the end', () => {
    const { fake, logger, guard } = guarded();
    fake.emit('uncaughtException', new Error('boom'));
    fake.emit('uncaughtException', new Error('again'));
    expect(logger.lines).toMatchObject([{ level: 'error', fields: { error: 'again' } }]);
    const other = guarded();
    other.guard.settle(0);
    other.fake.emit('uncaughtException', new Error('late'));
    expect(other.interrupt.signal.aborted).toBe(false);
    expect(other.logger.lines).toMatchObject([{ level: 'error', fields: { error: 'late' } }]);
    guard.settle(1);
  });

  it('logs a rejection that nobody handled, and goes on', () => {
    const { fake, logger, interrupt } = guarded();
    fake.emit('unhandledRejection', new Error('stray'));
    expect(interrupt.signal.aborted).toBe(false);
    expect(logger.lines).toMatchObject([
      { level: 'error', fields: { error: 'stray' }, message: expect.stringContaining('nobody handled it; the command goes on') },
    ]);
  });
});
