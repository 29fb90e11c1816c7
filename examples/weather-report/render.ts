// The weather report as text: Markdown with a bar chart.
import type { Extremes, Gaps, Loaded, Validated } from './weather-facts.ts';
import { rounded, sum } from './weather-days.ts';
import type { Month } from './weather-days.ts';

export interface ReportFacts {
  readonly load: Loaded;
  readonly validate: Validated;
  readonly months: readonly Month[];
  readonly extremes: Extremes;
  readonly gaps: Gaps;
  readonly chart: string;
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Mean precipitation of each calendar month over all years, one bar a line; the longest bar has `width` characters. */
export function renderChart(months: readonly Month[], width: number): string {
  const means = monthNames.map((name, index) => {
    const ofName = months.filter(({ month }) => Number(month.slice(5)) === index + 1);
    return { name, mean: sum(ofName.map(({ precipitationMm }) => precipitationMm)) / Math.max(1, ofName.length) };
  });
  const most = Math.max(...means.map(({ mean }) => mean), 1);
  return means
    .map(
      ({ name, mean }) =>
        `${name}  ${'█'.repeat(Math.round((mean / most) * width)).padEnd(width)}  ${mean.toFixed(1).padStart(6)} mm`,
    )
    .join('\n');
}

export function renderReport({ load, validate, months, extremes, gaps, chart }: ReportFacts): string {
  const { hottest, coldest, wettest, windiest } = extremes;
  const total = rounded(sum(months.map(({ precipitationMm }) => precipitationMm)));
  const rows = months.map(
    ({ month, days, precipitationMm, meanMaxCelsius, meanMinCelsius }) =>
      `| ${month} | ${days} | ${precipitationMm.toFixed(1)} | ${meanMaxCelsius.toFixed(1)} | ${meanMinCelsius.toFixed(1)} |`,
  );
  return `# Seattle's weather, ${validate.first} to ${validate.last}

${validate.days} days, ${total.toFixed(1)} mm of precipitation. Source: vega-datasets, \`seattle-weather.csv\` (SHA-256 \`${load.sha256.slice(0, 16)}…\`).

## Mean precipitation by month

\`\`\`text
${chart}
\`\`\`

## Extremes

| | Date | Value |
| --- | --- | --- |
| Hottest | ${hottest.date} | ${hottest.maxCelsius.toFixed(1)} °C |
| Coldest | ${coldest.date} | ${coldest.minCelsius.toFixed(1)} °C |
| Wettest | ${wettest.date} | ${wettest.precipitationMm.toFixed(1)} mm |
| Windiest | ${windiest.date} | ${windiest.windMs.toFixed(1)} m/s |

## Gaps

${gaps.missingDays === 0 ? 'No day is missing.' : `${gaps.missingDays} days are missing, such as ${gaps.examples.join(', ')}.`}

## Months

| Month | Days | Precipitation mm | Mean high °C | Mean low °C |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}
