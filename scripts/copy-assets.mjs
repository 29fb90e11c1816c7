// Copies what tsc leaves behind into dist: SQL migrations, and the executable bit of the two commands.
import { chmodSync, cpSync, mkdirSync } from 'node:fs';

mkdirSync('dist/src/store/migrations', { recursive: true });
cpSync('src/store/migrations', 'dist/src/store/migrations', { recursive: true });
for (const bin of ['dist/src/cli/bin.js', 'dist/codemods/cli/bin.js']) chmodSync(bin, 0o755);
