// Asks quickly whether a Docker engine answers, without loading any Docker library.
import { request, type RequestOptions } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** Where engines listen: DOCKER_HOST alone when set, else the usual sockets. */
export function engineAddresses(env: Env, platform: string = process.platform): readonly string[] {
  const named = env['DOCKER_HOST'];
  if (named !== undefined && named !== '') return [named];
  if (platform === 'win32') return ['npipe:////./pipe/docker_engine'];
  const home = env['HOME'] ?? homedir();
  const runtimeDir = env['XDG_RUNTIME_DIR'];
  const rootless = runtimeDir === undefined || runtimeDir === '' ? [] : [join(runtimeDir, 'docker.sock')];
  return ['/var/run/docker.sock', ...rootless, join(home, '.docker/run/docker.sock')].map((path) => `unix://${path}`);
}

/** The first address at which an engine answers; undefined when none does within `timeoutMs`. */
export async function findDockerEngine(env: Env, timeoutMs = 1_000): Promise<string | undefined> {
  const answers = await Promise.all(
    engineAddresses(env).map(async (address) => ((await answersPing(address, timeoutMs)) ? address : undefined)),
  );
  return answers.find((address) => address !== undefined);
}

function answersPing(address: string, timeoutMs: number): Promise<boolean> {
  const target = pingTarget(address);
  if (target === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const ping = request({ ...target, path: '/_ping', timeout: timeoutMs, signal: AbortSignal.timeout(timeoutMs) });
    // Any HTTP answer will do: an engine behind TLS answers a plain request with 400.
    ping.once('response', (response) => {
      response.resume();
      ping.destroy();
      resolve(true);
    });
    ping.on('error', () => resolve(false));
    ping.once('timeout', () => ping.destroy());
    ping.end();
  });
}

/** Undefined for schemes that a ping cannot reach, such as ssh://. */
export function pingTarget(address: string): RequestOptions | undefined {
  if (address.startsWith('unix://')) return { socketPath: address.slice('unix://'.length) };
  if (address.startsWith('npipe://')) return { socketPath: address.slice('npipe://'.length) };
  if (!/^(tcp|http|https):\/\//.test(address) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.hostname === '') return undefined;
  // URL drops a port that is the scheme's default; for tcp:// Docker's own default is 2375.
  return { host: url.hostname, port: url.port === '' ? 2375 : Number(url.port) };
}
