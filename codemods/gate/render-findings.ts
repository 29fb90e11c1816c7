// Writes the failures of a verdict for the programs that show findings: GitHub, GitLab, SARIF, JUnit.
import { createHash } from 'node:crypto';
import type { Failure, FailureCode } from './failure.ts';
import { failureCodes } from './failure.ts';
import type { Verdict } from './judge.ts';

/** Stays the same while a failure is the same, whatever its figures and lines: of its code and its place alone. */
export function fingerprintOf(failure: Failure): string {
  return createHash('sha256')
    .update(`${failure.code}\n${failure.file ?? '.'}`)
    .digest('hex');
}

/** Several failures of one rule in one file are told apart by their order in it. */
function fingerprints(failures: readonly Failure[]): readonly string[] {
  const seen = new Map<string, number>();
  return failures.map((failure) => {
    const print = fingerprintOf(failure);
    const times = (seen.get(print) ?? 0) + 1;
    seen.set(print, times);
    return times === 1 ? print : createHash('sha256').update(`${print}\n${times}`).digest('hex');
  });
}

/** Services show a finding at its path from the top of the repository, wherever the configuration is; the whole project is its folder. */
function placeOf({ folder = '' }: Verdict, file = '.'): string {
  if (file !== '.') return `${folder}${file}`;
  return folder === '' ? '.' : folder.slice(0, -1);
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Commands of a GitHub workflow, one a failure, which become annotations of the change. */
export function renderGithub(verdict: Verdict): string {
  const lines = verdict.failures.map((failure) => {
    const { file, line = 1 } = failure;
    // An annotation is of a file; the whole project is none.
    const place = file === undefined || file === '.' ? [] : [`file=${property(placeOf(verdict, file))}`, `line=${line}`];
    return `::error ${[...place, `title=${property(failure.code)}`].join(',')}::${data(failure.message)}`;
  });
  const notes = verdict.notes.map((note) => `::notice title=refit gate::${data(note)}`);
  return [...lines, ...notes, verdict.pass ? 'The gate passes.' : 'The gate fails.', ''].join('\n');
}

/** Code Quality report of GitLab. */
export function renderGitlab(verdict: Verdict): string {
  const prints = fingerprints(verdict.failures);
  const findings = verdict.failures.map((failure, at) => ({
    description: failure.message,
    check_name: failure.code,
    fingerprint: prints[at],
    severity: 'major',
    location: { path: placeOf(verdict, failure.file), lines: { begin: failure.line ?? 1 } },
  }));
  return `${JSON.stringify(findings, undefined, 2)}\n`;
}

function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** SARIF 2.1.0. */
export function renderSarif(verdict: Verdict): string {
  const used = failureCodes.filter((code) => verdict.failures.some((failure) => failure.code === code));
  const prints = fingerprints(verdict.failures);
  const results = verdict.failures.map((failure, at) => ({
    ruleId: failure.code,
    ruleIndex: used.indexOf(failure.code),
    level: 'error',
    message: { text: failure.message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(placeOf(verdict, failure.file)), uriBaseId: 'PROJECT' },
          region: { startLine: failure.line ?? 1 },
        },
      },
    ],
    partialFingerprints: { 'refitGate/v1': prints[at] },
  }));
  const rule = (code: FailureCode): unknown => ({
    id: code,
    shortDescription: { text: code.replace('GATE_', '').toLowerCase().replaceAll('_', ' ') },
  });
  const driver = { name: 'refit gate', rules: used.map(rule) };
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function xml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  // Control characters are not allowed in XML 1.0, not even as references.
  return escaped.replaceAll(/[^\P{Cc}\n\t]/gu, '');
}

/** JUnit XML: one case a rule, failing with each of its failures. */
export function renderJunit(verdict: Verdict): string {
  const cases = failureCodes.flatMap((code) => {
    const found = verdict.failures.filter((failure) => failure.code === code);
    if (found.length === 0) return [`    <testcase classname="refit.gate" name="${code}"/>`];
    const failures = found.map((failure) => {
      const place = failure.file === undefined ? '' : `${failure.file}${failure.line === undefined ? '' : `:${failure.line}`}: `;
      return `      <failure type="${code}" message="${xml(failure.message)}">${xml(place + failure.message)}</failure>`;
    });
    return [`    <testcase classname="refit.gate" name="${code}">`, ...failures, '    </testcase>'];
  });
  const failing = new Set(verdict.failures.map((failure) => failure.code)).size;
  const head = `<testsuite name="refit gate" tests="${failureCodes.length}" failures="${failing}" errors="0" skipped="0">`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  ${head}`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
