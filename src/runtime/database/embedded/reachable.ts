// Whether another account can get at a path: root may read below a 0700 home, the server's account may not.
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServerAccount } from './server-account.ts';

/** The first directory from the root down to `directory` that the account cannot enter; undefined when it can reach it. */
export async function firstClosedDirectory(directory: string, account: ServerAccount): Promise<string | undefined> {
  for (const step of stepsTo(directory)) {
    const facts = await stat(step).catch(() => undefined);
    // What does not exist yet is made by us, with a mode that suits.
    if (facts === undefined) return undefined;
    if (!mayEnter(facts, account)) return step;
  }
  return undefined;
}

/** The execute bit of the class that the account falls into. */
export function mayEnter(
  facts: { readonly mode: number; readonly uid: number; readonly gid: number },
  account: ServerAccount,
): boolean {
  if (facts.uid === account.uid) return (facts.mode & 0o100) !== 0;
  if (facts.gid === account.gid) return (facts.mode & 0o010) !== 0;
  return (facts.mode & 0o001) !== 0;
}

function stepsTo(directory: string): readonly string[] {
  const steps = [directory];
  for (let parent = dirname(directory); parent !== steps[0]; parent = dirname(parent)) steps.unshift(parent);
  return steps;
}
