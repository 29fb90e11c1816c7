// Draws the treemap of a project as SVG for an HTML page: size is lines, colour is coverage.
import { classOf, coverageClass, coverageSteps, plainSteps } from './coverage-colours.ts';
import type { FileFacts } from './facts.ts';
import { totalOf } from './facts.ts';
import { html } from './html-text.ts';
import { grouped, percentText } from './render.ts';
import type { Leaf, PlacedFolder, PlacedLeaf } from './source-tree.ts';
import { layOutTree } from './source-tree.ts';
import type { Rectangle } from './squarify.ts';

/** Units of the drawing; the page scales it. */
const bounds: Rectangle = { x: 0, y: 0, width: 1200, height: 640 };

/** Beyond so many files the page gets heavy, and under so few units of area nothing can be seen or pointed at. */
const limits = { mostFiles: 2_000, leastArea: 6 };

/** Generous widths of a letter of 12 units, plain and bold, so that a label that fits by them fits. */
const letterWidths = { name: 7.5, folder: 8 };
const PADDING = 6;
const LINE = 16;

/** A name cut to fewer letters says too little. */
const LEAST_LETTERS = 10;

/** Smaller folders than this part of the drawing have no label. */
const LEAST_SHARE = 0.02;

function share(part: number, whole: number): string {
  return whole === 0 ? '—' : percentText(part, whole);
}

function count(number: number, thing: string): string {
  return `${grouped(number)} ${thing}${number === 1 ? '' : 's'}`;
}

/** A file's figures in one line. */
function fileFigures(file: FileFacts): string {
  const coverage =
    file.exempt === undefined
      ? `coverage ${share(file.covered, file.coverable)} of ${count(file.coverable, 'coverable line')}`
      : `exempt from coverage: ${file.exempt}`;
  const branches = file.exempt === undefined ? `, branches ${share(file.coveredBranches, file.branches)}` : '';
  return `${file.file}: ${count(file.lines, 'line')}, ${coverage}${branches}, ${count(file.tests, 'test')}`;
}

function counted(files: readonly FileFacts[]): readonly FileFacts[] {
  return files.filter((file) => file.exempt === undefined);
}

function figuresOf(leaf: Leaf): string {
  const [only] = leaf.files;
  if (leaf.files.length === 1 && only !== undefined) return fileFigures(only);
  const { covered, coverable } = totalOf(counted(leaf.files));
  const place = leaf.folder === '' ? '' : ` under ${leaf.folder}`;
  return `${count(leaf.files.length, 'smaller file')}${place}: ${count(leaf.lines, 'line')}, coverage ${share(covered, coverable)}`;
}

function markOf(leaf: Leaf): string {
  const [only] = leaf.files;
  if (leaf.files.length === 1 && only !== undefined) return classOf(only);
  const judged = counted(leaf.files);
  const { covered, coverable } = totalOf(judged);
  return judged.length === 0 ? 'exempt' : coverageClass(covered, coverable);
}

function nameOf(leaf: Leaf): string {
  const [only] = leaf.files;
  return leaf.files.length === 1 && only !== undefined
    ? only.file.slice(only.file.lastIndexOf('/') + 1)
    : `${grouped(leaf.files.length)} smaller files`;
}

