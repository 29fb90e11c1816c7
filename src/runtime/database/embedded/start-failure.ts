// Why the embedded server did not start, in words, from the lines it wrote itself.
import { messageOf, TaskerError } from '../../../domain/errors.ts';

interface Explanation {
  readonly pattern: RegExp;
  readonly why: string;
  readonly advice: string;
}

const explanations: readonly Explanation[] = [
  {
    pattern: /database files are incompatible|initialized by PostgreSQL version/i,
    why: 'the data directory belongs to another major version of PostgreSQL',
    advice: 'Choose another directory with TASKER_DATA_DIR, or run the PostgreSQL that made this one',
  },
  {
    pattern: /could not bind|Address already in use/i,
    why: 'its port is in use',
    advice: 'Stop what listens on that port and start again',
  },
  {
    pattern: /lock file "postmaster.pid" already exists/i,
    why: 'another server already runs on the data directory',
    advice: 'Stop that server (its pid is in the lines below), or choose another directory with TASKER_DATA_DIR',
  },
  {
    pattern: /No space left on device|ENOSPC/i,
    why: 'the disk is full',
    advice: 'Free some space, or choose another directory with TASKER_DATA_DIR',
  },
  {
    pattern: /Read-only file system|EROFS/i,
    why: 'the data directory is on a read-only file system',
    advice: 'Choose a writable directory with TASKER_DATA_DIR',
  },
  {
    pattern: /error while loading shared libraries|cannot open shared object/i,
    why: 'a library of its package is missing',
    advice: 'Install the packages again (npm ci)',
  },
  {
    pattern: /invalid permissions|has group or world access|wrong ownership/i,
    why: 'the data directory has the wrong owner or mode',
    advice: 'It must belong to the user who runs the server, with mode 0700',
  },
  {
    pattern: /Permission denied|EACCES|EPERM|Operation not permitted/i,
    why: 'permission was denied',
    advice: 'Make the directory accessible to the user who runs the server, or choose another one with TASKER_DATA_DIR',
  },
  {
    pattern: /ENOTDIR|Not a directory|EEXIST/i,
    why: 'the path of the data directory leads through a file',
    advice: 'Choose a directory with TASKER_DATA_DIR',
  },
  {
    pattern: /ENOENT.*mkdir/i,
    why: 'its file system lets nobody make a directory there',
    advice: 'Choose another directory with TASKER_DATA_DIR',
  },
  {
    pattern: /could not (map|create) .*shared memory|Cannot allocate memory/i,
    why: 'there is not enough shared memory',
    advice: 'Give the machine or container more memory',
  },
];

export interface StartFailure {
  readonly dataDir: string;
  /** What failed, such as "initdb" or "the server". */
  readonly what: string;
  /** The program's own lines, oldest first; the last ten are shown. */
  readonly lines: readonly string[];
  readonly cause?: unknown;
}

/** DATABASE_START_FAILED with the reason, the advice and the last lines of the log. */
export function startFailure(failure: StartFailure): TaskerError {
  const lines = failure.lines.map((line) => line.trimEnd()).filter((line) => line !== '');
  const known = explanations.find(({ pattern }) => lines.some((line) => pattern.test(line)));
  const shown = lines.slice(-10).map((line) => `\n  ${line}`);
  const why = known?.why ?? 'it ended before it was ready';
  const advice = known?.advice ?? 'Read its last lines, remove the cause and start again; or name a server in DATABASE_URL';
  const log = shown.length === 0 ? ' It wrote nothing.' : ` Its last lines:${shown.join('')}`;
  return new TaskerError(
    'DATABASE_START_FAILED',
    `the embedded PostgreSQL in ${failure.dataDir} did not start (${failure.what}): ${why}. ${advice}.${log}`,
    {
      kind: 'infrastructure',
      details: { dataDir: failure.dataDir },
      ...(failure.cause === undefined ? {} : { cause: failure.cause }),
    },
  );
}

/** The same for something Node threw on the way, such as EACCES of mkdir. */
export function startFailureFrom(thrown: unknown, dataDir: string, what: string): TaskerError {
  if (thrown instanceof TaskerError) return thrown;
  return startFailure({ dataDir, what, lines: [messageOf(thrown)], cause: thrown });
}
