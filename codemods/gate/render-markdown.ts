// Writes a verdict as Markdown that fits the summary of a step of GitHub Actions.
import { changeSection } from './changes/render-changes.ts';
import { measured } from './facts.ts';
import type { FileFacts } from './facts.ts';
import type { Verdict } from './judge.ts';
import { floorText, percentText, rowsShown } from './render.ts';

/** GitHub cuts a summary off at 1 MiB; this many failures of the longest kind stay far below. */
const FAILURES_SHOWN = 100;

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}

function row(file: FileFacts): string {
  const share = (metric: 'lines' | 'branches'): string => {
    const { covered, total } = measured(file, metric);
    return total === 0 ? '—' : percentText(covered, total);
  };
  const name = file.exempt === undefined ? `\`${cell(file.file)}\`` : `\`${cell(file.file)}\` (exempt)`;
  return `| ${name} | ${file.lines} | ${file.coverable} | ${share('lines')} | ${share('branches')} | ${file.tests} |`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `### ${title}`, '', ...lines];
}

/** Headline, failures, floors, and the worst covered files. */
export function renderMarkdown(verdict: Verdict): string {
  const { failures, files, floors, waived, notes } = verdict;
  const more = failures.length - FAILURES_SHOWN;
  const shown = files.slice(0, rowsShown);
  const count = `${failures.length} ${failures.length === 1 ? 'failure' : 'failures'}`;
  const lines = [
    `## ${verdict.pass ? '✅ The gate passes' : `❌ The gate fails: ${count}`}`,
    ...section('Failures', [
      ...failures.slice(0, FAILURES_SHOWN).map((failure) => `- \`${failure.code}\` ${cell(failure.message)}`),
      ...(more > 0 ? [`- and ${more} more`] : []),
    ]),
    ...section(
      'Floors',
      floors.map((result) => `- ${result.pass ? '✅' : '❌'} ${cell(floorText(result))}`),
    ),
    ...(verdict.change === undefined ? [] : section(...changeSection(verdict.change))),
    ...section('Files, worst covered first', [
      '| File | Lines | Coverable | Coverage | Branches | Tests |',
      '|---|---:|---:|---:|---:|---:|',
      ...shown.map(row),
      ...(files.length > shown.length ? [`| and ${files.length - shown.length} better covered files | | | | | |`] : []),
    ]),
    ...section(
      'Waived',
      waived.map(
        ({ failure, waiver }) => `- until ${waiver.until}: \`${failure.code}\` ${cell(failure.message)} (${cell(waiver.reason)})`,
      ),
    ),
    ...section(
      'Notes',
      notes.map((note) => `- ${cell(note)}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
