// A process that drops the databases of a test run when the run has ended, also by Ctrl-C or SIGKILL: its stdin closes then.
import { dropDatabase, listDatabases } from '../../src/store/postgres/server-administration.ts';

/** The one line it reads before its stdin closes. */
export interface JanitorOrder {
  readonly url: string;
  readonly prefix: string;
}

let text = '';
for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
// Parse boundary: global-database.ts writes a JanitorOrder.
const { url, prefix } = JSON.parse(text) as JanitorOrder;
for (const name of await listDatabases(url, prefix)) await dropDatabase(url, name);
