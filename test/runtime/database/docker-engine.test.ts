// The probe for a Docker engine: where it looks, and that it neither waits long nor throws.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineAddresses, findDockerEngine, pingTarget } from '../../../src/runtime/database/docker-engine.ts';

describe('where an engine is looked for', () => {
  it('asks DOCKER_HOST alone when it is set', () => {
    expect(engineAddresses({ DOCKER_HOST: 'tcp://build:2375', XDG_RUNTIME_DIR: '/run/user/7' })).toEqual(['tcp://build:2375']);
  });

  it('asks the usual sockets otherwise', () => {
    expect(engineAddresses({ HOME: '/home/a', XDG_RUNTIME_DIR: '/run/user/7' }, 'linux')).toEqual([
      'unix:///var/run/docker.sock',
      'unix:///run/user/7/docker.sock',
      'unix:///home/a/.docker/run/docker.sock',
    ]);
    expect(engineAddresses({}, 'win32')).toEqual(['npipe:////./pipe/docker_engine']);
  });

  it.each([
    ['unix:///a/b.sock', { socketPath: '/a/b.sock' }],
    ['npipe:////./pipe/docker_engine', { socketPath: '//./pipe/docker_engine' }],
    ['tcp://host:2376', { host: 'host', port: 2376 }],
    ['tcp://host', { host: 'host', port: 2375 }],
    ['ssh://host', undefined],
    ['tcp://', undefined],
    ['nonsense', undefined],
  ])('reads %s', (address, target) => {
    expect(pingTarget(address)).toEqual(target);
  });
});

describe('the ping', () => {
  let folder: string;
  let engine: Server;
  const silent = createTcpServer();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'engine-'));
    engine = createServer((_request, response) => response.writeHead(400).end());
    await new Promise<void>((resolve) => {
      engine.listen(join(folder, 'engine.sock'), resolve);
    });
    await new Promise<void>((resolve) => {
      silent.listen(join(folder, 'silent.sock'), resolve);
    });
  });
  afterAll(async () => {
    engine.close();
    silent.close();
    await rm(folder, { recursive: true });
  });

  it('finds an engine by any HTTP answer', async () => {
    const address = `unix://${folder}/engine.sock`;
    expect(await findDockerEngine({ DOCKER_HOST: address })).toBe(address);
  });

  it.each(['absent.sock', 'silent.sock'])('gives up on %s', async (name) => {
    expect(await findDockerEngine({ DOCKER_HOST: `unix://${folder}/${name}` }, 100)).toBeUndefined();
  });

  it('finds nothing at an address it cannot ask', async () => {
    expect(await findDockerEngine({ DOCKER_HOST: 'ssh://host' })).toBeUndefined();
  });
});
