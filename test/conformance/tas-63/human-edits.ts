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

/** Differences of a subject, kind and place. */
export interface Described {
  readonly subject: string;
  /** Part of a case's name; `*` for any. */
  readonly case: string;
  readonly kind: string;
  readonly place: string;
  /** Part of the difference's text, before or after; absent where the place says enough. */
  readonly text?: string;
}

/** A deviation, and what the harness must say about it: at least one such difference. */
export interface Finding extends Described {
  readonly id: string;
}

/** Differences that come along with the deviation; any others are too many. */
export interface Collateral extends Described {
  /** The name of another patch: only where that is applied too. */
  readonly with?: string;
  /** The row, for messages. */
  readonly row: string;
}

export interface HumanPatch {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly collateral: readonly Collateral[];
  readonly edits: readonly HumanEdit[];
}

/**
 * Reads all patches. A file has a sentence, a row for each finding and for what comes along (the last cell may be left
 * out), and its edits. `also with D-02:` is for what comes along where D-02.edit is applied too.
 *
 *     D-01 the noun of a failed step result becomes the command's name
 *     finds: D-01 | process-event | StepResult, failed | text-only | outcome | contains ProcessStepResult
 *     also: router | * | text-only | reply.error
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

export function parsePatch(name: string, text: string): HumanPatch {
  const [head = '', ...sections] = text.split(/^--- /m);
  const [, ...rows] = head.trimEnd().split('\n');
  const findings: Finding[] = [];
  const collateral: Collateral[] = [];
  for (const row of rows) {
    const { id, other, cells } =
      /^(?:finds: (?<id>D-\d+) \||also(?: with (?<other>D-\d+))?:) (?<cells>.+)$/.exec(row)?.groups ?? {};
    if (cells === undefined) throw new Error(`${name}: found the row "${row}", expected "finds: D-01 | …" or "also: …"`);
    const described = describedBy(name, cells);
    if (id !== undefined) findings.push({ id, ...described });
    else collateral.push({ ...described, row, ...(other === undefined ? {} : { with: `${other}.edit` }) });
  }
  const edits = sections.flatMap(editsOf);
  if (findings.length === 0 || edits.length === 0) throw new Error(`${name}: a patch needs findings and edits`);
  return { name, findings, collateral, edits };
}

function editsOf(section: string): readonly HumanEdit[] {
  const path = section.slice(0, section.indexOf('\n')).trim();
  return [...section.matchAll(/^<<<<\n(.*?)^====\n(.*?)^>>>>$/gms)].map(([, before = '', after = '']) => ({
    path,
    before,
    after,
  }));
}

function describedBy(name: string, row: string): Described {
  const [subject = '', caseName = '', kind = '', place = '', further] = row.split('|').map((cell) => cell.trim());
  if (place === '') throw new Error(`${name}: "${row}" has too few cells, expected subject | case | kind | place`);
  const described = { subject, case: caseName, kind, place };
  return further === undefined ? described : { ...described, text: textIn(name, further) };
}

/** The text of a row's last cell, `contains <text>`. */
function textIn(name: string, cell: string): string {
  const [, text] = /^contains (.+)$/.exec(cell) ?? [];
  if (text === undefined) throw new Error(`${name}: the last cell of a row is "${cell}", expected: contains <text>`);
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
