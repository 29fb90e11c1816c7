// A project in a folder of its own, and the command line at work in it: what the tests of operators' commands start from.
import { documentOf, folderWith, tasker, templateText } from './tasker-in-process.ts';
import type { Ran } from './tasker-in-process.ts';

const handlers = `
export const work = () => 1;
export const decline = ({ context }) => { if (context.card === 'declined') throw Object.assign(new Error('declined'), { retryable: false }); return 'paid'; };
`;

const steps = [
  { name: 'pay', callable: 'decline' },
  { name: 'ship', after: ['pay'] },
];

/** task.yaml and handlers.mjs: `pay`, which fails for good when the context has a declined card, and `ship` after it. */
export function shop(name: string, more = ''): string {
  return folderWith({ 'task.yaml': templateText(name, steps, more), 'handlers.mjs': handlers });
}

export interface Shopkeeper {
  /** One command in the folder, by the user mike. */
  at(cwd: string, ...argv: readonly string[]): Promise<Ran>;
  /** The same with --json: its document. */
  json(cwd: string, ...argv: readonly string[]): Promise<unknown>;
  /** The uuid of a new task. */
  created(cwd: string, ...argv: readonly string[]): Promise<string>;
  /** The uuid of a task whose payment has failed for good. */
  blocked(cwd: string): Promise<string>;
}

export function shopkeeper(database: { readonly url: string }): Shopkeeper {
  const at: Shopkeeper['at'] = (cwd, ...argv) =>
    tasker([...argv, '--database-url', database.url], { cwd, env: { USER: 'mike' } });
  const json: Shopkeeper['json'] = async (cwd, ...argv) => documentOf(await at(cwd, ...argv, '--json'));
  const uuidOf = async (document: Promise<unknown>) => ((await document) as { taskUuid: string }).taskUuid;
  return {
    at,
    json,
    created: (cwd, ...argv) => uuidOf(json(cwd, 'task', 'create', 'task.yaml', ...argv)),
    blocked: (cwd) => uuidOf(json(cwd, 'run', 'task.yaml', '--handlers', 'handlers.mjs', '--context', '{"card": "declined"}')),
  };
}
