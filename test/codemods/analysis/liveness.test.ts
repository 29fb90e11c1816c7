// What the liveness analysis sees that a search for names does not, each on a program of a few lines.
import { describe, expect, it } from 'vitest';
import type { Finding, LivenessClass } from '../../../codemods/analysis/liveness-model.ts';
import { findingsOf } from '../../../codemods/analysis/liveness-report.ts';
import type { RootOptions } from '../../../codemods/analysis/liveness-roots.ts';
import { analyseLiveness } from '../../../codemods/analysis/liveness.ts';
import { borrowedWorkspace } from '../borrowed-workspace.ts';

const manifest = { 'package.json': '{ "name": "it", "exports": "./main.ts" }' };

function findings(files: Readonly<Record<string, string>>, options: RootOptions = {}): readonly Finding[] {
  const workspace = borrowedWorkspace({ ...manifest, ...files });
  return findingsOf(analyseLiveness(workspace, options), workspace);
}

function classOf(all: readonly Finding[], symbol: string): LivenessClass | undefined {
  return all.find((each) => each.symbol === symbol)?.class;
}

/** A class that is no part of the API, used by `run`. */
function withInternal(members: string, use: string): readonly Finding[] {
  return findings({ 'main.ts': `class Inner {\n${members}\n}\nexport function run(key: string): unknown {\n${use}\n}\n` });
}

describe('ways to a member', () => {
  const used: readonly (readonly [string, string, string])[] = [
    ['a string key', 'hit() { return 1; }', "return new Inner()['hit']();"],
    ['a key of a literal type', 'hit() { return 1; }', "const name = 'hit' as const; return new Inner()[name]();"],
    ['Reflect.get with any string', 'hit() { return 1; }', 'return Reflect.get(new Inner(), key);'],
    ['destructuring', 'hit = 1;', 'const { hit } = new Inner(); return hit;'],
    ['destructuring with another name', 'hit = 1;', 'const { hit: other } = new Inner(); return other;'],
    ['a spread', 'hit = 1;', 'return { ...new Inner() };'],
    ['JSON', 'hit = 1;', 'return JSON.stringify(new Inner());'],
    [
      'optional chaining',
      'hit() { return 1; }',
      'const inner: Inner | undefined = key ? new Inner() : undefined; return inner?.hit();',
    ],
    ['an untyped value', 'hit() { return 1; }', 'const inner: any = new Inner(); return inner.hit();'],
    [
      'a type written in place',
      'hit() { return 1; }',
      'const call = (x: { hit(): number }) => x.hit(); return call(new Inner());',
    ],
    [
      'a cast to another shape',
      'private hit() { return 1; }',
      'interface Door { hit(): number } return (new Inner() as unknown as Door).hit();',
    ],
    [
      'a keyof parameter',
      'hit = 1;',
      "const get = <T, K extends keyof T>(x: T, k: K): T[K] => x[k]; return get(new Inner(), 'hit');",
    ],
    ['its getter', 'get hit() { return 1; }', 'return new Inner().hit;'],
    ['the language', 'toJSON() { return 1; }\nhit() { return 2; }', 'return JSON.stringify(new Inner().hit());'],
  ];

  it.each(used)('through %s keep it live', (_way, members, use) => {
    expect(classOf(withInternal(members, use), 'Inner.hit')).toBe('live');
  });

  it('of the same name on another class do not', () => {
    const all = findings({
      'main.ts':
        'class A { hit() { return 1; } }\nclass B { hit() { return 2; } }\nexport const run = () => [new A().hit(), String(new B())];\n',
    });
    expect([classOf(all, 'A.hit'), classOf(all, 'B.hit')]).toEqual(['live', 'unreachable']);
  });

  it('a member that only calls itself is unreachable', () => {
    expect(classOf(withInternal('hit(): number { return this.hit(); }', 'return new Inner();'), 'Inner.hit')).toBe('unreachable');
  });

  it('through a circle of dead members are none', () => {
    const all = withInternal(
      'ping(): number { return this.pong(); }\npong(): number { return this.ping(); }',
      'return new Inner();',
    );
    expect([classOf(all, 'Inner.ping'), classOf(all, 'Inner.pong')]).toEqual(['unreachable', 'unreachable']);
  });
});

