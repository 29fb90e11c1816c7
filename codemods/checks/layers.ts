// Rule: imports point one way through the layers, and what a layer must not know it does not import.
import { isUnder, matcherOf } from '../kernel/glob.ts';
import type { Finding, HouseFile, HouseRule } from './house-file.ts';
import type { Import } from './imports.ts';
import { importsOf, packageOf } from './imports.ts';

export interface Layer {
  readonly name: string;
  /** Globs; of several layers that match, the first in the list is a file's own. */
  readonly files: readonly string[];
  /** Names of the layers it may import besides itself. */
  readonly may: readonly string[];
  /** Packages it may import; absent means any but those in `never`. */
  readonly packages?: readonly string[];
  /** Packages it must not import. */
  readonly never?: readonly string[];
  /** Whether it may import from node; absent means yes. */
  readonly node?: boolean;
}

const ports = ['domain', 'messaging', 'store'];
const acts = [...ports, 'orchestration', 'worker'];
const drivers = ['store/postgres', 'messaging/pgmq', 'messaging/in-memory', 'messaging/providers'];

/** The layers of this repository, innermost folders first (architecture, section 2). */
export const houseLayers: readonly Layer[] = [
  { name: 'index', files: ['src/index.ts'], may: [...acts, ...drivers, 'runtime'] },
  { name: 'domain', files: ['src/domain/**'], may: [], packages: ['yaml'], node: false },
  { name: 'messaging/pgmq', files: ['src/messaging/providers/pgmq*', 'src/messaging/providers/pgmq*/**'], may: ports },
  {
    name: 'messaging/in-memory',
    files: ['src/messaging/providers/in-memory*', 'src/messaging/providers/in-memory*/**'],
    may: ports,
    never: ['pg'],
  },
  {
    name: 'messaging/providers',
    files: ['src/messaging/providers/**'],
    may: [...ports, 'messaging/pgmq', 'messaging/in-memory'],
    never: ['pg'],
  },
  { name: 'messaging', files: ['src/messaging/**'], may: ['domain'], never: ['pg'] },
  { name: 'store/postgres', files: ['src/store/postgres/**', 'src/store/migrations/**'], may: [...ports, 'messaging/pgmq'] },
  { name: 'store', files: ['src/store/**'], may: ['domain', 'messaging'], never: ['pg'] },
  { name: 'orchestration', files: ['src/orchestration/**'], may: ports, never: ['pg'] },
  { name: 'worker', files: ['src/worker/**'], may: ports, never: ['pg'] },
  { name: 'runtime', files: ['src/runtime/**'], may: [...acts, ...drivers] },
  { name: 'testing', files: ['src/testing/**'], may: [...acts, ...drivers, 'runtime'] },
  { name: 'server', files: ['src/server/**'], may: [...acts, ...drivers, 'runtime'] },
  { name: 'cli', files: ['src/cli/**'], may: [...acts, ...drivers, 'runtime', 'server'] },
  { name: 'kernel', files: ['codemods/kernel/**'], may: [] },
  { name: 'analysis', files: ['codemods/analysis/**'], may: ['kernel'] },
  { name: 'codemods', files: ['codemods/*.ts'], may: ['kernel', 'analysis'] },
  { name: 'checks', files: ['codemods/checks/**'], may: ['kernel', 'analysis'] },
  { name: 'gate', files: ['codemods/gate/**'], may: ['kernel', 'analysis'] },
  { name: 'plan', files: ['codemods/{plan,plans}/**'], may: ['kernel', 'analysis', 'codemods'] },
  { name: 'proof', files: ['codemods/proof/**'], may: ['kernel', 'analysis', 'codemods', 'plan'] },
  { name: 'refit cli', files: ['codemods/cli/**'], may: ['kernel', 'analysis', 'codemods', 'checks', 'gate', 'plan', 'proof'] },
];

interface Crossing {
  readonly file: HouseFile;
  readonly layer: Layer;
  readonly layers: readonly Layer[];
}

function layerOf(path: string, layers: readonly Layer[]): Layer | undefined {
  return layers.find((layer) => matcherOf(layer.files)(path));
}

function whatIsWrongWithin({ layer, layers }: Crossing, target: string): string | undefined {
  const other = layerOf(target, layers);
  if (other === undefined)
    return `${layer.name} imports ${target}, which is in no layer; only the layers of src and codemods may be imported there.`;
  if (other.name === layer.name || layer.may.includes(other.name)) return undefined;
  const allowed = layer.may.length === 0 ? 'nothing but itself' : layer.may.join(', ');
  return `${layer.name} imports ${other.name} (${target}); it may import ${allowed}. Move what is needed inwards, or pass it in.`;
}

function whatIsWrongOutside({ layer }: Crossing, specifier: string): string | undefined {
  if (specifier.startsWith('node:')) {
    return layer.node === false
      ? `${layer.name} imports ${specifier}; it knows nothing of node. Take the value as an argument.`
      : undefined;
  }
  const name = packageOf(specifier);
  const forbidden = layer.packages === undefined ? (layer.never ?? []).includes(name) : !layer.packages.includes(name);
  return forbidden ? `${layer.name} imports the package ${name}, which it must not know. Put a port between them.` : undefined;
}

function findingFor(crossing: Crossing, each: Import): readonly Finding[] {
  const message =
    each.target === undefined ? whatIsWrongOutside(crossing, each.specifier) : whatIsWrongWithin(crossing, each.target);
  return message === undefined ? [] : [{ rule: 'layers', path: crossing.file.path, line: each.line, message }];
}

/** Checks every file under src and codemods; a file that is in no layer is a finding too. */
export function layersRule(layers: readonly Layer[] = houseLayers): HouseRule {
  return (files) =>
    files
      .filter(({ path }) => isUnder(path, 'src') || isUnder(path, 'codemods'))
      .flatMap((file): readonly Finding[] => {
        const layer = layerOf(file.path, layers);
        if (layer !== undefined) return importsOf(file).flatMap((each) => findingFor({ file, layer, layers }, each));
        const message = `${file.path} is in no layer. Move it into one, or add its folder to codemods/checks/layers.ts.`;
        return [{ rule: 'layers', path: file.path, line: 1, message }];
      });
}
