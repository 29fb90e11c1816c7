// Which file of the project an import names, found without a program: after a change the compiler would make one anew.
import { type ExportDeclaration, type ImportDeclaration, type Project, type SourceFile, ts } from 'ts-morph';

/** Resolves module specifiers and remembers what it found. */
export class ImportTargets {
  readonly #project: Project;
  #cache: ts.ModuleResolutionCache | undefined;

  constructor(project: Project) {
    this.#project = project;
  }

  /** A file appeared or disappeared. */
  forget(): void {
    this.#cache = undefined;
  }

  /** The source file an import or export names; undefined for packages whose files the project does not hold, and for nothing. */
  targetOf(declaration: ImportDeclaration | ExportDeclaration): SourceFile | undefined {
    const literal = declaration.getModuleSpecifier()?.compilerNode;
    if (literal === undefined) return undefined;
    const options = this.#project.getCompilerOptions();
    const from = declaration.getSourceFile();
    this.#cache ??= ts.createModuleResolutionCache(process.cwd(), (name) => name, options);
    const mode = ts.getModeForUsageLocation(from.compilerNode, literal, options);
    const host = this.#project.getModuleResolutionHost();
    const { resolvedModule } = ts.resolveModuleName(
      literal.text,
      from.getFilePath(),
      options,
      host,
      this.#cache,
      undefined,
      mode,
    );
    return resolvedModule === undefined ? undefined : this.#project.getSourceFile(resolvedModule.resolvedFileName);
  }
}