/** Two decimals are a hundredth of a unit; less would be text without use. */
function units(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function boxOf({ x, y, width, height }: Rectangle): string {
  return `x="${units(x)}" y="${units(y)}" width="${units(width)}" height="${units(height)}"`;
}

/** A file's name, cut at its end when it is too long; undefined when too little of it would be left. */
function fittedName(name: string, width: number): string | undefined {
  const letters = Math.floor((width - 2 * PADDING) / letterWidths.name);
  if (name.length <= letters) return name;
  return letters < LEAST_LETTERS ? undefined : `${name.slice(0, letters - 1)}…`;
}

/** A folder's path with as many of its last parts as fit; undefined when not even the last one does. */
function fittedPath(path: string, width: number): string | undefined {
  const parts = path.split('/');
  const shown = parts.map((_, at) => `${at === 0 ? '' : '…/'}${parts.slice(at).join('/')}/`);
  return shown.find((text) => plateWidth(text) <= width);
}

function plateWidth(text: string): number {
  return text.length * letterWidths.folder + 2 * PADDING;
}

function cornerOf({ x, y }: Rectangle): string {
  return `${units(x)} ${units(y)}`;
}

function overlap(left: Rectangle, right: Rectangle): boolean {
  const beside = left.x >= right.x + right.width || right.x >= left.x + left.width;
  const above = left.y >= right.y + right.height || right.y >= left.y + left.height;
  return !beside && !above;
}

interface FolderLabel {
  readonly text: string;
  readonly rectangle: Rectangle;
}

/** The label of a folder in its upper left corner, where there is room. */
function folderLabel({ path, rectangle }: PlacedFolder): FolderLabel | undefined {
  const { x, y, width, height } = rectangle;
  const text = height < 2 * (LINE + PADDING) ? undefined : fittedPath(path, width);
  return text === undefined ? undefined : { text, rectangle: { x, y, width: plateWidth(text), height: LINE + PADDING } };
}

/** Labels of the larger folders where they cover no other; of an outer and an inner folder in one corner the inner one's. */
function folderLabels(folders: readonly PlacedFolder[]): readonly FolderLabel[] {
  const least = bounds.width * bounds.height * LEAST_SHARE;
  const large = folders.filter(({ path, rectangle }) => path !== '' && rectangle.width * rectangle.height >= least);
  const innermost = new Map(large.map((folder) => [cornerOf(folder.rectangle), folder]));
  const labels: FolderLabel[] = [];
  for (const folder of innermost.values()) {
    const label = folderLabel(folder);
    if (label !== undefined && !labels.some((each) => overlap(each.rectangle, label.rectangle))) labels.push(label);
  }
  return labels;
}

function textAt(x: number, y: number, mark: string, text: string): string {
  return `<text class="${mark}" x="${units(x)}" y="${units(y)}">${html(text)}</text>`;
}

function drawFolderLabel({ text, rectangle }: FolderLabel): string {
  const { x, y } = rectangle;
  return `<rect class="plate" ${boxOf(rectangle)}/>${textAt(x + PADDING, y + LINE, 'name', text)}`;
}

/** The name of a file at the bottom of its rectangle, where it fits and no folder's label is. */
function drawName(leaf: PlacedLeaf, labels: readonly FolderLabel[]): readonly string[] {
  const { x, y, width, height } = leaf.rectangle;
  const strip = { x, y: y + height - LINE - PADDING, width, height: LINE + PADDING };
  const name = height < strip.height ? undefined : fittedName(nameOf(leaf), width);
  if (name === undefined || labels.some(({ rectangle }) => overlap(rectangle, strip))) return [];
  return [textAt(x + PADDING, y + height - PADDING, markOf(leaf), name)];
}

function drawLeaf(leaf: PlacedLeaf): string {
  return `<rect class="${markOf(leaf)}" data-files="${leaf.files.length}" ${boxOf(leaf.rectangle)}><title>${html(figuresOf(leaf))}</title></rect>`;
}

/** Patterns of what has no coverage of its own, so that no shade of grey has to be told from a colour. */
const patterns =
  '<defs><pattern id="stripes" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
  '<path d="M0 0h8v8H0z" fill="#dcdfe4"/><path d="M0 0h2v8H0z" fill="#aeb6c2"/></pattern>' +
  '<pattern id="dots" width="8" height="8" patternUnits="userSpaceOnUse">' +
  '<path d="M0 0h8v8H0z" fill="#dcdfe4"/><circle cx="4" cy="4" r="1.2" fill="#98a1af"/></pattern></defs>';

/** The drawing; '' when no file has a line. Its figures are in the table of the page, so it is one image to a screen reader. */
export function renderTreemap(files: readonly FileFacts[]): string {
  const { leaves, folders } = layOutTree(files, bounds, limits);
  if (leaves.length === 0) return '';
  const labels = folderLabels(folders);
  return [
    `<svg id="map" viewBox="0 0 ${bounds.width} ${bounds.height}" preserveAspectRatio="none" role="img"`,
    ` aria-label="Treemap of ${count(files.length, 'file')}: size is lines, colour is coverage. The table of files has the same figures.">`,
    patterns,
    ...leaves.map(drawLeaf),
    ...folders.map(({ depth, rectangle }) => `<rect class="folder d${depth}" ${boxOf(rectangle)}/>`),
    ...leaves.flatMap((leaf) => drawName(leaf, labels)),
    ...labels.map(drawFolderLabel),
    '</svg>',
  ].join('\n');
}

/** What each colour means. */
export function renderLegend(): string {
  const items = [...coverageSteps, ...plainSteps].map(
    ({ name, label }) =>
      `<li><svg viewBox="0 0 16 16" aria-hidden="true"><rect class="${name}" width="16" height="16"/></svg>${html(label)}</li>`,
  );
  return `<ul class="legend" aria-label="Colours of coverage">${items.join('')}</ul>`;
}
