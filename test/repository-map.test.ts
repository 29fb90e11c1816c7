// The documents against the tree: every folder of ARCHITECTURE.md's map exists, every folder that matters is in it, links lead somewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The folders that the map names: at the beginning of a line by their indentation, and within a line below that one. */
function mapped(): readonly string[] {
  const [, block = ''] = /## Map\n\n```\n([\s\S]*?)```/.exec(read('ARCHITECTURE.md')) ?? [];
  const open: { readonly indent: number; readonly path: string }[] = [];
  const found: string[] = [];
  for (const line of block.split('\n')) {
    const [, space = '', name, rest = ''] = /^( *)([\w.-]+)\/(?= |$)(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    while ((open.at(-1)?.indent ?? -1) >= space.length) open.pop();
    const path = join(open.at(-1)?.path ?? '', name);
    open.push({ indent: space.length, path });
    found.push(path, ...[...rest.matchAll(/(?:^|\s)([\w-]+)\/(?=[\s,]|$)/g)].map(([, inner = '']) => join(path, inner)));
  }
  return found;
}

function foldersIn(path: string): readonly string[] {
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => join(path, name));
}

const made = new Set(['node_modules', 'dist', 'coverage']);

describe('the map in ARCHITECTURE.md', () => {
  const folders = mapped();

  it('names folders that exist', () => {
    expect(folders.length).toBeGreaterThan(30);
    expect(folders.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it.each(['', 'src', 'codemods', 'test', 'docs', 'examples', 'fixtures'])('names every folder of ./%s', (parent) => {
    const mirrored = (path: string) =>
      parent === 'test' && [...foldersIn('src'), 'codemods'].some((each) => path.endsWith(each.slice(each.lastIndexOf('/'))));
    const missing = foldersIn(parent).filter((path) => !folders.includes(path) && !made.has(path) && !mirrored(path));
    expect(missing).toEqual([]);
  });
});

describe('the documents', () => {
  const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...foldersIn('docs').flatMap(pagesIn)];

  it.each(documents)('%s links to files that exist', (document) => {
    const targets = [...read(document).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => target);
    const relative = targets.filter((target) => !/^[a-z]+:/.test(target));
    expect(relative.filter((target) => !existsSync(join(root, dirname(document), target)))).toEqual([]);
  });
});

function pagesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}
