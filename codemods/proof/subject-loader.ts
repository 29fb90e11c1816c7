// Loads a subject and what it imports into the controlled surroundings: any export replaceable, every branch counted.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import { systemCodeOf } from '../kernel/refit-error.ts';
import { compileModule } from './compile-module.ts';
import type { CompiledModule } from './compile-module.ts';
import { createGlobals } from './controlled-globals.ts';
import { countName, guardName, metaName } from './instrument.ts';
import type { Point } from './instrument.ts';
import { proofError } from './proof-errors.ts';
import { didYouMean, ReplacedImports } from './replaced-imports.ts';
import type { World } from './world.ts';

export interface SubjectOptions {
  /** Folder that module paths are relative to. */
  readonly root: string;
  /** Texts that stand for files, by path below the root: a patched or mutated version, or a file that is not there. */
  readonly overlay?: ReadonlyMap<string, string>;
  /** Where bare specifiers lead: a path below the root. Others are node's, resolved from the root. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** What scenarios may replace: names of exports, in whichever module they are declared, and packages by specifier. Modules of node always may. */
  readonly replaceable?: readonly string[];
  /** Stand-ins for modules of node and for packages from the start, by specifier; a real module where it is meant to be used. */
  readonly imports?: Readonly<Record<string, unknown>>;
}

export interface FileCounters {
  readonly points: readonly Point[];
  readonly hits: Uint32Array;
}

export interface Subject {
  /** The exports of a module, loaded on first use. */
  load(path: string): Readonly<Record<string, unknown>>;
  /**
   * From here on the subject lives in `world`, and these stand for exports by name, for imports by specifier (`node:fs`, a package),
   * and under `globalThis` for global functions that reach out. What a stand-in for a module does not have is the module's.
   */
  use(world: World, replacements?: Readonly<Record<string, unknown>>): void;
  /** Counters by path, of the files loaded so far. */
  readonly counters: ReadonlyMap<string, FileCounters>;
}

type Exports = Record<string, unknown>;

interface Surroundings {
  world: World | undefined;
  replacements: Readonly<Record<string, unknown>>;
}

export function openSubject(options: SubjectOptions): Subject {
  const surroundings: Surroundings = { world: undefined, replacements: {} };
  const loader = new Loader(options, surroundings);
  return {
    load: (path) => loader.load(path),
    use(world, replacements = {}) {
      surroundings.world = world;
      surroundings.replacements = replacements;
      for (const name of Object.keys(replacements)) loader.requireReplaced(name);
    },
    counters: loader.counters,
  };
}

/** Tables are built at load time, by some thousand turns. */
const mostTurnsBeforeWorlds = 1_000_000;

class Loader {
  readonly counters = new Map<string, FileCounters>();
  readonly #replaced = new Set<string>();
  readonly #modules = new Map<string, Exports>();
  readonly #options: SubjectOptions;
  readonly #surroundings: Surroundings;
  readonly #globals: Readonly<Record<string, unknown>>;
  readonly #replaceable: ReadonlySet<string>;
  readonly #imports: ReplacedImports;
  #turnsBeforeWorlds = 0;