describe('dispatch', () => {
  const shapes = 'interface Shape { area(): number; name(): string }\n';
  const square = 'class Square implements Shape { area() { return 1; } name() { return "square"; } }\n';
  const loose = 'class Loose { area() { return 2; } name() { return "loose"; } }\n';

  it('reaches implementations of an interface that is called, declared or not', () => {
    const all = findings({
      'main.ts': `${shapes}${square}${loose}const shapes: Shape[] = [new Square(), new Loose()];\nexport const run = () => shapes.map((each) => each.area());\n`,
    });
    expect([classOf(all, 'Square.area'), classOf(all, 'Loose.area')]).toEqual(['live', 'live']);
  });

  it('calls a member interface-only when the interface member has no caller', () => {
    const all = findings({
      'main.ts': `${shapes}${square}const shapes: Shape[] = [new Square()];\nexport const run = () => shapes.map((each) => each.area());\n`,
    });
    expect([classOf(all, 'Square.name'), classOf(all, 'Shape.name')]).toEqual(['interface-only', 'interface-only']);
  });

  it('does not reach a class that nobody makes', () => {
    const all = findings({
      'main.ts': `${shapes}${square}class Ghost implements Shape { area() { return 0; } name() { return ""; } }\nconst shape: Shape = new Square();\nexport const run = () => shape.area();\n`,
    });
    expect([classOf(all, 'Ghost'), classOf(all, 'Ghost.area')]).toEqual(['unreachable', 'unreachable']);
  });

  it('reaches an override through the base, and the base through super', () => {
    const all = findings({
      'main.ts':
        'class Base { step() { return 1; } twice() { return this.step(); } }\nclass Sub extends Base { override step() { return super.step() + 1; } }\nexport const run = () => new Sub().twice();\n',
    });
    expect([classOf(all, 'Base.step'), classOf(all, 'Sub.step')]).toEqual(['live', 'live']);
  });

  it('reaches statics through the type of a constructor', () => {
    const all = findings({
      'main.ts':
        'interface Maker { make(): number }\nclass Made { static make() { return 1; } }\nconst use = (maker: Maker) => maker.make();\nexport const run = () => use(Made);\n',
    });
    expect(classOf(all, 'Made.make')).toBe('live');
  });
});

