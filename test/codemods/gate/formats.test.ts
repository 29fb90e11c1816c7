// Each format of a verdict: what it carries, that it escapes, and that the same verdict is written the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatNames, rendererOf } from '../../../codemods/gate/formats.ts';
import type { Verdict } from '../../../codemods/gate/judge.ts';
import { judge } from '../../../codemods/gate/judge.ts';
import { fingerprintOf } from '../../../codemods/gate/render-findings.ts';
import { schemaFaults } from './json-schema.ts';
import { config, sound, withCoverage } from './sound-evidence.ts';

const exemptions = [{ files: 'src/store/*.ts', from: 'coverage', reason: 'generated' }] as const;
const waivers = [{ rule: 'GATE_FLOOR_BRANCHES', files: 'src', reason: 'moves next', until: '2026-02-01' }] as const;
const short = withCoverage('src/a.ts', { open: [3, 4, 5], coveredArms: 1 });
const judged = judge({ ...short, config: { ...config, exemptions, waivers }, notes: ['odd'] });
const awkward = {
  code: 'GATE_FUNCTION_TOO_LONG',
  file: 'src/a b.ts',
  line: 7,
  message: 'f<T>() | "long", 100 %\nnext & last\u0007',
} as const;
const verdict: Verdict = { ...judged, failures: [...judged.failures, awkward, { ...awkward, line: 9 }] };
const whole = { only: [], all: false };
const written = (format: string, of: Verdict = verdict): string => rendererOf(format)(of, whole);

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../../docs/schemas/gate.schema.json'), 'utf8')) as Readonly<
  Record<string, unknown>
>;

