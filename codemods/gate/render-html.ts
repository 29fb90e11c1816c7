// Writes a verdict as one page of HTML that needs no network, no other file and no script: failures, floors, treemap, table.
import { createHash } from 'node:crypto';
import { changeFigures, changeSection } from './changes/render-changes.ts';
import { metrics } from './coverage-model.ts';
import { classOf } from './coverage-colours.ts';
import type { FileFacts } from './facts.ts';
import { measured, totalOf } from './facts.ts';
import type { Failure } from './failure.ts';
import { html } from './html-text.ts';
import type { FloorResult, Verdict } from './judge.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import { renderLegend, renderTreemap } from './render-treemap.ts';
import type { TableOptions } from './render.ts';
import { askedFiles, grouped, header, percentText, rowOf, rowsShown } from './render.ts';

/** Findings of one rule that are open at once; the rest is one click away. */
const FINDINGS_OPEN = 10;

/** Findings of one rule that the page carries at all. */
const FINDINGS_WRITTEN = 500;

function count(number: number, thing: string): string {
  return `${grouped(number)} ${thing}${number === 1 ? '' : 's'}`;
}

/** A figure of a failure: a count as it is, a percentage with at most two decimals, rounded down. */
function figure(value: number): string {
  return Number.isInteger(value) ? grouped(value) : String(Math.floor(value * 100) / 100);
}

function section(id: string, title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return [`<section aria-labelledby="${id}">`, `<h2 id="${id}">${html(title)}</h2>`, ...lines, '</section>'];
}

function placeOf({ file, line }: Failure): string {
  if (file === undefined || file === '.') return 'the whole project';
  return line === undefined ? file : `${file}:${line}`;
}

function finding(failure: Failure): string {
  const figures = [
    ...(failure.measured === undefined ? [] : [`measured ${figure(failure.measured)}`]),
    ...(failure.required === undefined ? [] : [`required ${figure(failure.required)}`]),
  ];
  const place = `<code class="path">${html(placeOf(failure))}</code><span class="soft">${figures.join(', ')}</span>`;
  return `<li><p class="place">${place}</p><p>${html(failure.message)}</p></li>`;
}

function findings(failures: readonly Failure[]): string {
  return `<ul class="findings">${failures.map(finding).join('\n')}</ul>`;
}

/** The failures of one rule: the first ones open, the rest below them. */
function ruleOf(code: string, failures: readonly Failure[]): readonly string[] {
  const rest = failures.slice(FINDINGS_OPEN, FINDINGS_WRITTEN);
  const unwritten = failures.length - FINDINGS_WRITTEN;
  const more = unwritten > 0 ? [`<p class="soft">and ${grouped(unwritten)} more: --format json has them all</p>`] : [];
  return [
    `<details class="rule" open><summary><code>${html(code)}</code> <span class="soft">${count(failures.length, 'failure')}</span></summary>`,
    findings(failures.slice(0, FINDINGS_OPEN)),
    ...(rest.length === 0
      ? []
      : [`<details><summary>${grouped(failures.length - FINDINGS_OPEN)} more</summary>`, findings(rest), ...more, '</details>']),
    '</details>',
  ];
}

function failureSection(failures: readonly Failure[]): readonly string[] {
  const codes = [...new Set(failures.map(({ code }) => code))];
  const rules = codes.flatMap((code) =>
    ruleOf(
      code,
      failures.filter((failure) => failure.code === code),
    ),
  );
  return section('failures', `Failures (${grouped(failures.length)})`, rules);
}

function floorRow({ floor, measured: found, pass }: FloorResult): string {
  const cells = metrics.map((metric) => {
    const required = floor[metric];
    const { covered, total } = measured(found, metric);
    return `<td>${required === undefined ? '—' : `${percentText(covered, total)} of ${required}%`}</td>`;
  });
  const under = `<code class="path">${html(floor.under)}</code>${floor.each === true ? ' (each file)' : ''}`;
  const result = pass ? '<td><strong class="pass">pass</strong></td>' : '<td><strong class="fail">FAIL</strong></td>';
  return `<tr><th scope="row">${under}</th><td>${grouped(found.files)}</td>${cells.join('')}${result}</tr>`;
}

function scrolling(name: string, lines: readonly string[]): readonly string[] {
  return [`<div class="scroll" role="region" aria-label="${name}" tabindex="0">`, ...lines, '</div>'];
}

function floorSection(floors: readonly FloorResult[]): readonly string[] {
  if (floors.length === 0) return [];
  const heads = ['Under', 'Files', ...metrics.map((metric) => `${metric.slice(0, 1).toUpperCase()}${metric.slice(1)}`), 'Result'];
  const table = [
    `<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>`,
    `<tbody>${floors.map(floorRow).join('\n')}</tbody></table>`,
  ];
  return section('floors', 'Floors', scrolling('Floors', table));
}

function changedSection({ change }: Verdict): readonly string[] {
  if (change === undefined) return [];
  const rows = changeFigures(change).map(([name, text]) => `<tr><th scope="row">${html(name)}</th><td>${html(text)}</td></tr>`);
  const [title] = changeSection(change);
  return section('change', title, scrolling('Change', [`<table class="change"><tbody>${rows.join('\n')}</tbody></table>`]));
}

