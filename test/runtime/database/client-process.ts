// A process that holds a database until its stdin ends; tests start, join and kill it.
import { silentLogger } from '../../../src/domain/ports.ts';
import { openDatabase } from '../../../src/runtime/database/open-database.ts';

const [dataDir] = process.argv.slice(2);
const lease = await openDatabase({ env: {}, dataDir, purpose: 'user', prefer: 'embedded', logger: silentLogger });
process.stdout.write(`${JSON.stringify({ url: lease.url, description: lease.description })}\n`);
for await (const _ of process.stdin);
await lease.close();
