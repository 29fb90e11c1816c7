// A process that replaces the files of a folder and sends itself a signal at a given moment.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { replaceFiles, type WriteMoment } from '../../../codemods/kernel/apply-journal.ts';
import { hashOf } from '../../../codemods/kernel/disk-texts.ts';

const [root = '', moment = '', times = '1', signal = ''] = process.argv.slice(2);
const seen: WriteMoment[] = [];

replaceFiles(
  root,
  [
    { path: join(root, 'a.ts'), bytes: Buffer.from('new a\n'), oldHash: hashOf(readFileSync(join(root, 'a.ts'))) },
    { path: join(root, 'b.ts'), bytes: undefined, oldHash: hashOf(readFileSync(join(root, 'b.ts'))) },
    { path: join(root, 'deep/folder/c.ts'), bytes: Buffer.from('new c\n'), oldHash: undefined },
  ],
  {
    at: (now) => {
      seen.push(now);
      if (now === moment && seen.filter((each) => each === moment).length === Number(times)) process.kill(process.pid, signal);
    },
  },
);
process.stdout.write(`done after ${String(seen.length)} moments\n`);
