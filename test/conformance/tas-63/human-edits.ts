// Reads the edits that carry one deviation of the real refactor, and applies them to the system as it was.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../../fixtures/tas-63/human');

/** One replacement; `before` stands exactly once in the file. */
export interface HumanEdit {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** A deviation, and what the harness must say about it: at least one difference of this subject, kind and place. */
export interface Finding {
  readonly id: string;
  readonly subject: string;
  /** Part of a case's name. */
  readonly case: string;
  readonly kind: string;
  readonly place: string;
  /** Part of the difference's text, before or after; absent where the place says enough. */
  readonly text?: string;
}

export interface HumanPatch {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly edits: readonly HumanEdit[];
}

/**
 * Reads all patches. A file has a sentence, a line for each finding (the last cell may be left out), and its edits:
 *
 *     D-01 the noun of a failed step result becomes the command's name
 *     finds: D-01 | process-event | StepResult, failed | text-only | outcome | contains ProcessStepResult
 *     --- src/path/of/file.ts
 *     <<<<
 *     text as it was
 *     ====
 *     text as it became
 *     >>>>
 */
export function readHumanPatches(): readonly HumanPatch[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.edit'))
    .toSorted()
    .map((name) => parsePatch(name, readFileSync(join(folder, name), 'utf8')));
}

function parsePatch(name: string, text: string): HumanPatch {
  const findings = [...text.matchAll(/^finds: (.+)$/gm)].map(([, row = '']): Finding => {
    const [id = '', subject = '', caseName = '', kind = '', place = '', further] = row.split('|').map((cell) => cell.trim());
    const finding = { id, subject, case: caseName, kind, place };
    return further === undefined ? finding : { ...finding, text: textIn(name, further) };
  });
  const edits = text
    .split(/^--- /m)
    .slice(1)
    .flatMap((section) => {
      const path = section.slice(0, section.indexOf('\n')).trim();
      return [...section.matchAll(/^<<<<\n(.*?)^====\n(.*?)^>>>>$/gms)].map(([, before = '', after = '']): HumanEdit => ({
        path,
        before,
        after,
      }));
    });
  if (findings.length === 0 || edits.length === 0) throw new Error(`${name}: a patch needs findings and edits`);
  return { name, findings, edits };
}

/** The text of a row's sixth cell, `contains <text>`. */
function textIn(name: string, cell: string): string {
  const [, text] = /^contains (.+)$/.exec(cell) ?? [];
  if (text === undefined) throw new Error(`${name}: the sixth cell of a finding is "${cell}", expected: contains <text>`);
  return text;
}

/** The texts that patches change, by path; each edit must match exactly once, alone and after the others. */
export function applyHumanPatches(patches: readonly HumanPatch[], textOf: (path: string) => string): ReadonlyMap<string, string> {
  const overlay = new Map<string, string>();
  for (const { name, edits } of patches) {
    for (const { path, before, after } of edits) {
      const text = overlay.get(path) ?? textOf(path);
      const count = text.split(before).length - 1;
      if (count !== 1) throw new Error(`${name}: in ${path} this stands ${count} times, expected once:\n${before}`);
      overlay.set(
        path,
        text.replace(before, () => after),
      );
    }
  }
  return overlay;
}
