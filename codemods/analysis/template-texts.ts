// The texts of tagged templates in source files, with their holes numbered: what generators make artefacts from.
import { parseSource, ts, walk } from '../kernel/parse-source.ts';

/** Blanks do not count. */
export function normalText(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function textOf(template: ts.TemplateLiteral, placeholder: string): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.templateSpans.reduce(
    (text, span, at) => `${text}${placeholder.replaceAll('n', String(at + 1))}${span.literal.text}`,
    template.head.text,
  );
}

/** The normal texts of all templates of a tag in one file; comments hold none. */
export function templateTexts(path: string, text: string, tag: string, placeholder: string): readonly string[] {
  const found: string[] = [];
  walk(parseSource(path, text), (node) => {
    if (!ts.isTaggedTemplateExpression(node)) return;
    const name = ts.isPropertyAccessExpression(node.tag) ? node.tag.name.text : node.tag.getText();
    if (name === tag) found.push(normalText(textOf(node.template, placeholder)));
  });
  return found;
}
