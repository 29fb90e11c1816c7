// What a command may touch of its process, so that it runs the same in a test.

export interface Output {
  write(text: string): void;
  readonly isTTY?: boolean | undefined;
  /** Size of the terminal in characters. */
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by Ctrl-C: end gracefully. */
  readonly signal?: AbortSignal | undefined;
}
