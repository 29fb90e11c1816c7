// Small programs with every construct that instrumentation touches; each exports `run`, which answers with what it saw.

export const programs: Readonly<Record<string, string>> = {
  'if and else if without braces': `
    const of = (x) => { if (x > 2) return 'big'; else if (x > 1) return 'middle'; else if (x) return 'small'; return 'none'; };
    export const run = () => [3, 2, 1, 0].map(of);`,
  'a dangling else': `
    export const run = () => [[1, 1], [1, 0], [0, 1]].map(([a, b]) => { if (a) if (b) return 'both'; else return 'one'; return 'not'; });`,
  'switch with fallthrough and a default in the middle': `
    function of(x: number) {
      const out: unknown[] = [];
      switch (x) { case 1: out.push(1); default: out.push('d'); case 2: { const y = 2; out.push(y); break; } case 3: let z = 3; out.push(z); }
      return out;
    }
    export const run = () => [1, 2, 3, 4].map(of);`,
  'labelled loops with continue and break': `
    export function run() {
      const out: string[] = [];
      outer: for (let i = 0; i < 4; i++) { for (const j of [0, 1, 2]) { if (j === 1) continue outer; if (i === 3) break outer; out.push(i + '/' + j); } }
      block: { if (out.length) break block; out.push('never'); }
      return out;
    }`,
  'all kinds of loops, with and without braces': `
    export function run() {
      let n = 0;
      for (;;) { if (++n > 3) break; }
      while (n < 6) n++;
      do n++; while (n < 9);
      for (const k in { a: 1, b: 2 }) n += k.length;
      for (const x of [1, 2]) if (x > 1) n += x; else continue;
      for (let i = 0, last = n || 1; i < last && i < 3; i++);
      return n;
    }`,
  'closures over the variables of loops': `
    export function run() { const all = []; for (let i = 0; i < 3; i++) all.push(() => i); return all.map((f) => f()); }`,
  'for await, and await inside operands': `
    async function* items() { yield 1; yield* [2, 3]; }
    const late = async (x) => x;
    export async function run() {
      const out: unknown[] = [];
      for await (const x of items()) out.push(x > 1 ? await late(x) : (await late(0)) || (await late('or')));
      out.push((await late(null)) ?? (await late('nullish')), (await late(1)) && (await late(2)));
      return out;
    }`,
  'operators that evaluate their right side or not': `
    const log: string[] = []; const say = (name: string, value: unknown) => { log.push(name); return value; };
    export function run() {
      const all = [say('a', 0) && say('b', 1), say('c', 0) || say('d', 1), say('e', 0) ?? say('f', 1), say('g', null) ?? say('h', 2)];
      return [all, log, (say('x', 1), say('y', 2))];
    }`,
  'assignment operators': `
    export function run() {
      const o: any = { a: 1, b: 0, c: null, get d() { throw new Error('read'); } };
      o.a &&= 2; o.b ||= 3; o.c ??= 4; o.b ??= 9; o.a ||= 9;
      let x; x ??= o?.none?.deep ?? (o.a ? 'then' : 'else');
      return [o.a, o.b, o.c, x];
    }`,
  'default parameters, with patterns': `
    const of = (a = 1, { b = a || 2, c: { d } = { d: a ? 'x' : 'y' } } = {}, [e = b] = [], ...rest) => [a, b, d, e, rest];
    export const run = () => [of(), of(0), of(5, { b: 6, c: { d: 7 } }, [8], 9), of(undefined, undefined, undefined)];`,
  'catch without binding, finally, and nested handlers': `
    export function run() {
      const out: unknown[] = [];
      try { try { throw new Error('a'); } catch { out.push('caught'); throw new Error('b'); } finally { out.push('finally'); } }
      catch ({ message }) { out.push(message); }
      const early = () => { try { return 'try'; } finally { out.push('left'); } };
      return [out, early()];
    }`,
  generators: `
    function* count(to: number) { let got; for (let i = 0; i < to; i++) { got = yield got ?? i; if (got === 'stop') return 'stopped'; } return 'done'; }
    export function run() { const g = count(9); return [g.next(), g.next('x'), g.next(), g.next('stop'), [...count(3)]]; }`,
  'class fields, static blocks, accessors and private names': `
    const log: string[] = [];
    class Base { kind = log.push('base'); static made = 0; static { if (!this.made) this.made = 7; } }
    class Made extends Base {
      #secret = this.kind ? 'yes' : 'no';
      static all = [Made.made || 1];
      constructor(private readonly given: number, public other = given || 3) { super(); log.push('made'); if (given) this.more = 5; }
      more?: number;
      get secret() { return this.#secret; }
      set secret(value) { this.#secret = value ?? 'none'; }
      static has(x: object) { return #secret in x; }
      async *['com' + 'puted']() { yield this.given; }
    }
    export async function run() {
      const made = new Made(0); made.secret = undefined;
      const all = []; for await (const x of made.computed()) all.push(x);
      return [made.secret, Made.has(made), Made.all, JSON.stringify(made), log, all, new Made(2).more];
    }`,
  'arrow bodies, this and arguments': `
    const object = { n: 1, twice() { return (() => this.n * 2)(); }, args() { return (() => arguments.length)(); }, make: (x) => ({ x }), nested: (a) => (b) => a && b };
    export const run = () => [object.twice(), object.args(1, 2), object.make(3), object.nested(1)(2), [1, 2].map((x) => x > 1 ? 'a' : 'b')];`,
  'async arrows and errors in operands': `
    const fails = async () => { throw new Error('no'); };
    export const run = async () => [await (async (x = 1) => x)(), await fails().catch((e) => e.message || 'none'), await Promise.allSettled([fails()]).then((all) => all.map(({ status }) => status))];`,
  'hoisted functions and declarations in blocks': `
    export function run() { const early = f(); { function g() { return 'g'; } var v = g(); } return [early, v, typeof later]; function f() { return 'f'; } var later; }`,
  'enums, namespaces, type assertions and satisfies': `
    enum Level { low, high = low + 5 } namespace Space { export const x = 1 || 2; export function f() { return x ? Level[5] : ''; } }
    export const run = () => [Level.high, Space.x, Space.f(), ((1 as unknown) as number) satisfies number, <number>2];`,
  'optional calls, templates, spread, delete, typeof, void, in': `
    const tag = (parts, ...values) => parts.join('|') + values.join(',');
    export function run() {
      const o: any = { f: (x) => x ?? 'none', a: { b: 1 } };
      return [o.f?.(), o.g?.(1), tag\`a\${o.a?.b || 2}c\`, { ...(o.a && { c: 1 }) }, [...(o.z ?? [])], delete o.a.b, typeof (o.q || 'x'), void 0 ?? 1, 'a' in (o || {})];
    }`,
  'using a resource': `
    export function run() { const out: string[] = []; { using a = { [Symbol.dispose ?? Symbol.for('d')]() { out.push('gone'); } }; out.push('use'); } return out; }`,
  'imports of node': `
    import path, { join } from 'node:path'; import * as all from 'node:path';
    export const run = async () => [join('a', 'b'), path.sep, all.join('c', 'd'), (await import('node:path')).basename('x/y')];`,
  'functions of themselves: names, lengths and this of methods': `
    const o = { m(a, b = 1) { return this === o; } };
    export function run(x, y) { const f = () => 1; const m = o.m; return [f.name, run.name, run.length, o.m.length, (true && o.m()), o?.m?.() ?? 1]; }`,
};
