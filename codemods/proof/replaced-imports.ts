// What a subject imports from node and from packages: by specifier, replaceable, and refused where it reaches out of the process.
import { builtinModules, isBuiltin } from 'node:module';
import { nearestOf } from '../kernel/nearest.ts';
import { controlledModule, globalsThatReachOut } from './controlled-modules.ts';
import { liveImport } from './live-import.ts';
import type { Replacement } from './live-import.ts';
import { proofError } from './proof-errors.ts';
import { refusedMember } from './refused-members.ts';
import type { World } from './world.ts';

export interface ImportSources {
  /** What stands for imports (and for names of exports) now. */
  replacements(): Readonly<Record<string, unknown>>;
  /** What stands for imports from the start, by specifier. */
  readonly imports: Readonly<Record<string, unknown>>;
  /** Packages that scenarios may replace. */
  readonly replaceable: ReadonlySet<string>;
  readonly current: () => World | undefined;
  /** Node's own `require`, from the root of the subject. */
  readonly require: NodeJS.Require;
}

export class ReplacedImports {
  readonly #sources: ImportSources;
  readonly #live = new Map<string, object>();
  /** Modules of the subject by what they import. */
  readonly #importers = new Map<string, Set<string>>();

  constructor(sources: ImportSources) {
    this.#sources = sources;
  }

  /** What `from` gets for a specifier that leads out of the subject. */
  import(from: string, specifier: string): unknown {
    const name = isBuiltin(specifier) ? moduleName(specifier) : specifier;
    this.#importers.set(name, (this.#importers.get(name) ?? new Set()).add(from));
    return name.startsWith('node:') || this.#mayReplace(name) ? this.module(name) : this.#package(name);
  }

  /** A module of node, or a package that may be replaced; always the same object. */
  module(name: string): object {
    const known = this.#live.get(name);
    if (known !== undefined) return known;
    const original = isBuiltin(name) ? this.#controlled(name) : this.#packageIfThere(name);
    const made = liveImport({ original, replacement: () => this.#replacement(name) });
    this.#live.set(name, made);
    return made;
  }

  /** The global functions that reach out: refused where they are called, until something stands for them. */
  globals(): Readonly<Record<string, unknown>> {
    const made = globalsThatReachOut.map((name): [string, unknown] => {
      const real: unknown = Reflect.get(globalThis, name);
      const original = refusedMember(real, name, (member) => this.#refuse('globalThis', member));
      return [name, liveImport({ original, replacement: () => this.#replacedGlobal(name) })];
    });
    return Object.fromEntries(made);
  }

  /** Why `key` replaces nothing; undefined where it does. */
  whyNot(key: string): string | undefined {
    if (key === 'globalThis') return this.#whyNoGlobals();
    if (key.startsWith('node:')) return isBuiltin(key) ? undefined : `node has no such module${didYouMean(key, builtins)}`;
    if (this.#importers.has(key)) return this.#mayReplace(key) ? undefined : whyNoPackage(key);
    if (isBuiltin(key) && !this.#mayReplace(key))
      return `a module of node is replaced by its name with node:, '${moduleName(key)}'`;
    if (key.startsWith('.')) {
      return 'a module of the subject is replaced by the names that it exports, each listed as replaceable, or as a whole by an overlay';
    }
    return /[/@]/.test(key) ? whyNoPackage(key) : undefined;
  }

  /** Whether a module that was loaded imports it, or could have. */
  isImport(key: string): boolean {
    return key === 'globalThis' || key.startsWith('node:') || this.#importers.has(key);
  }

  /** What was imported so far. */
  names(): readonly string[] {
    return [...this.#importers.keys()];
  }

  #whyNoGlobals(): string | undefined {
    const given = this.#sources.replacements()['globalThis'];
    const other = Object.keys(Object(given) as object).find((name) => !globalsThatReachOut.includes(name)); // Object() answers any
    if (other === undefined) return undefined;
    return `of the globals only ${globalsThatReachOut.join(', ')} can be replaced, and ${other} is none of them`;
  }

  #mayReplace(name: string): boolean {
    return this.#sources.replaceable.has(name) || Object.hasOwn(this.#sources.imports, name);
  }

  #replacement(name: string): Replacement | undefined {
    for (const given of [this.#sources.replacements(), this.#sources.imports])
      if (Object.hasOwn(given, name)) return { by: given[name] };
    return undefined;
  }

  #replacedGlobal(name: string): Replacement | undefined {
    const { by } = this.#replacement('globalThis') ?? {};
    return typeof by === 'object' && by !== null && name in by ? { by: Reflect.get(by, name) } : undefined;
  }

  #controlled(name: string): object {
    const real = this.#package(name) as object; // modules of node are objects or functions
    return controlledModule(name, real, {
      current: this.#sources.current,
      refuse: (member) => this.#refuse(name, member),
    });
  }

  #package(name: string): unknown {
    return this.#sources.require(name);
  }

  /** A package that scenarios replace need not be installed. */
  #packageIfThere(name: string): unknown {
    try {
      return this.#package(name);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
      throw error;
    }
  }

  #refuse(specifier: string, member: string): never {
    const who = [...(this.#importers.get(specifier) ?? [])].join(', ');
    const [name = member] = member.split('.');
    const error = proofError(
      'PROOF_DEPENDENCY_NOT_REPLACED',
      `${who === '' ? 'The subject' : who} uses ${member} of ${specifier}, which reaches out of the process or depends on the machine. ` +
        `Replace it in the scenario: subject.use(world, { '${specifier}': { ${name}: … } }). ` +
        `What is used while modules are loaded, or meant to be real: openSubject({ imports: { '${specifier}': { ${name}: … } } }).`,
    );
    const world = this.#sources.current();
    if (world === undefined) throw error;
    return world.refuse(error);
  }
}

function moduleName(specifier: string): string {
  return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
}

const builtins: readonly string[] = builtinModules.map(moduleName);

function whyNoPackage(name: string): string {
  return `a package is replaced where openSubject knows of it: add '${name}' to replaceable`;
}

/** ` (did you mean …?)`, or nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const nearest = nearestOf(name, known);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}
