// What a codemod proposes: edits, files, imports, skips, findings, and what it checked and promises.
import type { Node } from 'ts-morph';
import { Refusal, type Place } from './refusal.ts';

/**
 * What becomes of the comments in a replaced range. `carried`: each appears in the result as often as before.
 * `deleted`: they belong to code that goes. `merged`: each text appears at least once in the result.
 */
export type CommentFate = 'carried' | 'deleted' | 'merged';

/** Replaces the text from `start` to `end` (offsets in the file as the workspace shows it). */
export interface Edit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly comments: CommentFate;
}

export interface FileCreation {
  readonly path: string;
  readonly text: string;
}

export interface FileDeletion {
  readonly path: string;
  readonly comments: 'carried' | 'deleted';
}

/** A name a file needs after the edits; the kernel writes the import where the file's imports are sorted. */
export interface ImportRequest {
  /** The file that needs it. */
  readonly into: string;
  readonly name: string;
  /** The name in the file, when it is another one. */
  readonly alias?: string | undefined;
  /** Absolute path of a module of the project, or a package's specifier. */
  readonly from: string;
  readonly typeOnly: boolean;
}

/** A place that matched but was left alone, and the reason a reviewer reads. */
export interface Skip extends Place {
  readonly why: string;
}

/** Something a reviewer should know and no operation fixed: a suspected copy-paste slip, a leak, a public API change. */
export interface Finding extends Place {
  readonly kind: 'suspected-slip' | 'leak' | 'api' | 'note';
  readonly what: string;
  /** The name or path the place still speaks of although it is gone; reports look whether it does so at the end. */
  readonly mentions?: string;
}

/** A precondition that held, and what shows it. */
export interface Checked {
  readonly statement: string;
  readonly witness: string;
}

/** What the evidence can check about the result, without running it. Texts are source text without the file's indentation. */
export type StructuralClaim =
  | { readonly kind: 'moved'; readonly name: string; readonly from: string; readonly to: string }
  | { readonly kind: 'merged'; readonly helper: string; readonly to: string; readonly clones: readonly CloneOrigin[] }
  | { readonly kind: 'extracted'; readonly name: string; readonly from: string; readonly to: string }
  | InlinedClaim
  /** Nothing that runs in production changed: comments did, and tests were added. */
  | { readonly kind: 'same-code' }
  | { readonly kind: 'removed'; readonly name: string; readonly from: string };

/** A method of a wrapper that its owner has itself now. */
export interface InlinedClaim {
  readonly kind: 'inlined';
  /** `Wrapper.method`. */
  readonly name: string;
  readonly into: string;
  /** The class that has it now. */
  readonly owner: string;
  /** The field of the owner that held the wrapper. */
  readonly through: string;
  /** Absolute path of the wrapper's file, and its text before. */
  readonly from: { readonly path: string; readonly text: string };
  /** Members of the wrapper → what `this.member` is in the owner, where that is something else. */
  readonly paths: ReadonlyMap<string, string>;
}

/** One clone that a helper replaced: its text before, and the statement (call) that stands there now. */
export interface CloneOrigin {
  readonly path: string;
  readonly label: string;
  readonly original: string;
  readonly call: string;
}

/** Collects what one codemod proposes for one apply. */
export class Proposal {
  readonly edits: Edit[] = [];
  readonly creations: FileCreation[] = [];
  readonly deletions: FileDeletion[] = [];
  readonly imports: ImportRequest[] = [];
  readonly skips: Skip[] = [];
  readonly findings: Finding[] = [];
  readonly checked: Checked[] = [];
  readonly obligations: string[] = [];
  readonly claims: StructuralClaim[] = [];

  /** Whether it would change anything. */
  get isEmpty(): boolean {
    return this.edits.length === 0 && this.creations.length === 0 && this.deletions.length === 0 && this.imports.length === 0;
  }

  edit(path: string, range: readonly [start: number, end: number], text: string, comments: CommentFate = 'carried'): void {
    this.edits.push({ path, start: range[0], end: range[1], text, comments });
  }

  /** Replaces a node's own text, its leading comments left alone. */
  replace(node: Node, text: string, comments: CommentFate = 'carried'): void {
    this.edit(node.getSourceFile().getFilePath(), [node.getStart(), node.getEnd()], text, comments);
  }

  insert(path: string, position: number, text: string): void {
    this.edit(path, [position, position], text);
  }

  createFile(path: string, text: string): void {
    this.creations.push({ path, text });
  }

  deleteFile(path: string, comments: 'carried' | 'deleted' = 'deleted'): void {
    this.deletions.push({ path, comments });
  }

  needImport(request: ImportRequest): void {
    this.imports.push(request);
  }

  skip(place: Node | Place, why: string): void {
    this.skips.push({ ...placeOf(place), why });
  }

  finding(kind: Finding['kind'], place: Node | Place, what: string): void {
    this.findings.push({ kind, ...placeOf(place), what });
  }

  /** A place that speaks of a name or path which is gone. */
  mention(place: Node | Place, name: string, what: string): void {
    this.findings.push({ kind: 'note', ...placeOf(place), what, mentions: name });
  }

  holds(statement: string, witness: string): void {
    this.checked.push({ statement, witness });
  }

  obligation(what: string): void {
    this.obligations.push(what);
  }

  claim(claim: StructuralClaim): void {
    this.claims.push(claim);
  }

  /** Refuses the whole operation: `code` is stable, `message` says what was found, expected and what to do. */
  refuse(code: string, place: Node | Place | undefined, message: string): never {
    throw new Refusal(code, message, place === undefined ? undefined : placeOf(place));
  }
}

/** The place of a node: file and line. */
export function placeOf(node: Node | Place): Place {
  if (!('getSourceFile' in node)) return { path: node.path, line: node.line };
  return { path: node.getSourceFile().getFilePath(), line: node.getStartLineNumber() };
}
