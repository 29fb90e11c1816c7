// The gate's page in a real browser without a network: what is drawn, how large and in which colour, sorting, and every width.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileFacts } from '../../../codemods/gate/facts.ts';
import { renderHtml } from '../../../codemods/gate/render-html.ts';
import { factsOf, verdictOf } from './facts-of-files.ts';
import { findChromium } from './find-chromium.ts';

const program = findChromium(process.env);
const suffix = program === undefined ? 'not run: no Chromium found; install one or set CHROME_PATH: ' : '';

/** Forty files of three folders, the worst covered ones first, as a verdict has them. */
const files: readonly FileFacts[] = Array.from({ length: 40 }, (_, at) => {
  const lines = 40 + ((at * 37) % 400);
  return factsOf(`src/${['api', 'domain', 'store'][at % 3]}/module-${at}.ts`, lines, Math.floor((lines / 2) * (at / 39)));
});
const longName = `src/${'a-very-long-name-'.repeat(12)}.ts`;
const verdict = verdictOf([...files, factsOf('src/generated.ts', 200, 0, { exempt: 'generated' })], {
  pass: false,
  failures: [
    { code: 'GATE_FLOOR_LINES', file: 'src', message: 'src has lines 50 %.', measured: 50, required: 90 },
    {
      code: 'GATE_FILE_TOO_LONG',
      file: longName,
      line: 401,
      message: `${longName} <b>is</b> long.`,
      measured: 900,
      required: 400,
    },
  ],
  floors: [{ floor: { under: longName, lines: 90, branches: 80 }, measured: verdictOf(files).total, pass: false }],
  notes: [longName],
});

interface Opened {
  readonly page: Page;
  /** What the page asked for, said on the console, or threw. */
  readonly events: readonly string[];
}

let browser: Browser | undefined;
let folder = '';

/** The page of the verdict, which the tests share in their order: the one that sorts is the last. */
let shared: Opened | undefined;

function sharedPage(): Opened {
  if (shared === undefined) throw new Error('The page was not opened.');
  return shared;
}

async function open(text: string, width: number, script = true): Promise<Opened> {
  const path = join(mkdtempSync(join(folder, 'page-')), 'gate.html');
  writeFileSync(path, text);
  if (browser === undefined) throw new Error('The browser was not started.');
  const context = await browser.newContext({ viewport: { width, height: 800 }, offline: true, javaScriptEnabled: script });
  const page = await context.newPage();
  const events: string[] = [];
  page.on('request', (request) => events.push(`request ${request.url()}`));
  page.on('console', (message) => events.push(`console ${message.text()}`));
  page.on('pageerror', (error) => events.push(`error ${error.message}`));
  await page.goto(pathToFileURL(path).href);
  return { page, events };
}

/** Reads out of the page; the function text is run there, so that it needs no types of a browser here. */
async function ask<T>(page: Page, expression: string): Promise<T> {
  return (await page.evaluate(expression)) as T; // the shape is the expression's
}

interface Drawn {
  readonly title: string;
  readonly area: number;
  readonly fill: string;
}

const drawnRectangles = `[...document.querySelectorAll('#map rect[data-files]')].map((rect) => {
  const { width, height } = rect.getBoundingClientRect();
  return { title: rect.querySelector('title').textContent, area: width * height, fill: getComputedStyle(rect).fill };
})`;
const shownNames = `[...document.querySelectorAll('#files tbody tr')].filter((row) => row.checkVisibility()).map((row) => row.cells[0].textContent)`;

