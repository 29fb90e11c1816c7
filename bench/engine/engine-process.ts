// One process of the measured engine: starts its role, says "ready", and stops when its standard input closes.
import { openRuntime } from '../../src/runtime/open-runtime.ts';
import { createOrchestrator } from '../../src/runtime/start-orchestrator.ts';
import { createWorkerOf } from '../../src/runtime/start-worker.ts';
import { createHandlerRegistry } from '../../src/worker/handler-registry.ts';
import { handlers } from './shapes.ts';

const [role = 'both', databaseUrl = '', concurrency = '10'] = process.argv.slice(2);
const runtime = await openRuntime({ databaseUrl, migrate: false, applicationName: `bench ${role}` });
const services = [
  ...(role === 'worker' ? [] : [createOrchestrator(runtime)]),
  ...(role === 'orchestrator'
    ? []
    : [
        createWorkerOf(runtime, {
          registry: createHandlerRegistry(handlers),
          namespaces: ['bench'],
          concurrency: Number(concurrency),
        }),
      ]),
];
for (const service of services) await service.start();
process.stdout.write('ready\n');
process.stdin.resume();
process.stdin.once('end', () => {
  void (async () => {
    for (const service of services.toReversed()) await service.stop();
    await runtime.close();
  })();
});