describe('roots', () => {
  it('a class that the package offers and nobody inside constructs keeps its public and protected members', () => {
    const all = findings({
      'main.ts':
        'export class Offered { hit() { return this.hook(); } protected hook() { return 1; } private lost() { return 2; } }\n',
    });
    expect(['hit', 'hook', 'lost'].map((name) => classOf(all, `Offered.${name}`))).toEqual(['live', 'live', 'unreachable']);
  });

  it('of a class that is used inside, what nobody uses is exported-unused, and unreachable without the export', () => {
    const all = findings({
      'main.ts': 'export class Used { hit() { return 1; } spare() { return 2; } }\nexport const run = () => new Used().hit();\n',
    });
    expect(all.find((each) => each.symbol === 'Used.spare')).toMatchObject({
      class: 'exported-unused',
      ifInternal: 'unreachable',
    });
  });

  it('a declared root keeps a member of the API', () => {
    const files = {
      'main.ts': 'export class Used { hit() { return 1; } spare() { return 2; } }\nexport const run = () => new Used().hit();\n',
    };
    expect(classOf(findings(files, { roots: ['Used.spare'] }), 'Used.spare')).toBe('live');
  });

  it('tests are a second beginning and reach nothing for production', () => {
    const all = findings({
      'main.ts': "export { run } from './run.ts';\n",
      'run.ts': 'export const run = () => 1;\nexport const spare = () => helper();\nconst helper = () => 2;\n',
      'run.test.ts': "import { run, spare } from './run.ts';\nrun();\nspare();\n",
    });
    expect(['run', 'spare', 'helper'].map((name) => classOf(all, name))).toEqual(['live', 'test-only', 'test-only']);
  });

  it('names in configuration files keep functions and methods', () => {
    const files = {
      'main.ts': "import { Jobs } from './jobs.ts';\nexport const run = (name: string) => Reflect.get(Jobs, name);\n",
      'jobs.ts': 'export class Jobs { sweep() { return 1; } wipe() { return 2; } }\n',
    };
    const all = findings({ ...files, 'config/jobs.yaml': 'jobs:\n  - sweep\n' });
    expect([classOf(all, 'Jobs.sweep'), classOf(all, 'Jobs.wipe')]).toEqual(['live', 'unreachable']);
  });

  it('a module that a script, a worker or an import at run time loads is evaluated', () => {
    const all = findings({
      'package.json': '{ "name": "it", "exports": "./main.ts", "scripts": { "sweep": "tsx scripts/sweep.ts" } }',
      'main.ts': "export const start = () => [new URL('./worker.js', import.meta.url), import('./late.ts')];\n",
      'scripts/sweep.ts': "import { one } from '../one.ts';\none();\n",
      'worker.ts': "import { two } from './two.ts';\ntwo();\n",
      'late.ts': "import { three } from './three.ts';\nthree();\n",
      'one.ts': 'export function one(): void {}\n',
      'two.ts': 'export function two(): void {}\n',
      'three.ts': 'export function three(): void {}\n',
    });
    expect(['one', 'two', 'three'].map((name) => classOf(all, name))).toEqual(['live', 'live', 'live']);
  });

  it('a decorator registers what it decorates', () => {
    const all = findings({
      'main.ts':
        'const register = (target: unknown, _context: unknown): void => void target;\n@register\nclass Plugin { hit() { return 1; } }\nexport const run = () => 1;\n',
    });
    expect(classOf(all, 'Plugin')).toBe('live');
  });

  it('`export *` offers what it passes on, and a barrel inside keeps nothing alive', () => {
    const all = findings({
      'main.ts': "export * from './offered.ts';\nimport './barrel.ts';\n",
      'offered.ts': 'export class Offered { hit() { return 1; } }\n',
      'barrel.ts': "export * from './lost.ts';\n",
      'lost.ts': 'export class Lost { hit() { return 1; } }\n',
    });
    expect([classOf(all, 'Offered.hit'), classOf(all, 'Lost.hit')]).toEqual(['live', 'unreachable']);
  });

  it('a class that reaches outsiders as an answer is API as well', () => {
    const all = findings({
      'main.ts': 'class Hidden { hit() { return 1; } }\nexport const open = async () => [new Hidden()];\n',
    });
    expect(classOf(all, 'Hidden.hit')).toBe('exported-unused');
  });
});