describe.skipIf(program === undefined)(`${suffix}the page of a verdict in a browser`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'refit-page-'));
    // Without a sandbox, since Chromium refuses to make one as root; the page is ours.
    browser = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] });
    shared = await open(renderHtml(verdict, { only: [], all: false }), 1280);
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('loads nothing but itself, and nothing goes wrong', async () => {
    const { page, events } = sharedPage();
    expect(events).toEqual([`request ${page.url()}`]);
    // Its policy keeps out what some other hand adds.
    await ask(
      page,
      `void document.body.append(Object.assign(new Image(), { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' }))`,
    );
    await expect.poll(() => events.join('\n')).toContain('Content Security Policy');
  });

  it('draws one rectangle a file, its area by lines and its colour by coverage', async () => {
    const { page } = sharedPage();
    const drawn = await ask<readonly Drawn[]>(page, drawnRectangles);
    const byName = new Map(drawn.map((each) => [each.title.split(':')[0], each]));
    expect(byName.size).toBe(verdict.files.length);
    const whole = drawn.reduce((sum, { area }) => sum + area, 0);
    for (const { file, lines } of verdict.files) {
      const ratio = (byName.get(file)?.area ?? 0) / ((whole * lines) / verdict.total.lines);
      expect(ratio).toBeGreaterThan(0.99);
      expect(ratio).toBeLessThan(1.01);
    }
    expect(new Set(drawn.map(({ fill }) => fill)).size).toBe(7);
    expect(byName.get('src/api/module-0.ts')?.fill).not.toBe(byName.get('src/api/module-39.ts')?.fill);
    expect(byName.get('src/generated.ts')?.fill).toContain('#stripes');
    await page.hover('#map rect[data-files]');
    expect(drawn.map(({ title }) => title)).toContain(await page.textContent('#detail'));
  });

  it.each([360, 1280])('fits into a window of %i pixels and shows the failures in it', async (width) => {
    const { page } = sharedPage();
    await page.setViewportSize({ width, height: 800 });
    expect(await ask(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(await page.isVisible('text=GATE_FILE_TOO_LONG')).toBe(true);
    expect(await page.isVisible(`text=${longName} <b>is</b> long.`)).toBe(true);
    expect(await page.isVisible('text=measured 900, required 400')).toBe(true);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('The gate fails: 2 failures');
  });

  it('sorts by a heading with mouse or keyboard, over all files, and shows all of them when asked', async () => {
    const { page } = sharedPage();
    expect(await ask<readonly string[]>(page, shownNames)).toHaveLength(30);
    await page.getByRole('button', { name: 'Lines' }).click();
    const longest = verdict.files.toSorted((left, right) => right.lines - left.lines).map(({ file }) => file);
    expect((await ask<readonly string[]>(page, shownNames)).slice(0, 5)).toEqual(longest.slice(0, 5));
    expect(await ask(page, `document.querySelector('[aria-sort]').textContent`)).toBe('Lines');
    await page.getByRole('button', { name: 'File' }).press('Enter');
    await page.getByRole('button', { name: 'File' }).press('Enter');
    await page.getByRole('checkbox').check();
    const names = verdict.files.map(({ file, exempt }) => (exempt === undefined ? file : `${file} exempt: ${exempt}`));
    expect(await ask(page, shownNames)).toEqual(names.toSorted().toReversed());
  });

  it('is whole without its script: rows, the rest of them, no button that does nothing', async () => {
    const { page } = await open(renderHtml(verdict, { only: [], all: false }), 1280, false);
    expect(await page.locator('#files tbody tr').count()).toBe(41);
    expect(await page.locator('#files tbody tr:visible').count()).toBe(30);
    await page.getByRole('checkbox').check();
    expect(await page.locator('#files tbody tr:visible').count()).toBe(41);
    expect(await page.getByRole('button').count()).toBe(0);
  });

  it('stays usable with five thousand files', async () => {
    const many = Array.from({ length: 5_000 }, (_, at) =>
      factsOf(`packages/p${at % 20}/src/${at % 3}/m-${at}.ts`, 10 + ((at * 7) % 300), at % 90),
    );
    const { page, events } = await open(renderHtml(verdictOf(many), { only: [], all: false }), 1280);
    expect(await ask<readonly Drawn[]>(page, drawnRectangles)).toHaveLength(2_060);
    await page.getByRole('button', { name: 'Tests' }).click();
    expect(await ask<readonly string[]>(page, shownNames)).toHaveLength(30);
    expect(events).toHaveLength(1);
  });
});
