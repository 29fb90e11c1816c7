// The formats a verdict can be written in, by name.
import { RefitError } from '../kernel/refit-error.ts';
import type { Verdict } from './judge.ts';
import { renderGithub, renderGitlab, renderJunit, renderSarif } from './render-findings.ts';
import { renderHtml } from './render-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import type { TableOptions } from './render.ts';
import { renderVerdict, verdictDocument } from './render.ts';

type Renderer = (verdict: Verdict, options: TableOptions) => string;

const renderers: ReadonlyMap<string, Renderer> = new Map<string, Renderer>([
  ['table', renderVerdict],
  ['json', (verdict) => `${JSON.stringify(verdictDocument(verdict))}\n`],
  ['markdown', renderMarkdown],
  ['sarif', renderSarif],
  ['github', renderGithub],
  ['gitlab', renderGitlab],
  ['junit', renderJunit],
  ['html', renderHtml],
]);

export const formatNames: readonly string[] = [...renderers.keys()];

/**
 * The renderer of a format.
 * @throws RefitError GATE_FORMAT_UNKNOWN.
 */
export function rendererOf(name: string): Renderer {
  const found = renderers.get(name);
  if (found !== undefined) return found;
  throw new RefitError('GATE_FORMAT_UNKNOWN', `There is no format \`${name}\`. Formats are ${formatNames.join(', ')}.`);
}