describe('formats', () => {
  it.each(formatNames)('%s is the same text for the same verdict, and says whether it passes or what failed', (format) => {
    expect(written(format)).toBe(written(format));
    expect(written(format)).toContain('GATE_FLOOR_LINES');
    expect(written(format, judge(sound))).not.toMatch(/GATE_FLOOR_LINES(?!"\/>)/);
  });

  it('refuses a format that is not there, and names those that are', () => {
    const failure = expect.objectContaining({ code: 'GATE_FORMAT_UNKNOWN', message: expect.stringContaining('sarif') });
    expect(() => rendererOf('xml')).toThrow(failure);
  });

  it('json follows the published schema', () => {
    expect(schemaFaults(schema, JSON.parse(written('json')))).toEqual([]);
    expect(schemaFaults(schema, JSON.parse(written('json', judge(sound))))).toEqual([]);
    const failed = { schema: 'refit-gate/1', pass: false, failures: [{ code: 'GATE_CONFIG_MISSING', message: 'none' }] };
    expect(schemaFaults(schema, failed)).toEqual([]);
    expect(schemaFaults(schema, { ...failed, pass: 'no', more: 1 })).toEqual(['$.pass breaks type', '$.more is not allowed']);
  });

  it('json carries what was waived, until when and why', () => {
    expect(JSON.parse(written('json'))).toMatchObject({
      waived: [{ code: 'GATE_FLOOR_BRANCHES', reason: 'moves next', until: '2026-02-01' }],
    });
  });

  it('markdown escapes what would break its table, and lists floors, files, waivers and notes', () => {
    const text = written('markdown');
    expect(text).toMatch(/^## ❌ The gate fails: 3 failures\n/);
    expect(text).toContain('f&lt;T>() \\| "long", 100 % next');
    expect(text).toContain('| `src/a.ts` | 20 | 10 | 70.0% | 25.0% | 2 |');
    expect(text).toContain('| `src/store/b.ts` (exempt) |');
    expect(text).toContain('- until 2026-02-01: `GATE_FLOOR_BRANCHES`');
    expect(text).toContain('- odd');
    expect(written('markdown', judge(sound))).toMatch(/^## ✅ The gate passes\n/);
  });

  it('markdown stays short for a large project', () => {
    const files = Array.from({ length: 500 }, () => judged.files).flat();
    const failures = Array.from({ length: 500 }, () => awkward);
    const text = written('markdown', { ...verdict, files, failures });
    expect(text.split('\n').length).toBeLessThan(160);
    expect(text).toContain('- and 400 more');
    expect(text).toContain('| and 970 better covered files |');
  });

  it('github writes one command a failure, with its place, on one line', () => {
    const lines = written('github').split('\n');
    expect(lines[1]).toBe(
      '::error file=src/a b.ts,line=7,title=GATE_FUNCTION_TOO_LONG::f<T>() | "long", 100 %25%0Anext & last\u0007',
    );
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(3);
    expect(lines).toContain('The gate fails.');
    expect(written('github', judge(sound))).toContain('The gate passes.');
  });

  it('sarif has a rule for each code, an encoded place, and a fingerprint of its own for each result', () => {
    const document = JSON.parse(written('sarif')) as {
      version: string;
      runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[] }[];
    };
    const [run] = document.runs;
    expect(document.version).toBe('2.1.0');
    expect(run?.tool.driver.rules.map((rule) => rule.id)).toEqual(['GATE_FLOOR_LINES', 'GATE_FUNCTION_TOO_LONG']);
    expect(run?.results[1]).toMatchObject({
      ruleId: 'GATE_FUNCTION_TOO_LONG',
      ruleIndex: 1,
      locations: [{ physicalLocation: { artifactLocation: { uri: 'src/a%20b.ts' }, region: { startLine: 7 } } }],
    });
    const prints = run?.results.map((result) => JSON.stringify(result['partialFingerprints'])) ?? [];
    expect(new Set(prints).size).toBe(3);
  });

  it('keeps a fingerprint when only figures and lines change', () => {
    expect(fingerprintOf({ ...awkward, line: 70, message: 'longer' })).toBe(fingerprintOf(awkward));
    expect(fingerprintOf({ ...awkward, file: 'src/b.ts' })).not.toBe(fingerprintOf(awkward));
  });

  it('gitlab lists findings with a path, a line and a fingerprint', () => {
    const findings = JSON.parse(written('gitlab')) as readonly Record<string, unknown>[];
    expect(findings[1]).toMatchObject({
      check_name: 'GATE_FUNCTION_TOO_LONG',
      severity: 'major',
      fingerprint: fingerprintOf(awkward),
      location: { path: 'src/a b.ts', lines: { begin: 7 } },
    });
  });

  it('junit has a case for each rule and escapes its texts', () => {
    const text = written('junit');
    expect(text).toContain('failures="2" errors="0"');
    expect(text).toContain('message="f&lt;T&gt;() | &quot;long&quot;, 100 %\nnext &amp; last"');
    expect(text).toContain('<testcase classname="refit.gate" name="GATE_FILE_GONE"/>');
    expect(text).not.toContain('\u0007');
  });

  it.each([
    ['github', /^::error file=packages\/api\/src\/a b\.ts,line=7/m],
    ['gitlab', /"path": "packages\/api\/src\/a b\.ts"/],
    ['sarif', /"uri": "packages\/api\/src\/a%20b\.ts"/],
  ])('%s names a file from the top of the repository, also for a package further in', (format, place) => {
    expect(written(format, { ...verdict, folder: 'packages/api/' })).toMatch(place);
  });

  it.each([
    ['packages/api/', '"path": "packages/api"'],
    ['', '"path": "."'],
  ])('gitlab names the folder for what is of a whole project: %j', (folder, place) => {
    const failures = [{ code: 'GATE_NO_TESTS', message: 'none' }] as const;
    expect(written('gitlab', { ...verdict, failures, folder })).toContain(place);
  });

  it('table says that nothing is where it was asked to look', () => {
    expect(rendererOf('table')(verdict, { only: ['inti', 'lib'], all: false })).toContain(
      'no source file is inti or lib or under it',
    );
    expect(rendererOf('table')(verdict, { only: ['src'], all: false })).not.toContain('no source file');
  });

  it('table says what is waived', () => {
    expect(written('table')).toContain('waived until 2026-02-01  GATE_FLOOR_BRANCHES  src has branches 25.00 %');
  });
});
