// Reads text files and remembers what they were like, so that a write later on finds out whether they changed meanwhile.
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

/** What a file was like when it was read. */
export interface LoadedFile {
  /** SHA-256 of its bytes. */
  readonly hash: string;
  /** Whether it opens with U+FEFF, which the text handed out leaves out. */
  readonly byteOrderMark: boolean;
  /** False when the bytes are not UTF-8: its text must not be written back. */
  readonly isUtf8: boolean;
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const MARK = '\uFEFF';

/** The text without its byte order mark. */
export function withoutMark(text: string): string {
  return text.startsWith(MARK) ? text.slice(MARK.length) : text;
}

/** Reads files of the disk (or, in memory, of nowhere) and keeps the record of each. */
export class DiskTexts {
  readonly #loaded = new Map<string, LoadedFile>();
  readonly #provided = new Map<string, string>();

  /** Makes a file appear that is on no disk. */
  provide(path: string, text: string): void {
    this.#provided.set(path, text);
  }

  isFile(path: string): boolean {
    return this.#provided.has(path) || statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  }

  isFolder(path: string): boolean {
    const folder = path.endsWith('/') ? path : `${path}/`;
    if ([...this.#provided.keys()].some((file) => file.startsWith(folder))) return true;
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  }

  /** The text of a file, its byte order mark left out. */
  read(path: string): string {
    const provided = this.#provided.get(path);
    if (provided !== undefined) return provided;
    const bytes = readFileSync(path);
    const text = bytes.toString('utf8');
    if (!path.includes('/node_modules/')) this.#remember(path, bytes, text);
    return withoutMark(text);
  }

  #remember(path: string, bytes: Buffer, text: string): void {
    // The first reading counts: what was decided since was decided on it.
    if (this.#loaded.has(path)) return;
    const isUtf8 = Buffer.from(text, 'utf8').equals(bytes);
    this.#loaded.set(path, { hash: hashOf(bytes), byteOrderMark: text.startsWith(MARK), isUtf8 });
  }

  /** Takes in a text that is on no disk. */
  given(path: string, text: string): string {
    this.#remember(path, Buffer.from(text, 'utf8'), text);
    return withoutMark(text);
  }

  /** Absolute path → what the file was like when it was first read. */
  get loaded(): ReadonlyMap<string, LoadedFile> {
    return this.#loaded;
  }
}