  constructor(options: SubjectOptions, surroundings: Surroundings) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#replaceable = new Set(options.replaceable);
    const current = (): World | undefined => surroundings.world;
    this.#imports = new ReplacedImports({
      replacements: () => surroundings.replacements,
      imports: options.imports ?? {},
      replaceable: this.#replaceable,
      current,
      require: createRequire(join(options.root, 'package.json')),
    });
    this.#globals = createGlobals({
      current,
      module: (specifier) => this.#imports.module(specifier),
      reachingOut: this.#imports.globals(),
    });
  }

  load(path: string): Exports {
    const known = this.#modules.get(path);
    if (known !== undefined) return known;
    const text = this.#read(path);
    if (text === undefined) {
      throw proofError('PROOF_SUBJECT_NOT_LOADED', `There is no module ${path} below ${this.#options.root}.`);
    }
    return path.endsWith('.json') ? this.#readData(path, text) : this.#evaluate(path, compileModule(path, text));
  }

  /** A name that replaces nothing is a mistake of the scenario. */
  requireReplaced(name: string): void {
    const why = this.#imports.whyNot(name);
    if (why === undefined && (this.#replaced.has(name) || this.#imports.isImport(name))) return;
    throw proofError('PROOF_DEPENDENCY_NOT_REPLACED', `${name} cannot be replaced: ${why ?? this.#whyNoExport(name)}.`);
  }

  #whyNoExport(name: string): string {
    if (this.#replaceable.has(name))
      return 'no module loaded so far exports or imports it; load the module that does before `use`, or correct the name';
    const known = [...this.#replaceable, ...this.#imports.names()];
    return `it is not among the names given as replaceable${didYouMean(name, known)}; an export or a package goes there, openSubject({ replaceable: ['${name}'] }), and a module of node is named with node:`;
  }

  #readData(path: string, text: string): Exports {
    try {
      // A module of data is whatever JSON holds; importers ask for its default or its fields.
      const data = JSON.parse(text) as Exports;
      this.#modules.set(path, data);
      return data;
    } catch (error) {
      throw proofError('PROOF_SUBJECT_NOT_LOADED', `${path} is no JSON: ${String(error)}`, error);
    }
  }

  #evaluate(path: string, { code, points }: CompiledModule): Exports {
    const hits = new Uint32Array(points.length);
    this.counters.set(path, { points, hits });
    const exports: Exports = {};
    const module = { exports };
    this.#modules.set(path, module.exports);
    const count = (at: number): void => {
      hits[at] = (hits[at] ?? 0) + 1;
      this.#surroundings.world?.countStatement();
    };
    const guard = (isCall = false): void => (isCall ? this.#surroundings.world?.countStatement() : this.#countTurn());
    const parameters = ['module', 'exports', 'require', countName, guardName, metaName, ...Object.keys(this.#globals)];
    const filename = join(this.#options.root, path);
    const meta = { url: pathToFileURL(filename).href, filename, dirname: dirname(filename) };
    const body = this.#compile(code, path, parameters);
    const requireFrom = (specifier: string): unknown => this.#require(path, specifier);
    try {
      Reflect.apply(body, undefined, [module, module.exports, requireFrom, count, guard, meta, ...Object.values(this.#globals)]);
    } catch (error) {
      this.#modules.delete(path);
      throw isOurs(error)
        ? error
        : proofError('PROOF_SUBJECT_NOT_LOADED', `${path} threw while it was loaded: ${String(error)}`, error);
    }
    // What a CommonJS module puts in the place of its exports is what it exports.
    this.#modules.set(path, module.exports);
    this.#makeReplaceable(module.exports);
    return module.exports;
  }

  #compile(code: string, path: string, parameters: readonly string[]): ReturnType<typeof compileFunction> {
    const strict = code.startsWith('"use strict"') ? '"use strict"; ' : '';
    try {
      // In a block of its own a module may declare what is a parameter here, such as a `performance`.
      return compileFunction(`${strict}{${code}\n}`, parameters, { filename: join(this.#options.root, path) });
    } catch (error) {
      throw proofError(
        'PROOF_SUBJECT_NOT_LOADED',
        `${path} cannot be compiled to the body of a function: ${String(error)}. Correct it, or move an await at its top into a function.`,
        error,
      );
    }
  }

  /** A loop that runs while a module is loaded, before any world, has a bound too. */
  #countTurn(): void {
    const { world } = this.#surroundings;
    if (world !== undefined) {
      world.countStep();
      return;
    }
    this.#turnsBeforeWorlds += 1;
    if (this.#turnsBeforeWorlds <= mostTurnsBeforeWorlds) return;
    throw proofError(
      'PROOF_SCENARIO_DOES_NOT_END',
      `Loading the subject took more than ${mostTurnsBeforeWorlds} turns of loops. Let the loop of its top level end.`,
    );
  }

  /** Importers read an export each time they use it, so a getter decides what they get. */
  #makeReplaceable(exports: Exports): void {
    for (const name of Object.keys(exports)) {
      const declared = Object.getOwnPropertyDescriptor(exports, name);
      if (!this.#replaceable.has(name) || declared === undefined || !('value' in declared)) continue;
      let original: unknown = declared.value;
      this.#replaced.add(name);
      const isReplaced = (): boolean => Object.hasOwn(this.#surroundings.replacements, name);
      Object.defineProperty(exports, name, {
        configurable: true,
        enumerable: true,
        get: () => (isReplaced() ? this.#surroundings.replacements[name] : original),
        // The module itself goes on writing an export that it declared with `let`; a stand-in stays what it is.
        set: (value: unknown) => {
          if (!isReplaced()) original = value;
        },
      });
    }
  }

  #require(from: string, specifier: string): unknown {
    const alias = this.#options.aliases?.[specifier];
    if (alias !== undefined) return this.load(alias);
    if (!specifier.startsWith('.')) return this.#imports.import(from, specifier);
    const wanted = posix.normalize(posix.join(dirname(from), specifier));
    const found = candidates(wanted).find((path) => this.#modules.has(path) || this.#read(path) !== undefined);
    if (found === undefined) {
      throw proofError(
        'PROOF_SUBJECT_NOT_LOADED',
        `${from} imports ${specifier}, and there is no such file below ${this.#options.root}.`,
      );
    }
    return this.load(found);
  }

  #read(path: string): string | undefined {
    const overlaid = this.#options.overlay?.get(path);
    if (overlaid !== undefined) return overlaid;
    try {
      return readFileSync(join(this.#options.root, path), 'utf8');
    } catch (error) {
      if (absent.has(systemCodeOf(error))) return undefined;
      throw error;
    }
  }
}

/** Codes of a read that say that there is no such file. */
const absent: ReadonlySet<string | undefined> = new Set(['ENOENT', 'EISDIR', 'ENOTDIR']);

function candidates(path: string): readonly string[] {
  const bare = path.replace(/\.([cm]?)js$/, '.$1ts');
  return [...new Set([bare, path, `${path}.ts`, `${path}/index.ts`, `${path}.js`, `${path}/index.js`])];
}

function isOurs(error: unknown): boolean {
  return error instanceof Error && error.name === 'RefitError';
}
