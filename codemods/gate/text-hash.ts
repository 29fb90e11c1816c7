// Hashes by which stamps and the cache know a text.
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';

/** The hash that stamps know a text by; a byte order mark and line ends of Windows change nothing. */
export function hashOf(text: string): string {
  return hash('sha256', text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'), 'hex');
}

/** The hash of bytes as they are. */
export function exactHashOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

const RETURN = 13;
const MARK = 0xef;

/** `hashOf` the text of `bytes`, whose exact hash is `exact`: the same for nearly every file, and then not counted anew. */
export function textHashOf(bytes: Buffer, exact: string): string {
  const plain = bytes[0] !== MARK && !bytes.includes(RETURN) && isUtf8(bytes);
  return plain ? exact : hashOf(bytes.toString('utf8'));
}
