// Copies what tsc leaves behind into dist: SQL migrations, the manuals of the codemods, and the executable bit of the two commands.
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

mkdirSync('dist/src/store/migrations', { recursive: true });
cpSync('src/store/migrations', 'dist/src/store/migrations', { recursive: true });

// A codemod's manual is the head comment of its file, which tsc drops when the first import is one of types.
mkdirSync('dist/codemods/manuals', { recursive: true });
for (const file of readdirSync('codemods').filter((name) => name.endsWith('.ts'))) {
  const head = /^(?:\/\/.*\n)*/.exec(readFileSync(`codemods/${file}`, 'utf8'))?.[0] ?? '';
  writeFileSync(`dist/codemods/manuals/${file.replace(/\.ts$/, '.txt')}`, head);
}

for (const bin of ['dist/src/cli/bin.js', 'dist/codemods/cli/bin.js']) chmodSync(bin, 0o755);
