// Makes the twin of a project: the same code with other names, another order of members and another layout.
import type { Workspace } from '../../../../codemods/kernel/workspace.ts';
import { namesOf, renamable } from './renamable.ts';
import { laidOutAnew, type Layout, renamedSource, reordered } from './twin-source.ts';
import { otherWords, translated, wordsOf } from './words.ts';

/** Names of the twin and back. */
export interface Renaming {
  /** Names that get another one. */
  readonly names: ReadonlySet<string>;
  /** How many names the project declares. */
  readonly declared: number;
  forth(name: string): string;
  /** Word by word, so that names which a codemod makes of other names come back as well. */
  back(name: string): string;
}

/** The renaming of what `before` declares; a name whose use in `after` is not the project's own stays. */
export function renamingOf(before: Workspace, after: Workspace, kept: ReadonlySet<string>): Renaming {
  const all = [namesOf(before), namesOf(after)];
  const names = new Set([...renamable(all)].filter((name) => !kept.has(name)));
  const taken = new Set(all.flatMap((each) => [...each.own, ...each.foreign]).flatMap(wordsOf));
  const words = otherWords(new Set([...names].flatMap(wordsOf)), taken);
  const inverse = new Map([...words].map(([word, other]) => [other, word]));
  return {
    names,
    declared: new Set(all.flatMap((each) => [...each.own])).size,
    forth: (name) => (names.has(name) ? translated(name, words) : name),
    back: (name) => translated(name, inverse),
  };
}

/** Makes the workspace hold the twin of what it holds. */
export async function becomeTwin(workspace: Workspace, { forth }: Renaming, layout: Layout): Promise<void> {
  const files = workspace.sourceFiles().filter((file) => !file.isDeclarationFile());
  const texts = files.map((file) => ({ path: file.getFilePath(), text: file.getFullText() }));
  for (const { path, text } of texts) {
    workspace.setText(path, await laidOutAnew(path, reordered(path, renamedSource(path, text, forth)), layout));
  }
}
