// Codemod: prune-generated
//
// Deletes generated files whose source is gone, in every folder the generator writes to. How a file maps to its source is
// said by `key`: `{"kind": "template", "tag", "field"}` when the file is JSON with a field that holds the text of a tagged
// template (holes as `$1`, `$2`, … or as `placeholder` says, blanks do not count), `{"kind": "name", "source"}` when its
// name is that of its source (`{name}` stands for it, as in `src/{name}.ts`).
//
// Preconditions: at least one artefact still has its source (else the key is wrong). A file that does not look like an
// artefact of this generator is left alone.
//
// with { "artefacts": ["{queries,packed/queries}/*.json"], "sources": ["src/**/*.ts"], "key": { "kind": "template", "tag": "sql", "field": "statement" } }
// ```ts
// // ---- packed/queries/a1.json
// { "statement": "SELECT a FROM t WHERE id = $1" }
// // ---- packed/queries/b2.json
// { "statement": "SELECT b FROM t" }
// // ---- queries/a1.json
// { "statement": "SELECT a FROM t WHERE id = $1" }
// // ---- queries/b2.json
// { "statement": "SELECT b FROM t" }
// // ---- src/store.ts
// declare function sql(parts: TemplateStringsArray, ...values: unknown[]): string;
//
// export const find = (id: number): string => sql`
//   SELECT a
//   FROM t
//   WHERE id = ${id}
// `;
// ```
// ->
// ```ts
// // ---- packed/queries/a1.json
// { "statement": "SELECT a FROM t WHERE id = $1" }
// // ---- queries/a1.json
// { "statement": "SELECT a FROM t WHERE id = $1" }
// // ---- src/store.ts
// declare function sql(parts: TemplateStringsArray, ...values: unknown[]): string;
//
// export const find = (id: number): string => sql`
//   SELECT a
//   FROM t
//   WHERE id = ${id}
// `;
// ```
//
// Refused: not one of the files has a source, so the key is more likely wrong than the files.
//
// with { "artefacts": ["gen/*.json"], "sources": ["src/*.ts"], "key": { "kind": "name", "source": "source/{name}.ts" } }
// ```ts
// // ---- gen/a.json
// {}
// // ---- src/a.ts
// export const a = 1;
// ```
// -> refused: REFIT_GENERATED_KEY
import { basename, extname } from 'node:path';
import { isTestPath } from './analysis/liveness.ts';
import { isRecord, parseJson } from './analysis/package-entries.ts';
import { normalText, templateTexts } from './analysis/template-texts.ts';
import type { Codemod } from './kernel/codemod.ts';
import type { Workspace } from './kernel/workspace.ts';

/** How a generated file maps to its source. */
export type GeneratedKey =
  | { readonly kind: 'template'; readonly tag: string; readonly field: string; readonly placeholder?: string }
  | { readonly kind: 'name'; readonly source: string };

interface Options {
  readonly artefacts: readonly string[];
  readonly sources: readonly string[];
  readonly key: GeneratedKey;
}

export const pruneGenerated: Codemod<Options> = {
  name: 'prune-generated',
  options: {
    artefacts: { kind: 'list', required: true, help: 'globs of the generated files, in all folders they are written to' },
    sources: { kind: 'list', required: true, help: 'globs of the files they are generated from; tests are left out' },
    key: {
      kind: 'data',
      required: true,
      help: 'how a file maps to its source: {"kind": "template", "tag", "field"} or {"kind": "name", "source"}',
    },
  },
  propose(workspace, options, out) {
    const artefacts = workspace.files(options.artefacts);
    const sources = workspace.files(options.sources).filter((path) => !isTestPath(workspace.relative(path)));
    if (artefacts.length === 0 || sources.length === 0) {
      const what =
        artefacts.length === 0
          ? `No file matches the artefacts ${options.artefacts.join(', ')}`
          : `No file matches the sources ${options.sources.join(', ')}`;
      out.refuse('REFIT_GENERATED_KEY', undefined, `${what}. Globs are relative to ${workspace.root}; mend them.`);
    }
    const states = artefacts.map((path) => ({
      path,
      state: stateOf(workspace, path, hasSource(workspace, sources, options.key)),
    }));
    if (!states.some((each) => each.state === 'sourced')) {
      out.refuse(
        'REFIT_GENERATED_KEY',
        { path: artefacts[0] ?? '', line: 1 },
        `None of ${String(artefacts.length)} artefacts has a source; the key is more likely wrong than all of them. Check \`key\`, or delete them by hand.`,
      );
    }
    const orphans = states.filter((each) => each.state === 'orphan');
    for (const { path, state } of states)
      if (state === 'foreign') out.skip({ path, line: 1 }, 'it does not look like a file of this generator');
    for (const { path } of orphans) {
      out.deleteFile(path);
      out.claim({ kind: 'removed', name: basename(path), from: path });
    }
    if (orphans.length === 0) return;
    out.holds('each deleted file has no source, by the key', orphans.map((each) => workspace.relative(each.path)).join(', '));
  },
};

type State = 'sourced' | 'orphan' | 'foreign';

function stateOf(workspace: Workspace, path: string, find: (path: string, text: string) => boolean | undefined): State {
  const found = find(path, workspace.textOf(path) ?? '');
  if (found === undefined) return 'foreign';
  return found ? 'sourced' : 'orphan';
}

/** Answers whether an artefact has a source; undefined when it is none of this generator's. */
function hasSource(
  workspace: Workspace,
  sources: readonly string[],
  key: GeneratedKey,
): (path: string, text: string) => boolean | undefined {
  if (key.kind === 'name') {
    const known = new Set(sources.map((path) => workspace.relative(path)));
    return (path) => known.has(key.source.replaceAll('{name}', basename(path, extname(path))));
  }
  const placeholder = key.placeholder ?? '$n';
  const texts = new Set(sources.flatMap((path) => templateTexts(path, workspace.textOf(path) ?? '', key.tag, placeholder)));
  return (path, text) => {
    const json = parseJson(path, text);
    const value = isRecord(json) ? json[key.field] : undefined;
    return typeof value === 'string' ? texts.has(normalText(value)) : undefined;
  };
}
