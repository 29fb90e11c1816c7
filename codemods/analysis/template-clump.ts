// The one piece of text that a group of parameters is used for: the same run of a template at every use.
import { Node, type ParameterDeclaration, type TemplateExpression } from 'ts-morph';
import { nameUses } from './name-uses.ts';

/** A run `${a}/${b}/${c}` inside a template. */
export interface TemplateRun {
  readonly template: TemplateExpression;
  /** Index of its first span. */
  readonly first: number;
}

export interface TemplateClump {
  readonly runs: readonly TemplateRun[];
  /** Texts between the values, as they are written. */
  readonly separators: readonly string[];
}

/** The text of a span's literal without its delimiters. */
function literalText(text: string): string {
  return text.replace(/^\}/, '').replace(/\$\{$|`$/, '');
}

function runAt(use: Node, names: readonly string[]): (TemplateRun & { readonly separators: readonly string[] }) | undefined {
  const span = use.getParent();
  const template = span?.getParent();
  if (!Node.isTemplateSpan(span) || !Node.isTemplateExpression(template)) return undefined;
  if (Node.isTaggedTemplateExpression(template.getParent())) return undefined;
  const spans = template.getTemplateSpans();
  const first = spans.indexOf(span);
  const run = spans.slice(first, first + names.length);
  if (run.length < names.length || !run.every((each, at) => each.getExpression().getText() === names[at])) return undefined;
  return { template, first, separators: run.slice(0, -1).map((each) => literalText(each.getLiteral().getText())) };
}

/** The runs the parameters are used in, or the first use that is something else. */
export function templateClump(parameters: readonly ParameterDeclaration[], body: Node): TemplateClump | Node {
  const names = parameters.map((each) => each.getName());
  const symbols = new Map(parameters.map((each) => [each.getSymbol(), each.getName()]));
  const uses = nameUses([body]).filter((use) => symbols.has(use.symbol));
  const runs: TemplateRun[] = [];
  let separators: readonly string[] | undefined;
  for (const { identifier } of uses) {
    if (identifier.getText() !== names[0]) continue;
    const run = runAt(identifier, names);
    if (run === undefined || (separators !== undefined && separators.join('\0') !== run.separators.join('\0'))) return identifier;
    separators = run.separators;
    runs.push(run);
  }
  const covered = runs.flatMap((run) =>
    run.template
      .getTemplateSpans()
      .slice(run.first, run.first + names.length)
      .map((span) => span.getExpression()),
  );
  const other = uses.find((use) => !covered.some((node) => node === use.identifier));
  return other === undefined ? { runs, separators: separators ?? [] } : other.identifier;
}
