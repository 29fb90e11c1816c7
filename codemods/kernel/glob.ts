// Globs over project paths with forward slashes: `**/` any folders, `*` within one name, `{a,b}` either.

const special = /[.+^$()|[\]\\?]/;

/** The pattern of one glob, anchored at both ends. */
export function globPattern(glob: string): RegExp {
  let pattern = '';
  for (let at = 0; at < glob.length; at += 1) {
    const rest = glob.slice(at);
    const char = glob.charAt(at);
    if (rest.startsWith('**/')) {
      pattern += '(?:[^/]+/)*';
      at += 2;
    } else if (rest.startsWith('**')) {
      pattern += '.*';
      at += 1;
    } else if (char === '*') pattern += '[^/]*';
    else if (char === '{') pattern += '(?:';
    else if (char === '}') pattern += ')';
    else if (char === ',' && insideBraces(glob, at)) pattern += '|';
    else pattern += special.test(char) ? `\\${char}` : char;
  }
  return new RegExp(`^${pattern}$`);
}

function insideBraces(glob: string, at: number): boolean {
  const before = glob.slice(0, at);
  return before.lastIndexOf('{') > before.lastIndexOf('}');
}

/** A test of paths against several globs; no glob matches nothing. */
export function matcherOf(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map(globPattern);
  return (path) => patterns.some((pattern) => pattern.test(path));
}

/** Whether `path` is `folder` itself or lies under it; `.` holds everything. */
export function isUnder(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}
