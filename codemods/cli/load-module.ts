// Loads a user's TypeScript module (a plan, a proof) in a plain node process.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { reasonOf, RefitError, systemCodeOf } from '../kernel/refit-error.ts';

/** By the process's own loader where it reads TypeScript, so that the module shares refit's modules; else by tsx. */
async function importOf(url: string): Promise<unknown> {
  try {
    return await import(url);
  } catch (thrown) {
    if (systemCodeOf(thrown) !== 'ERR_UNKNOWN_FILE_EXTENSION') throw thrown;
    return tsImport(url, import.meta.url);
  }
}

/** The exports of the module at an absolute path. Throws REFIT_MODULE_MISSING or REFIT_MODULE_UNLOADABLE. */
export async function loadModule(path: string, what: string): Promise<Readonly<Record<string, unknown>>> {
  if (!existsSync(path))
    throw new RefitError('REFIT_MODULE_MISSING', `There is no ${what} at ${path}. Give the path of a TypeScript module.`);
  try {
    const loaded = await importOf(pathToFileURL(path).href);
    return typeof loaded === 'object' && loaded !== null ? { ...loaded } : {};
  } catch (cause) {
    throw new RefitError('REFIT_MODULE_UNLOADABLE', `The ${what} ${path} cannot be loaded: ${reasonOf(cause)}`, { cause });
  }
}
