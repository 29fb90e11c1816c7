// The ratchet of the commit that a branch left, found by the configuration of that commit: a branch cannot shake it off.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileInBase } from './git-state.ts';
import type { Ratchet } from './ratchet.ts';
import { parseRatchet } from './ratchet.ts';

export interface RatchetState {
  /** The ratchet file that the configuration names; undefined when it names none. */
  readonly name: string | undefined;
  readonly current: Ratchet | undefined;
}

export interface BaseRatchet {
  readonly baseRatchet?: Ratchet;
  /** The ratchet file of the base, where the configuration names none any more. */
  readonly droppedRatchet?: string;
}

/** The ratchet file in `root`, if it is there. */
export function readRatchet(root: string, file: string | undefined): Ratchet | undefined {
  if (file === undefined || !existsSync(join(root, file))) return undefined;
  return parseRatchet(readFileSync(join(root, file), 'utf8'), file);
}

/** The text of a configuration says which file it names; it is not run: it is another commit's code. */
function ratchetNamedIn(config: string | undefined): string | undefined {
  const code = config?.replaceAll(/^\s*\/\/.*$/gm, '');
  return code === undefined ? undefined : /\bratchet['"]?\s*:\s*(['"`])(.+?)\1/.exec(code)?.[2];
}

/** Most often it is the text of today, which is known and need not be read twice. */
function ratchetOf(
  root: string,
  name: string,
  base: string | undefined,
  { current, name: now }: RatchetState,
): Ratchet | undefined {
  const text = fileInBase(root, name, base);
  if (text === undefined) return undefined;
  if (current !== undefined && name === now && text === readFileSync(join(root, name), 'utf8')) return current;
  return parseRatchet(text, `${name} of ${base ?? 'HEAD'}`);
}

/**
 * The marks of the commit where the branch left `base`, or of HEAD without one. `configPath` is absolute.
 * @throws RefitError GATE_BASE_* when `base` is no commit this one has in common, GATE_RATCHET_UNREADABLE.
 */
export function readBaseRatchet(configPath: string, base: string | undefined, state: RatchetState): BaseRatchet {
  const root = dirname(configPath);
  const name = ratchetNamedIn(fileInBase(root, basename(configPath), base)) ?? state.name;
  const baseRatchet = name === undefined ? undefined : ratchetOf(root, name, base, state);
  if (name === undefined || baseRatchet === undefined) return {};
  return state.name === undefined ? { droppedRatchet: name } : { baseRatchet };
}
