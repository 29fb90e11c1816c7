// Writes a change out: a few lines for a terminal, the same as Markdown, and its part of the JSON document.
import { percentOf } from '../facts.ts';
import type { ChangeReport, LineSplit, Share } from './change-report.ts';

/** Rounded down, as everywhere. */
function percentText({ covered, coverable }: Share): string {
  return coverable === 0 ? '—' : `${(Math.floor(percentOf(covered, coverable) * 10) / 10).toFixed(1)}%`;
}

function shareText(share: Share): string {
  return `${percentText(share)} (${share.covered} of ${share.coverable})`;
}

function splitText({ added, edited, moved, removed }: LineSplit): string {
  return `${added} added, ${edited} edited, ${moved} moved, ${removed} removed`;
}

function required(percent: number | null): string {
  return percent === null ? '' : `, required ${percent}%`;
}

/** Name and text of each figure. */
export function changeFigures(report: ChangeReport): readonly (readonly [string, string])[] {
  const { asIs, sameCode, removedCode, tests } = report;
  const dead =
    removedCode === null
      ? ''
      : `; of ${removedCode.coverable} coverable ones removed ${removedCode.neverCovered} ${removedCode.neverCovered === 1 ? 'was' : 'were'} never covered`;
  const before = asIs.before === null ? '' : `before ${shareText(asIs.before)}, `;
  const cases = tests.casesNow - tests.casesBefore;
  return [
    ['As is', `${before}now ${shareText(asIs.now)}`],
    ...(sameCode === null
      ? []
      : [['Same code', `before ${shareText(sameCode.before)}, now ${shareText(sameCode.now)}`] as const]),
    ['Changed lines', `${shareText(report.lines)}${required(report.required.lines)}`],
    ...(report.branches === null
      ? []
      : [['Branches on them', `${shareText(report.branches)}${required(report.required.branches)}`] as const]),
    ['Source lines', `${splitText(report.sources)}${dead}`],
    [
      'Tests',
      `${cases > 0 ? '+' : ''}${cases} ${Math.abs(cases) === 1 ? 'case' : 'cases'} (${tests.casesBefore} to ${tests.casesNow}); lines: ${splitText(tests)}`,
    ],
  ];
}

function sinceText({ base, commit }: ChangeReport): string {
  return `Change since ${base} (${commit.slice(0, 12)})`;
}

export function renderChange(report: ChangeReport | undefined): string {
  if (report === undefined) return '';
  const figures = changeFigures(report);
  const width = Math.max(...figures.map(([name]) => name.length));
  return [sinceText(report), ...figures.map(([name, figure]) => `  ${name.padEnd(width)}  ${figure}`)].join('\n');
}

/** Title of a section, and its lines. */
export function changeSection(report: ChangeReport): readonly [string, readonly string[]] {
  return [sinceText(report), changeFigures(report).map(([name, figure]) => `- ${name}: ${figure}`)];
}

/** `change` of the JSON document. */
export function changeDocument(report: ChangeReport): Readonly<Record<string, unknown>> {
  const { base, commit, required: asked, lines, branches, asIs, sameCode, sources, removedCode, tests, files } = report;
  return { base, commit, required: asked, lines, branches, asIs, sameCode, sources, removedCode, tests, files };
}
