// The codemods there are: every module directly in the folder `codemods`, in the sources and in dist alike.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Codemod } from '../kernel/codemod.ts';
import { readManual, type Manual } from '../kernel/doc-examples.ts';
import { nearestOf } from '../kernel/nearest.ts';
import { RefitError } from '../kernel/refit-error.ts';

const folder = join(import.meta.dirname, '..');
const moduleName = /^([a-z][a-z0-9-]*)\.(?:ts|js)$/;

/** Their names, sorted. */
export function codemodNames(): readonly string[] {
  return readdirSync(folder)
    .map((file) => moduleName.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .toSorted();
}

/** `move-declarations` → `moveDeclarations`. */
export function exportName(name: string): string {
  return name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function isCodemod(value: unknown): value is Codemod {
  return typeof value === 'object' && value !== null && 'name' in value && 'options' in value && 'propose' in value;
}

function pathOf(name: string): string {
  const known = codemodNames();
  if (!known.includes(name)) {
    const near = nearestOf(name, known);
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    throw new RefitError('REFIT_CODEMOD_UNKNOWN', `There is no codemod ${name}.${hint} See \`refit codemod --list\`.`);
  }
  const file = readdirSync(folder).find((each) => moduleName.exec(each)?.[1] === name) ?? name;
  return join(folder, file);
}

/** The codemod of a name; REFIT_CODEMOD_UNKNOWN with the nearest name when there is none. */
export async function loadCodemod(name: string): Promise<Codemod> {
  const path = pathOf(name);
  const module: unknown = await import(pathToFileURL(path).href);
  const entries = typeof module === 'object' && module !== null ? Object.entries<unknown>({ ...module }) : [];
  const codemod = entries.find(([key]) => key === exportName(name))?.[1];
  if (isCodemod(codemod)) return codemod;
  throw new RefitError('REFIT_CODEMOD_MODULE', `${path} exports no codemod named ${exportName(name)}. This is a bug of refit.`);
}

/** The manual of a codemod: the head comment of its file; the build keeps it beside the module, for tsc drops it. */
export function codemodManual(name: string): Manual {
  const path = pathOf(name);
  const manual = path.endsWith('.js') ? join(folder, 'manuals', `${name}.txt`) : path;
  return readManual(manual, readFileSync(manual, 'utf8'));
}