describe('fields', () => {
  const run = (body: string): readonly Finding[] => withInternal(body, 'const inner = new Inner(); inner.go(); return inner;');

  it('that are only counted up are write-only', () => {
    expect(classOf(run('private count = 0; go() { this.count += 1; }'), 'Inner.count')).toBe('write-only');
  });

  it.each([
    ['made on the spot', 'private seen: string[] = []; go() { this.seen.push("a"); }', 'write-only'],
    [
      'made in the constructor',
      'private seen: Set<string>; constructor() { this.seen = new Set(); } go() { this.seen.add("a"); }',
      'write-only',
    ],
    ['given by the caller', 'constructor(private seen: string[] = shared) {} go() { this.seen.push("a"); }', 'live'],
    [
      'given and stored',
      'private seen: string[]; constructor(seen: string[] = shared) { this.seen = seen; } go() { this.seen.push("a"); }',
      'live',
    ],
    ['one of the module', 'private seen = shared; go() { this.seen.push("a"); }', 'live'],
  ])('whose collection is filled and was %s', (_whose, body, found) => {
    const all = findings({
      'main.ts': `const shared: string[] = [];\nclass Inner { ${body} }\nexport const run = () => { new Inner().go(); return shared; };\n`,
    });
    expect(classOf(all, 'Inner.seen')).toBe(found);
  });

  it('whose count is looked at are live', () => {
    expect(classOf(run('private count = 0; go() { return (this.count += 1); }'), 'Inner.count')).toBe('live');
  });

  it('that are copied into the same field of a clone are not read by that', () => {
    const all = run('count = 0; go(): Inner { const copy = new Inner(); copy.count = this.count; return copy; }');
    expect(classOf(all, 'Inner.count')).toBe('write-only');
  });

  it('whose collection nobody fills are never written', () => {
    expect(classOf(run('private seen = new Set<string>(); go() { return this.seen.has("a"); }'), 'Inner.seen')).toBe(
      'never-written',
    );
  });

  it.each([
    ['added to', 'this.seen.add("a"); return this.seen.has("a");'],
    ['replaced', 'this.seen = new Set(["a"]); return this.seen.has("a");'],
    ['handed on', 'fill(this.seen); return this.seen.has("a");'],
  ])('whose collection is %s are live', (_how, body) => {
    const all = findings({
      'main.ts': `const fill = (set: Set<string>): void => void set.add('a');\nclass Inner { private seen = new Set<string>(); go() { ${body} } }\nexport const run = () => [fill, new Inner().go()];\n`,
    });
    expect(classOf(all, 'Inner.seen')).toBe('live');
  });
});

describe('variants', () => {
  const union =
    "type Event = { kind: 'a' } | { kind: 'b' };\nexport function handle(event: Event): number { switch (event.kind) { case 'a': return onlyA(); case 'b': return onlyB(); } }\nconst onlyA = () => 1;\nconst onlyB = () => 2;\n";

  it('that nobody makes are unproduced, and take along what only their clause uses', () => {
    const all = findings({ 'main.ts': `${union}export const run = () => handle({ kind: 'a' });\n` });
    expect(all.filter((each) => each.class === 'unproduced')).toMatchObject([{ symbol: "Event(kind: 'b')", cascade: ['onlyB'] }]);
  });

  it.each([
    ['returned', "const make = (): Event => ({ kind: 'b' });\nexport const run = () => handle(make());\n"],
    ['made without a type first', "const made = { kind: 'b' as const };\nexport const run = () => handle(made);\n"],
    ['made with a discriminant that can be both', "export const run = (kind: 'a' | 'b') => handle({ kind });\n"],
  ])('that are %s are produced', (_how, code) => {
    const all = findings({ 'main.ts': `${union}${code}` });
    expect(classOf(all, "Event(kind: 'b')")).toBeUndefined();
  });

  it('that may come out of JSON are unproduced with low confidence', () => {
    const all = findings({
      'main.ts': `${union}export const run = (text: string) => [handle({ kind: 'a' }), handle(JSON.parse(text) as Event)];\n`,
    });
    expect(all.find((each) => each.symbol === "Event(kind: 'b')")?.confidence).toBe('low');
  });
});

describe('constant arguments', () => {
  const make = (calls: string): readonly Finding[] =>
    findings({
      'main.ts': `function go(mode: string): number { switch (mode) { case 'a': return 1; case 'b': return 2; default: return 3; } }\nexport const run = (text: string) => [${calls}, text];\n`,
    });

  it('leave branches dead', () => {
    const all = make("go('a'), go('a')");
    expect(classOf(all, 'go')).toBe('partially-dead');
    expect(all.find((each) => each.symbol === 'go')?.proof).toContain("case 'b'");
  });

  it('that differ, cover all or are not constant leave none', () => {
    expect(classOf(make("go('a'), go('b'), go('c')"), 'go')).toBe('live');
    expect(classOf(make("go('a'), go(text)"), 'go')).toBe('live');
  });

  it('do not count when the function is also handed on', () => {
    expect(classOf(make("go('a'), [text].map(go)"), 'go')).toBe('live');
  });
});
