// Loads `coverage-report.config.ts`, TypeScript included, in a plain node process.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { reasonOf, RefitError } from '../kernel/refit-error.ts';
import type { CoverageReportConfig } from './config.ts';
import { parseConfig } from './parse-config.ts';

async function importModule(path: string): Promise<unknown> {
  try {
    return await tsImport(pathToFileURL(path).href, import.meta.url);
  } catch (cause) {
    throw new RefitError('GATE_CONFIG_UNLOADABLE', `The gate's configuration ${path} cannot be loaded: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A project without `"type": "module"` has its TypeScript compiled to CommonJS, whose default export sits one level deeper. */
function defaultExport(module: unknown): unknown {
  const found = fieldsOf(module)['default'];
  const inner = fieldsOf(found);
  return 'default' in inner ? inner['default'] : found;
}

/**
 * The checked configuration at `path`.
 * @throws RefitError GATE_CONFIG_MISSING, GATE_CONFIG_UNLOADABLE or GATE_CONFIG_INVALID.
 */
export async function loadConfig(path: string): Promise<CoverageReportConfig> {
  if (!existsSync(path)) {
    const message = `There is no ${basename(path)} at ${path}. Write one (\`export default defineCoverageReport({ include, tests, floors })\`), or name it with --config.`;
    throw new RefitError('GATE_CONFIG_MISSING', message);
  }
  const found = defaultExport(await importModule(path));
  if (found === undefined) {
    throw new RefitError(
      'GATE_CONFIG_INVALID',
      `${path} has no default export. End it with \`export default defineCoverageReport({ … })\`.`,
    );
  }
  return parseConfig(found);
}
