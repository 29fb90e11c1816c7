// What a command may touch of its process, so that it runs the same in a test.

export interface Output {
  write(text: string): void;
  readonly isTTY?: boolean;
  /** Width of the terminal in characters. */
  readonly columns?: number;
}

export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal?: AbortSignal;
}

/** 0 done or it passes, 1 refused or a rule failed, 2 the input is wrong or cannot be judged, 3 disk or process. */
export type ExitCode = 0 | 1 | 2 | 3;
