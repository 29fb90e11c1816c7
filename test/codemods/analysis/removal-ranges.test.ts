// Cuts leave the rest as it was: any choice of declarations, members or list items, on any layout.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listCuts, removalRanges, type Range } from '../../../codemods/analysis/removal-ranges.ts';
import { parseSource, ts } from '../../../codemods/kernel/parse-source.ts';

function without(text: string, ranges: readonly Range[]): string {
  return ranges.toReversed().reduce((left, [start, end]) => left.slice(0, start) + left.slice(end), text);
}

const body = fc.constantFrom('return 1;', '// inside\n  return 2;', 'return `a\n\n  b`;');
const comment = fc.constantFrom('', '/** Says what. */\n', '// one\n// two\n', '/*\n * block\n */\n');
const gap = fc.constantFrom('\n', '\n\n', '\n\n\n');

interface Part {
  readonly head: string;
  readonly text: string;
  readonly gap: string;
  readonly goes: boolean;
}

const parts: fc.Arbitrary<readonly Part[]> = fc.array(fc.record({ head: comment, text: body, gap, goes: fc.boolean() }), {
  minLength: 1,
  maxLength: 8,
});

describe('declarations', () => {
  it('that stay keep their text and comments, in order, and no run of blank lines grows', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const texts = all.map((part, at) => `${part.head}function f${String(at)}() {\n  ${part.text}\n}`);
        const text = texts.map((each, at) => `${each}${all[at]?.gap ?? ''}`).join('');
        const nodes = parseSource('a.ts', text).statements.filter((_, at) => all[at]?.goes === true);
        const left = without(text, removalRanges(text, nodes));
        const kept = texts.filter((_, at) => all[at]?.goes === false);
        expect(
          left
            .split(/\n*(?=^(?:\/\*|\/\/ one|function))/m)
            .join('')
            .replaceAll(/\n+/g, ''),
        ).toBe(kept.join('').replaceAll(/\n+/g, ''));
        for (const each of kept) expect(left).toContain(each);
        const longest = (of: string): number => Math.max(0, ...[...of.matchAll(/\n{2,}/g)].map((match) => match[0].length));
        expect(longest(left)).toBeLessThanOrEqual(Math.max(longest(text), 1));
      }),
    );
  });

  it('of a class leave no blank line at its braces', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const members = all.map(
          (part, at) => `${part.head.replaceAll(/^(?=.)/gm, '  ')}  m${String(at)}() {\n  ${part.text}\n  }`,
        );
        const text = `class C {\n${members.join('\n\n')}\n}\n`;
        const [declaration] = parseSource('a.ts', text).statements;
        if (declaration === undefined || !ts.isClassDeclaration(declaration)) throw new Error('no class');
        const nodes = declaration.members.filter((_, at) => all[at]?.goes === true);
        const left = without(text, removalRanges(text, nodes));
        const kept = members.filter((_, at) => all[at]?.goes === false);
        expect(left).toBe(kept.length === 0 ? 'class C {\n}\n' : `class C {\n${kept.join('\n\n')}\n}\n`);
      }),
    );
  });
});

describe('items of a list', () => {
  it('that stay are the list', () => {
    const items = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }).filter((goes) => goes.includes(false));
    fc.assert(
      fc.property(items, fc.constantFrom(', ', ',\n  '), fc.constantFrom('', ','), (goes, separator, trailing) => {
        const names = goes.map((_, at) => `n${String(at)}`);
        const text = `x = [${names.join(separator)}${trailing}];`;
        const source = parseSource('a.ts', text);
        const elements: ts.Node[] = [];
        const visit = (node: ts.Node): void => {
          if (ts.isArrayLiteralExpression(node)) elements.push(...node.elements);
          ts.forEachChild(node, visit);
        };
        visit(source);
        const left = without(text, listCuts(text, elements, new Set(elements.filter((_, at) => goes[at] === true))));
        const kept = names.filter((_, at) => goes[at] === false);
        expect(left).toBe(`x = [${kept.join(separator)}${trailing}];`);
      }),
    );
  });
});
