// Names of states: the legacy system stores them in Pascal case, src in snake case.

export function snakeCase(state: string): string {
  return state.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase();
}

export function pascalCase(state: string): string {
  return state.replace(/(?:^|_)(?<letter>[a-z])/g, (_, letter: string) => letter.toUpperCase());
}
