// Comments of a file as a multiset.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentsOf, lostComment, normalComment } from '../../../codemods/kernel/comments.ts';

function textsIn(text: string, path = 'a.ts'): readonly string[] {
  return commentsOf(path, text).map((comment) => comment.text);
}

describe('commentsOf', () => {
  it.each([
    ['above, behind and below code', '// a\nconst x = 1; // b\n// c\n', ['a', 'b', 'c']],
    ['JSDoc, once', '/**\n * a\n *\n * @param b c\n */\nfunction f(b: number) {}\n', ['a\n@param b c']],
    ['in argument lists and object literals', 'f(/* a */ 1, { x, /* b */ });', ['a', 'b']],
    ['in an empty block, at the end of the file, in an empty file', 'function f() { /* a */ } // b', ['a', 'b']],
    ['in a file of comments alone', '// a\n/* b */', ['a', 'b']],
    ['inside the braces of a template', 'const x = `// no ${/* a */ 1} /* no */`;', ['a']],
  ])('finds those %s', (_, text, expected) => {
    expect(textsIn(text)).toEqual(expected);
  });

  it.each([
    ['strings', 'const x = \'// no\' + "/* no */";'],
    ['templates', 'const x = `// no ${1} /* no */`;'],
    ['regular expressions', 'const x = /\\/\\/ no/.test(y) || /[/*]/.test(z);'],
  ])('is not misled by %s', (_, text) => {
    expect(textsIn(text)).toEqual([]);
  });

  it('is not misled by the text of JSX, but finds comments in its braces', () => {
    expect(textsIn('const x = <p>// no {/* a */} http://no</p>;', 'a.tsx')).toEqual(['a']);
  });

  it('says where they stand', () => {
    const text = 'const x = 1; /* a */\n';
    const [comment] = commentsOf('a.ts', text);
    expect(text.slice(comment?.start, comment?.end)).toBe('/* a */');
  });
});

describe('normalComment', () => {
  it('forgets indentation, stars and the kind of newline, and no words', () => {
    expect(normalComment('/**\n   * One.\n   *\n   * - two\n   */')).toBe('One.\n- two');
    expect(normalComment('/** One.\r\n\t* - two\r\n*/')).toBe('One.\n- two');
    expect(normalComment('// One.')).toBe('One.');
  });
});

describe('lostComment', () => {
  it('finds nothing when every comment is still there, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), (before) => {
        expect(lostComment(before, before.toReversed(), [])).toBeUndefined();
      }),
    );
  });

  it('finds a lost one, however often the others stand', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b'), { minLength: 1 }), fc.nat(), (before, seed) => {
        const gone = seed % before.length;
        expect(lostComment(before, before.toSpliced(gone, 1), [])).toBe(before[gone]);
      }),
    );
  });

  it('excuses as many as the proposal gives up, not more', () => {
    const duty = { path: 'a.ts', text: 'a', fate: 'deleted' } as const;
    expect(lostComment(['a', 'a'], ['a'], [duty])).toBeUndefined();
    expect(lostComment(['a', 'a'], [], [duty])).toBe('a');
  });

  it('wants each text of merged ones once', () => {
    const duties = ['a', 'a', 'b'].map((text) => ({ path: 'a.ts', text, fate: 'merged' }) as const);
    expect(lostComment(['a', 'a', 'b'], ['a', 'b'], duties)).toBeUndefined();
    expect(lostComment(['a', 'a', 'b'], ['a'], duties)).toBe('b');
  });
});
