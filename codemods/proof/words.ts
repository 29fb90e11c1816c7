// Writes lists of names as one text.

/** The names in a text, between blanks. */
export function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
