// Bundles engine-child.ts into one file of plain JavaScript, so that a killed process is back in 0.2 s instead of 0.7 s.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

export interface ChildBundle {
  readonly path: string;
  remove(): Promise<void>;
}

export async function bundleChild(): Promise<ChildBundle> {
  const directory = await mkdtemp(join(tmpdir(), 'tasker-crash-'));
  const path = join(directory, 'engine-child.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'engine-child.ts')],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'error',
    external: ['pg-native', '@testcontainers/postgresql'],
    // The packages inside are CommonJS and call require.
    banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
  });
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}
