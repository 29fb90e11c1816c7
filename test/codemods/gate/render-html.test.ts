// The page of a verdict: what it says without a script, that any text stays text, and that its policy allows what is in it alone.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../codemods/gate/failure.ts';
import { html } from '../../../codemods/gate/html-text.ts';
import { judge } from '../../../codemods/gate/judge.ts';
import { renderHtml } from '../../../codemods/gate/render-html.ts';
import { factsOf, verdictOf } from './facts-of-files.ts';
import { config, sound, withCoverage } from './sound-evidence.ts';

const whole = { only: [], all: false };
const exemptions = [{ files: 'src/store/*.ts', from: 'coverage', reason: 'generated & <checked>' }] as const;
const waivers = [{ rule: 'GATE_FLOOR_BRANCHES', files: 'src', reason: 'moves "next"', until: '2026-02-01' }] as const;
const short = withCoverage('src/a.ts', { open: [3, 4, 5], coveredArms: 1 });
const judged = judge({ ...short, config: { ...config, exemptions, waivers }, notes: ['odd'] });
const page = renderHtml(judged, whole);
const allowed = (name: string, of: string): string => new RegExp(`${name} '(sha256-[^']+)'`).exec(of)?.[1] ?? '';
const between = (of: string, start: string, end: string): string => of.slice(of.indexOf(start) + start.length, of.indexOf(end));
const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
const failures = (count: number): readonly Failure[] =>
  Array.from({ length: count }, (_, at) => ({ code: 'GATE_NEW_FILE', file: `src/${at}.ts`, message: `no ${at}.` }));

