// For the parts of a port that no scenario leads to: whoever asks for them after all is told so.

/** A method that throws: the adapter knows no answer. */
export function notAsked(what: string): () => never {
  return () => {
    throw new Error(`src asked its provider for ${what}; the adapter knows no answer.`);
  };
}
