// Writes docs/codemods.md from the head comments of the codemods.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderManuals } from '../codemods/cli/render-manuals.ts';

const path = join(import.meta.dirname, '../docs/codemods.md');
writeFileSync(path, await renderManuals());
console.log(`wrote ${path}`);
