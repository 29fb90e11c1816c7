// Hands the rejections that nobody handles to the scenario that runs; node would end the process.

type Note = (error: unknown) => void;
type Handler = (error: unknown, promise: Promise<unknown>) => void;

const notes: Note[] = [];
let others: readonly Handler[] = [];

function noteLatest(error: unknown): void {
  notes.at(-1)?.(error);
}

/** From here on `note` gets them, instead of whoever listened before, until the returned function is called. */
export function noteRejections(note: Note): () => void {
  if (notes.length === 0) {
    others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', noteLatest);
  }
  notes.push(note);
  return () => {
    notes.splice(notes.indexOf(note), 1);
    if (notes.length > 0) return;
    process.removeListener('unhandledRejection', noteLatest);
    for (const other of others) process.on('unhandledRejection', other);
  };
}
