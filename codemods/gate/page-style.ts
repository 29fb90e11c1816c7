// The style of the gate's page: light and dark, from a telephone to a wide screen, without any file from elsewhere.
import { coverageSteps, plainSteps } from './coverage-colours.ts';

const steps = [...coverageSteps, ...plainSteps];

/** Patterns are in the treemap's drawing. */
const patterns: Readonly<Record<string, string>> = { none: 'url(#dots)', exempt: 'url(#stripes)' };

function paint(name: string, fill: string): string {
  return patterns[name] ?? fill;
}

const fills = steps.map(({ name, fill, ink }) => `rect.${name}{fill:${paint(name, fill)}}text.${name}{fill:${ink}}`).join('\n');

const dots = steps.map(({ name, fill }) => `td.${name}::before{background:${fill}}`).join('\n');

export const pageStyle = `
:root{color-scheme:light dark;--page:#ffffff;--text:#1b2028;--soft:#596273;--line:#d5dae2;--panel:#f5f7fa;--cut:#1b2028;
--bad:#9a3412;--bad-panel:#fff4ec;--good:#1b5e9b;--good-panel:#eef5fc;--focus:#1b5e9b}
@media (prefers-color-scheme:dark){:root{--page:#12161c;--text:#e6e9ee;--soft:#a5afbd;--line:#333b47;--panel:#1a2029;--cut:#12161c;
--bad:#ffb68a;--bad-panel:#2d1c12;--good:#9ecae1;--good-panel:#13222f;--focus:#9ecae1}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main{max-width:77rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:0}
h2{font-size:1.2rem;line-height:1.3;margin:2.5rem 0 .75rem}
p{margin:.25rem 0}
code{font:.875em/1.45 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace}
.path{overflow-wrap:anywhere;unicode-bidi:isolate}
.soft{color:var(--soft);font-size:.9rem}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.verdict{border-left:.4rem solid;border-radius:.25rem;padding:1rem 1.25rem}
.verdict.fails{border-color:var(--bad);background:var(--bad-panel)}
.verdict.passes{border-color:var(--good);background:var(--good-panel)}
.fails h1,.fail{color:var(--bad)}
.passes h1,.pass{color:var(--good)}
.figures{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:.75rem 0 0}
.figures dt{color:var(--soft);font-size:.85rem}
.figures dd{margin:0;font-size:1.2rem;font-weight:600;font-variant-numeric:tabular-nums}
details.rule{border:1px solid var(--line);border-radius:.35rem;margin:.75rem 0}
summary{padding:.5rem .85rem;cursor:pointer;background:var(--panel);border-radius:.35rem}
summary code{font-weight:600;overflow-wrap:anywhere}
.findings{list-style:none;margin:0;padding:0 .85rem}
.findings li{padding:.6rem 0;border-top:1px solid var(--line)}
.findings li:first-child{border-top:0}
.findings p{white-space:pre-line;overflow-wrap:anywhere}
.place{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem}
.place .path{font-weight:600}
.notes{padding-left:1.2rem;overflow-wrap:anywhere}
.notes li{margin:.35rem 0}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.35rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.5rem .85rem;color:var(--soft)}
th,td{padding:.35rem .85rem;text-align:right;white-space:nowrap;border-top:1px solid var(--line)}
th:first-child,td:first-child{text-align:left}
thead th{background:var(--panel);color:var(--soft);font-weight:600}
tbody th{font-weight:400;white-space:normal;min-width:11rem}
table.change td{text-align:left;white-space:normal;min-width:14rem}
table.change tr:first-child>*{border-top:0}
tfoot th,tfoot td{font-weight:600;border-top:2px solid var(--line)}
tbody tr:hover{background:var(--panel)}
thead button{all:unset;cursor:pointer;font:inherit;color:inherit}
thead button:hover{text-decoration:underline}
thead button:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
th[aria-sort]{color:var(--text)}
th[aria-sort=ascending]::after{content:" \\2191"}
th[aria-sort=descending]::after{content:" \\2193"}
tbody td[class]::before{content:"";display:inline-block;width:.75rem;height:.75rem;margin-right:.5rem;border:1px solid var(--soft);vertical-align:-.05rem}
.all{display:inline-block;margin:0 0 .6rem;padding:.2rem 0;cursor:pointer}
.first:has(#all:not(:checked)) tbody tr:nth-child(n+31){display:none}
figure{margin:0}
#map{display:block;width:100%;aspect-ratio:15/8;background:var(--panel)}
#map rect{stroke:var(--cut);stroke-width:1;vector-effect:non-scaling-stroke}
#map rect.folder{fill:none;stroke-width:2.5;pointer-events:none}
#map rect.folder.d0,#map rect.folder.d1{stroke-width:5}
#map rect.plate{fill:var(--page);stroke-width:1;pointer-events:none}
#map rect[data-files]:hover{opacity:.8}
#map text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;pointer-events:none}
#map text.name{fill:var(--text);font-weight:600}
#detail{min-height:3em;margin:.5rem 0 0;overflow-wrap:anywhere}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;margin:.75rem 0 0;padding:0;font-size:.9rem}
.legend svg{width:1rem;height:1rem;margin-right:.4rem;vertical-align:-.15rem}
.legend rect{stroke:var(--soft);stroke-width:1}
@media (max-width:56rem){#map{aspect-ratio:auto;height:min(28rem,75vh)}#map text,#map rect.plate{display:none}}
@media (max-width:40rem){th,td{padding:.35rem .5rem}main{padding:1rem .75rem 2rem}}
@media print{.all,#detail{display:none}.scroll{overflow:visible}}
${fills}
${dots}
`;
