// The supervisor's own process: reads its options from the command line and reports the start to its parent.
import { Supervisor, type SupervisorOptions } from './supervisor.ts';

// Parse boundary: the only caller is supervisor-client.ts, which wrote this text from a SupervisorOptions.
const options = JSON.parse(process.argv[2] ?? '{}') as SupervisorOptions;
const supervisor = new Supervisor(options, (line) => process.stderr.write(`${line}\n`));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void supervisor.stop(signal));
const start = await supervisor.start();
// The parent may have been killed meanwhile; then nobody listens and the grace ends the server.
if (process.connected) process.send?.(start, () => process.connected && process.disconnect());
if (start.kind === 'ready') await supervisor.ended;
// Nothing may keep this process once its server has gone.
process.exit(0);
