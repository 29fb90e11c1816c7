// Finds a Chromium to open pages with: CHROME_PATH, one on the PATH, or the one that playwright downloads.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Its path; undefined when there is none. A CHROME_PATH that names no program is none, not the next one. */
export function findChromium(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const given = env['CHROME_PATH'];
  if (given !== undefined && given !== '') return isProgram(given) ? given : undefined;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  if (onPath !== undefined) return onPath;
  const own = chromium.executablePath();
  return existsSync(own) ? own : undefined;
}
