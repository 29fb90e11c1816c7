// SARIF by its schema (2.1.0-rtm.5, as shipped with @microsoft/jest-sarif); GitHub's commands, GitLab Code Quality and JUnit by what their readers document.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../codemods/gate/failure.ts';
import { failureCodes } from '../../../codemods/gate/failure.ts';
import { renderGithub, renderGitlab, renderJunit, renderSarif } from '../../../codemods/gate/render-findings.ts';
import { schemaFaults } from './json-schema.ts';
import { verdictOf } from './facts-of-files.ts';

const { resolve } = createRequire(import.meta.url);
const read = (name: string): object => JSON.parse(readFileSync(resolve(name), 'utf8')) as object; // a schema is an object

/** Problems of a document by the schema of SARIF, which is written in JSON Schema draft-04. */
function sarifFaults(document: unknown): readonly string[] {
  const ajv = new Ajv({ schemaId: 'id', meta: false, allErrors: true });
  ajv.addMetaSchema(read('ajv/lib/refs/json-schema-draft-04.json'));
  const validate = ajv.compile(read('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
  return validate(document) === true ? [] : (validate.errors ?? []).map((error) => `${error.dataPath} ${error.message}`);
}

const awkward = 'src/ä b%/[id]#?"<&>\u0007.ts';
const failures: readonly Failure[] = [
  ...failureCodes.map((code, at) => ({
    code,
    file: `src/${at}.ts`,
    line: at + 1,
    message: `${code} says\nso.`,
    measured: 1,
    required: 2,
  })),
  { code: 'GATE_NO_TESTS', message: 'No test ran.' },
  { code: 'GATE_FILE_TOO_LONG', file: awkward, message: `${awkward} is long.` },
  { code: 'GATE_FILE_TOO_LONG', file: awkward, line: 3, message: `${awkward} is long again.` },
];
const failed = verdictOf([], { pass: false, failures });
const passed = verdictOf([]);

describe('SARIF', () => {
  it.each([
    ['every failure there is', failed],
    ['no failure', passed],
  ])('follows its schema with %s', (_what, verdict) => {
    expect(sarifFaults(JSON.parse(renderSarif(verdict)))).toEqual([]);
  });

  it('is held to a schema that finds faults', () => {
    const document = JSON.parse(renderSarif(failed)) as {
      version: string;
      runs: { results: { level: string; more?: number }[] }[];
    };
    const [result] = document.runs[0]?.results ?? [];
    Object.assign(result ?? {}, { level: 'bad', more: 1 });
    expect(sarifFaults(document)).toEqual([
      '.runs[0].results[0] should NOT have additional properties',
      '.runs[0].results[0].level should be equal to one of the allowed values',
    ]);
    expect(sarifFaults({ version: '2.1.0' })).toEqual([" should have required property 'runs'"]);
  });
});

describe('GitLab Code Quality', () => {
  // Required by GitLab's documentation: description, check_name, fingerprint, location.path, location.lines.begin, severity of five.
  const schema = {
    type: 'array',
    items: {
      type: 'object',
      required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
      additionalProperties: false,
      properties: {
        description: { type: 'string' },
        check_name: { type: 'string' },
        fingerprint: { type: 'string', pattern: '^[0-9a-f]{64}$' },
        severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
        location: {
          type: 'object',
          required: ['path', 'lines'],
          properties: {
            // Relative and without ./ before it.
            path: { type: 'string', pattern: '^(?!\\./|/).' },
            lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } },
          },
        },
      },
    },
  };

  it.each([
    ['every failure there is', failed],
    ['no failure', passed],
  ])('has what is required with %s', (_what, verdict) => {
    expect(schemaFaults(schema, JSON.parse(renderGitlab(verdict)))).toEqual([]);
  });

  it('tells findings apart by their fingerprints, and starts without a byte order mark', () => {
    const findings = JSON.parse(renderGitlab(failed)) as readonly { fingerprint: string }[];
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(failures.length);
    expect(renderGitlab(failed)).toMatch(/^\[/);
  });
});

describe('commands of GitHub', () => {
  it('name no place where a failure is of the whole project', () => {
    const whole = { code: 'GATE_FLOOR_LINES', file: '.', message: 'low' } as const;
    const lines = renderGithub(verdictOf([], { pass: false, failures: [whole, { ...whole, file: 'src' }] })).split('\n');
    expect(lines.slice(0, 2)).toEqual([
      '::error title=GATE_FLOOR_LINES::low',
      '::error file=src,line=1,title=GATE_FLOOR_LINES::low',
    ]);
  });
});

describe('JUnit', () => {
  it('counts the cases and the failing ones that it has, each with a name of its own', () => {
    const text = renderJunit(failed);
    const names = [...text.matchAll(/<testcase classname="refit\.gate" name="([A-Z_]+)"/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(text).toContain(`tests="${names.length}" failures="${failureCodes.length}" errors="0"`);
    expect(text.match(/<failure type="[A-Z_]+" message="/g)).toHaveLength(failures.length);
    expect(renderJunit(passed)).toContain(`tests="${names.length}" failures="0" errors="0"`);
  });

  it('is well-formed: every tag closed in order, nothing unescaped, no character that XML forbids', () => {
    const text = renderJunit(failed).replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
    const open: string[] = [];
    for (const [, end, name = '', , self] of text.matchAll(/<(\/?)([a-z]+)((?:\s[a-z]+="[^"<]*")*)\s*(\/?)>/g)) {
      if (end === '/') expect(open.pop()).toBe(name);
      else if (self === '') open.push(name);
    }
    expect(open).toEqual([]);
    const between = text.replaceAll(/<[^<>]*>/g, '');
    expect(between).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot);)/);
    expect(text).not.toMatch(/[^\P{Cc}\n\t]/u);
  });
});
