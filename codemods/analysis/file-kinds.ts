// What a file is by its name: code, a test.

/** TypeScript or JavaScript, of any kind. */
export function isCodeFile(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path);
}

/** A test that a runner finds by its name. */
export function isTestFile(path: string): boolean {
  return /\.(?:test|spec|test-d)\.[cm]?[jt]sx?$/.test(path);
}
