// Rule: writers of files.
import { describe, expect, it } from 'vitest';
import { writersOfFilesRule } from '../../../codemods/checks/writers-of-files.ts';
import { messagesOf } from './rule-run.ts';

describe('writers-of-files', () => {
  it.each([
    ["import { writeFileSync } from 'node:fs'; writeFileSync('a', 'b');", 'writeFileSync'],
    ["import { writeFile as save } from 'node:fs/promises'; await save('a', 'b');", 'save'],
    ["import * as fs from 'node:fs'; fs.mkdirSync('a');", 'mkdirSync'],
    ["import fs from 'node:fs'; await fs.promises.rm('a');", 'rm'],
    ["import { promises } from 'fs'; await promises.rename('a', 'b');", 'rename'],
    ["import { createWriteStream } from 'node:fs'; createWriteStream('a');", 'createWriteStream'],
    ["import { openSync } from 'node:fs'; openSync('a', 'r+');", 'openSync'],
    ["import { openSync } from 'node:fs'; openSync('a', flags);", 'openSync'],
  ])('finds %s', (text, what) => {
    expect(messagesOf(writersOfFilesRule, 'src/worker/a.ts', text)).toEqual([expect.stringContaining(`${what} writes`)]);
  });

  it.each([
    "import { readFileSync } from 'node:fs'; readFileSync('a');",
    "import fs from 'node:fs'; fs.readFileSync('a'); stream.write('b');",
    "import { openSync } from 'node:fs'; openSync('a', 'r');",
    "import { write } from './output.ts'; write('a');",
    'io.stdout.write("a");',
  ])('lets %s be', (text) => {
    expect(messagesOf(writersOfFilesRule, 'src/worker/a.ts', text)).toEqual([]);
  });

  it.each([
    ['src/runtime/database/a.ts', 0],
    ['src/cli/a.ts', 0],
    ['src/runtime/a.ts', 1],
    ['codemods/kernel/apply-once.ts', 0],
    ['codemods/kernel/glob.ts', 1],
    ['scripts/a.mjs', 0],
    ['test/a.test.ts', 0],
  ])('in %s counts %i', (path, count) => {
    expect(messagesOf(writersOfFilesRule, path, "import { rmSync } from 'node:fs';\nrmSync('a');")).toHaveLength(count);
  });
});
