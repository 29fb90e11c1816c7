// Writes any text into HTML so that it is read as text, in an element and in a quoted attribute.

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Characters that HTML does not allow (controls, half a surrogate pair) become U+FFFD. */
export function html(text: string): string {
  return text.replaceAll(/[&<>"']/g, (each) => entities[each] ?? each).replaceAll(/[^\P{Cc}\n\t]|\p{Cs}/gu, '\uFFFD');
}
