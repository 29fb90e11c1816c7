// Writes a name bare where nothing in it could be taken for the format around it, else as a quoted text.

/** Names of fields, of errors and of stand-ins, inside a rendered value. */
export const bareInValue = /^(?! )(?!.*: )[^"[\]{},<>()\p{Cc}\p{Cs}]+(?<! )$/u;
/** The same, with `()` for what was constructed. */
export const barePath = /^(?! )(?:[^"[\]{},<>()\p{Cc}\p{Cs}]|\(\))+(?<! )$/u;
/** A target before its operation; `()` of a constructed stand-in is part of it. */
export const bareTarget = /^(?!\[|=> |alive: |== )(?:[^"()\p{Cc}\p{Cs}]|\(\)(?=[.(]|$))+$/u;
export const bareOperation = /^[^".()\p{Cc}\p{Cs}]+$/u;
/** Between square brackets: a flow, a schedule. */
export const bareInBrackets = /^[^\]"\p{Cc}\p{Cs}]+$/u;
/** The rest of a line. */
export const bareLabel = /^(?!["\s])[^\p{Cc}\p{Cs}]+(?<!\s)$/u;
/** The rest of a line that may end with a group in square brackets. */
export const bareTitle = /^(?!["\s])(?!.* \[)[^\p{Cc}\p{Cs}]+(?<!\s)$/u;

export function bareOrQuoted(name: string, bare: RegExp): string {
  return bare.test(name) ? name : JSON.stringify(name);
}

/** The inverse. Throws a SyntaxError where a quoted text is broken. */
export function unquoted(text: string): string {
  return text.startsWith('"') ? String(JSON.parse(text)) : text;
}