describe('the page of a verdict', () => {
  it('says the verdict, each failure with its place and figures, floors, waivers and notes', () => {
    expect(page).toContain('<h1>✗ The gate fails: 1 failure</h1>');
    expect(page).toContain('<summary><code>GATE_FLOOR_LINES</code> <span class="soft">1 failure</span></summary>');
    expect(page).toContain('<code class="path">src</code><span class="soft">measured 70, required 90</span>');
    expect(page).toContain('<td>70.0% of 90%</td><td>25.0% of 80%</td>');
    expect(page).toContain('until 2026-02-01: moves &quot;next&quot;');
    expect(page).toContain('<li>odd</li>');
    const passing = renderHtml(judge(sound), whole);
    expect(passing).toContain('<h1>✓ The gate passes</h1>');
    expect(passing).not.toContain('id="failures"');
  });

  it('lists files worst covered first, exempt ones with their reason, and the total of all', () => {
    const rows = page.match(/<tr><th scope="row"><code class="path">src\/.*/g) ?? [];
    expect(rows).toEqual([
      expect.stringContaining('src/a.ts</code></th><td>20<td>10<td class="c2">70.0%<td>25.0%<td>2'),
      expect.stringContaining('src/store/b.ts</code> <span class="soft">exempt: generated &amp; &lt;checked&gt;</span></th>'),
    ]);
    expect(page).toContain('<th scope="row">Total</th><td>40</td><td>20</td>');
  });

  it('draws one rectangle a file, with the same figures to point at', () => {
    expect(page.match(/<rect class="\w+" data-files="1"/g)).toHaveLength(2);
    expect(page).toContain('<title>src/a.ts: 20 lines, coverage 70.0% of 10 coverable lines, branches 25.0%, 2 tests</title>');
    expect(page).toContain(
      '<title>src/store/b.ts: 20 lines, exempt from coverage: generated &amp; &lt;checked&gt;, 4 tests</title>',
    );
    expect(renderHtml(verdictOf([factsOf('a.ts', 1, 0)]), whole)).toContain(
      '<title>a.ts: 1 line, coverage — of 0 coverable lines, ',
    );
  });

  it('allows its own script and style by their hashes, and nothing else', () => {
    expect(allowed('script-src', page)).toBe(hashOf(between(page, '<script>', '</script>')));
    expect(allowed('style-src', page)).toBe(hashOf(between(page, '<style>', '</style>')));
    expect(page).toContain(`content="default-src 'none'; `);
    expect(page).not.toMatch(/\b(?:https?:)?\/\/[\w.-]+\.\w/);
    expect(page).not.toMatch(/ (?:style|on\w+)="/);
  });

  it('keeps every text a text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from(`<>"'&;#amp \n\0\u0007é😀`), '\uD800', '\uDC00') }), (text) => {
        const written = html(text);
        expect(written).not.toMatch(/[<>"'\0]|&(?!(?:amp|lt|gt|quot|#39);)/);
        expect(() => encodeURIComponent(written)).not.toThrow();
      }),
    );
    expect(html(`a<b>&"'\n\t\u0007\uD800`)).toBe('a&lt;b&gt;&amp;&quot;&#39;\n\t\uFFFD\uFFFD');
    const evil = `src/<script>alert("1")</script>'.ts`;
    const failure = { code: 'GATE_FILE_TOO_LONG', file: evil, line: 3, message: evil } as const;
    const waived = [{ failure, waiver: { rule: failure.code, files: evil, reason: evil, until: evil } }];
    const floors = [{ floor: { under: evil, lines: 1, branches: 1, each: true }, measured: judged.total, pass: true }];
    const files = [factsOf(`${evil}/a`, 9, 2, { exempt: evil }), factsOf(`${evil}/b`, 5, 2), factsOf('c', 5, 2)];
    const verdict = verdictOf(files, { pass: false, failures: [failure], waived, floors, notes: [evil] });
    const text = renderHtml(verdict, { only: [evil], all: true });
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).not.toContain('alert("1")');
  });

  it('opens ten failures of a rule, folds the next away, and counts those beyond five hundred', () => {
    const few = renderHtml(verdictOf([], { pass: false, failures: failures(12) }), whole);
    expect(few).toContain('<details><summary>2 more</summary>');
    expect(few.indexOf('no 9.')).toBeLessThan(few.indexOf('2 more'));
    expect(few.indexOf('no 10.')).toBeGreaterThan(few.indexOf('2 more'));
    expect(few).not.toContain('--format json');
    const many = renderHtml(verdictOf([], { pass: false, failures: failures(1_600) }), whole);
    expect(many).toContain('<summary>1,590 more</summary>');
    expect(many).toContain('and 1,100 more: --format json has them all');
    expect(many).not.toContain('no 500.');
  });

  it('names the whole project where a failure has no file of its own', () => {
    const bare = [
      { code: 'GATE_NO_TESTS', message: 'none' },
      { code: 'GATE_FLOOR_LINES', file: '.', message: 'low', measured: 84.6199, required: 90 },
    ] as const;
    const text = renderHtml(verdictOf([], { pass: false, failures: bare }), whole);
    expect(text.match(/<code class="path">the whole project<\/code>/g)).toHaveLength(2);
    expect(text).toContain('measured 84.61, required 90');
  });

  it('says what has changed since a base, where that was asked for', () => {
    const split = { added: 3, edited: 1, moved: 6, removed: 2 };
    const share = { covered: 1, coverable: 2 };
    const change = {
      base: 'origin/<main>',
      commit: '8c4e1f0a9b3d5e',
      required: { lines: 80, branches: null },
      files: [],
      lines: share,
      branches: null,
      asIs: { before: null, now: share },
      sameCode: null,
      sources: split,
      removedCode: null,
      tests: { ...split, casesBefore: 2, casesNow: 3 },
      notes: [],
    };
    const text = renderHtml(verdictOf([], { change }), whole);
    expect(text).toContain('<h2 id="change">Change since origin/&lt;main&gt; (8c4e1f0a9b3d)</h2>');
    expect(text).toContain('<tr><th scope="row">Changed lines</th><td>50.0% (1 of 2), required 80%</td></tr>');
    expect(page).not.toContain('id="change"');
  });

  it('has no treemap of no lines', () => {
    expect(renderHtml(verdictOf([factsOf('src/empty.ts', 0, 0)]), whole)).not.toContain('id="map"');
    expect(renderHtml(verdictOf([]), whole)).toContain('0 files, worst covered first');
  });

  it('offers to show all files from the thirty-first on, and shows only what is asked for', () => {
    const files = Array.from({ length: 31 }, (_, at) => factsOf(`src/${at % 2 === 0 ? 'a' : 'b'}/${at}.ts`, 10 + at, at % 5));
    expect(renderHtml(verdictOf(files.slice(1)), whole)).not.toContain('type="checkbox"');
    expect(renderHtml(verdictOf(files), whole)).toContain('<input type="checkbox" id="all"> Show all 31 files');
    expect(renderHtml(verdictOf(files), { ...whole, all: true })).toContain('id="all" checked>');
    const part = renderHtml(verdictOf(files), { only: ['src/b'], all: false });
    expect(part).toContain('15 files, worst covered first');
    expect(part).toContain('Only <code class="path">src/b</code>; the judgement is of the whole project.');
    expect(part).not.toContain('src/a/0.ts');
  });

  it('draws small files of a large project together, so that the page stays light', () => {
    const files = Array.from({ length: 5_000 }, (_, at) =>
      factsOf(`packages/p${at % 20}/src/module-${at}.ts`, 10 + (at % 400), at % 5, at % 7 === 0 ? { exempt: 'generated' } : {}),
    );
    const text = renderHtml(verdictOf(files), whole);
    expect(text.match(/data-files="/g)?.length).toBeLessThan(2_100);
    expect(text).toMatch(/<title>\d+ smaller files under packages\/p3\/src: [\d,]+ lines, coverage [\d.]+%<\/title>/);
    expect(text.length).toBeLessThan(1_500_000);
    const exempt = files.map((file) => ({ ...file, file: file.file.replace(/.*\//, ''), exempt: 'generated' }));
    expect(renderHtml(verdictOf(exempt), whole)).toMatch(/class="exempt" data-files="\d{4}".*<title>3,\d+ smaller files: /);
  });

  it('labels folders with as much of their path as fits', () => {
    const files = ['src/some/long/name/of/a/folder', 'src/b'].flatMap((folder, at) =>
      Array.from({ length: 40 }, (_, each) => factsOf(`${folder}/f-${each}.ts`, at === 0 ? 10 : 90, 4)),
    );
    const text = renderHtml(verdictOf(files), whole);
    expect(text).toMatch(/<text class="name"[^>]*>src\/b\/<\/text>/);
    expect(text).toMatch(/<text class="name"[^>]*>…\/[\w/]*folder\/<\/text>/);
    const two = renderHtml(verdictOf([factsOf(`src/${'long-'.repeat(40)}.ts`, 30, 1), factsOf('src/b.ts', 30, 1)]), whole);
    expect(two).toMatch(/<text class="c0"[^>]*>long-long-[^<]*…<\/text>/);
    expect(two).toMatch(/<text class="c0"[^>]*>b\.ts<\/text>/);
  });
});