function fileRow(file: FileFacts): string {
  const [name, lines, coverable, coverage, branches, tests] = rowOf(file.file, file);
  const exempt = file.exempt === undefined ? '' : ` <span class="soft">exempt: ${html(file.exempt)}</span>`;
  const figures = `<td>${lines}<td>${coverable}<td class="${classOf(file)}">${coverage}<td>${branches}<td>${tests}`;
  return `<tr><th scope="row"><code class="path">${html(name)}</code>${exempt}</th>${figures}`;
}

/** Which way a heading sorts first: names and percentages from the lowest, counts from the highest. */
function heading(title: string): string {
  const rising = ['File', 'Coverage', 'Branches'].includes(title);
  const sorted = title === 'Coverage' ? ' aria-sort="ascending"' : '';
  return `<th scope="col" data-first="${rising ? 'ascending' : 'descending'}"${sorted}>${title}</th>`;
}

function fileTable(files: readonly FileFacts[], all: boolean): readonly string[] {
  const [, ...totals] = rowOf('Total', totalOf(files));
  const table = [
    `<table id="files"><caption>${count(files.length, 'file')}, worst covered first</caption>`,
    `<thead><tr>${header.map(heading).join('')}</tr></thead>`,
    `<tbody>${files.map(fileRow).join('\n')}</tbody>`,
    `<tfoot><tr><th scope="row">Total</th>${totals.map((cell) => `<td>${cell}</td>`).join('')}</tr></tfoot></table>`,
  ];
  const box = `<label class="all"><input type="checkbox" id="all"${all ? ' checked' : ''}> Show all ${grouped(files.length)} files, not only the first ${rowsShown}</label>`;
  return ['<div class="first">', ...(files.length > rowsShown ? [box] : []), ...scrolling('Files', table), '</div>'];
}

function fileSections(verdict: Verdict, options: TableOptions): readonly string[] {
  const files = askedFiles(verdict.files, options);
  const only = options.only.map((folder) => `<code class="path">${html(folder)}</code>`).join(', ');
  const note = only === '' ? [] : [`<p class="soft">Only ${only}; the judgement is of the whole project.</p>`];
  const map = renderTreemap(files);
  const figureOf = [
    '<figure>',
    map,
    renderLegend(),
    '<p id="detail" class="soft">One rectangle a file: size is lines, colour is coverage.</p>',
  ];
  return [
    ...(map === '' ? [] : section('treemap', 'Treemap', [...note, ...figureOf, '</figure>'])),
    ...section('table', 'Files', [...note, ...fileTable(files, options.all || options.only.length > 0)]),
  ];
}

function waivedSection({ waived }: Verdict): readonly string[] {
  const items = waived.map(({ failure, waiver }) => {
    const rule = `<code>${html(failure.code)}</code> <code class="path">${html(placeOf(failure))}</code>`;
    return `<li>${rule} until ${html(waiver.until)}: ${html(waiver.reason)}<br><span class="soft">${html(failure.message)}</span></li>`;
  });
  return section('waived', 'Waived', items.length === 0 ? [] : ['<ul class="notes">', ...items, '</ul>']);
}

function noteSection({ notes }: Verdict): readonly string[] {
  const items = notes.map((note) => `<li>${html(note)}</li>`);
  return section('notes', 'Notes', items.length === 0 ? [] : ['<ul class="notes">', ...items, '</ul>']);
}

function headline({ pass, failures }: Verdict): string {
  return pass ? 'The gate passes' : `The gate fails: ${count(failures.length, 'failure')}`;
}

function verdictBanner(verdict: Verdict): readonly string[] {
  const [, lines, coverable, coverage, branches, tests] = rowOf('Total', verdict.total);
  const figures = {
    Files: grouped(verdict.total.files),
    Lines: lines,
    Coverable: coverable,
    Coverage: coverage,
    Branches: branches,
    Tests: tests,
  };
  const list = Object.entries(figures).map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return [
    `<header class="verdict ${verdict.pass ? 'passes' : 'fails'}">`,
    `<h1>${verdict.pass ? '✓' : '✗'} ${headline(verdict)}</h1>`,
    `<dl class="figures">${list.join('')}</dl>`,
    '</header>',
  ];
}

/** Source of a Content-Security-Policy that allows exactly this text inline. */
function allowing(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The page: everything a browser may load, run or style by is in it, and its policy forbids the rest. */
export function renderHtml(verdict: Verdict, options: TableOptions): string {
  const policy = `default-src 'none'; script-src ${allowing(pageScript)}; style-src ${allowing(pageStyle)}; base-uri 'none'; form-action 'none'`;
  const lines = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${headline(verdict)} – refit gate</title>`,
    `<style>${pageStyle}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...verdictBanner(verdict),
    ...failureSection(verdict.failures),
    ...floorSection(verdict.floors),
    ...changedSection(verdict),
    ...fileSections(verdict, options),
    ...waivedSection(verdict),
    ...noteSection(verdict),
    '</main>',
    `<script>${pageScript}</script>`,
    '</body>',
    '</html>',
  ];
  return `${lines.join('\n')}\n`;
}
