// Hashes of texts: what changes them and what does not, and that the short way gives the same.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactHashOf, hashOf, textHashOf } from '../../../codemods/gate/text-hash.ts';

const hashOfBytes = (bytes: Buffer): string => textHashOf(bytes, exactHashOf(bytes));

describe('hashOf', () => {
  it('is the same with a byte order mark and with the line ends of Windows, and another for another text', () => {
    expect(hashOf('\uFEFFa\r\nb\r\n')).toBe(hashOf('a\nb\n'));
    expect(hashOf('a\nb')).not.toBe(hashOf('a\nb\n'));
  });
});

describe('textHashOf', () => {
  it.each([
    ['of Windows', Buffer.from('a\r\nb\r\n')],
    ['with a byte order mark', Buffer.from('\uFEFFa\n')],
    ['that are not UTF-8', Buffer.from([0x61, 0xff, 0xfe])],
    ['of a text whose first character begins like a mark', Buffer.from('\uF000')],
    ['of nothing', Buffer.alloc(0)],
  ])('hashes bytes %s as their text', (_what, bytes) => {
    expect(hashOfBytes(bytes)).toBe(hashOf(bytes.toString('utf8')));
  });

  it('hashes any bytes as their text', () => {
    const lines = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\r', '\n', '\r\n', '\uFEFF')));
    const bytes = fc.oneof(
      fc.uint8Array().map((each) => Buffer.from(each)),
      lines.map((each) => Buffer.from(each.join(''))),
    );
    fc.assert(fc.property(bytes, (each) => hashOfBytes(each) === hashOf(each.toString('utf8'))));
  });

  it('leaves the exact hash different where only line ends differ', () => {
    expect(exactHashOf(Buffer.from('a\r\n'))).not.toBe(exactHashOf(Buffer.from('a\n')));
  });
});
