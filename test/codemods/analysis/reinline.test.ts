// Putting a call back into its helper: equal when it is the clone again, and a difference for every way it is not.
import { describe, expect, it } from 'vitest';
import { reinlinedEquals } from '../../../codemods/analysis/reinline.ts';

const helper = `async function send<Result>(log: Log, command: Sent<Result>): Promise<void> {
  const { tx, rx } = channel<Result>();
  try {
    await queue.send(command.build(tx));
    command.onSent?.(rx);
  } catch (error) {
    log.warn({ ...command.fields, ...command.more?.(error), text: describe(error) }, \`not sent: \${command.label}\`);
  }
}`;

const call = `await send<Saved>(this.log, {
  build: (sender) => ({ kind: 'save', sender }),
  fields: { id },
  label: 'save',
});`;

const original = `const { tx: a, rx: b } = channel<Saved>();
try {
  await queue.send({ kind: "save", sender: a });
} catch (thrown) {
  this.log.warn({ id: id, text: describe(thrown) }, 'not sent: save');
}`;

describe('a helper with its call put back', () => {
  it('is the clone, whatever its locals, quotes and layout are', () => {
    expect(reinlinedEquals(helper, call, original)).toEqual({ equal: true });
  });

  it('is the clone when optional statements and fields are given', () => {
    const given = call.replace(
      "label: 'save',",
      "label: 'save', onSent: (answer) => { keep(answer); count += 1; }, more: (thrown) => ({ code: thrown.code }),",
    );
    const with2 = original
      .replace('sender: a });', 'sender: a });\n  keep(b);\n  count += 1;')
      .replace('id: id,', 'id: id, code: thrown.code,');
    expect(reinlinedEquals(helper, given, with2)).toEqual({ equal: true });
    expect(reinlinedEquals(helper, given, original).equal).toBe(false);
  });

  it('takes a function of the module for a closure that only calls it', () => {
    const apply = 'function apply(d: D): void {\n  use(d.make(d.value));\n}';
    expect(reinlinedEquals(apply, "apply({ make: maker, value: 'x' });", "use(maker('x'));")).toEqual({ equal: true });
  });

  it('returns variables to the code behind the clone', () => {
    const open =
      'async function open(name: string): Promise<{ a: A; b: B }> {\n  const a = await first(name);\n  const b = second(a);\n  return { a, b };\n}';
    const text = "const one = await first('x');\nconst two = second(one);";
    expect(reinlinedEquals(open, "const { a: one, b: two } = await open('x');", text)).toEqual({ equal: true });
    expect(reinlinedEquals(open, "const { a: two, b: one } = await open('x');", text).equal).toBe(false);
  });

  it('returns a value into the statement around the call', () => {
    const fetch = 'private async fetch(id: string): Promise<M> {\n  check(id);\n  return wrap(id);\n}';
    const text = 'check(key);\nreturn this.handle(wrap(key));';
    expect(reinlinedEquals(fetch, 'return this.handle(await this.fetch(key));', text)).toEqual({ equal: true });
    expect(reinlinedEquals(fetch, 'return this.other(await this.fetch(key));', text).equal).toBe(false);
  });

  it('keeps a name of the call apart from a local of the helper that is called the same', () => {
    const keep = 'function keep(value: string, d: D): void {\n  const message = read(value);\n  use(message, d.extra());\n}';
    const keepCall = 'keep(key, { extra: () => message });';
    expect(reinlinedEquals(keep, keepCall, 'const text = read(key);\nuse(text, message);')).toEqual({ equal: true });
    expect(reinlinedEquals(keep, keepCall, 'const message = read(key);\nuse(message, message);').equal).toBe(false);
  });
});

describe('a merge that changed something is found out', () => {
  it.each([
    ['a label that was put right', 'not sent: save', 'not sent: Save'],
    ['a field that was lost', 'id: id, text', 'text'],
    ['a record that was dropped', "this.log.warn({ id: id, text: describe(thrown) }, 'not sent: save');", ''],
    ['an await that was dropped', 'await queue.send', 'queue.send'],
    ['a statement in another place', 'try {\n', 'count += 1;\ntry {\n'],
    ['another variable', 'sender: a', 'sender: b'],
    ['another type', 'channel<Saved>', 'channel<Loaded>'],
    ['let for const', 'const { tx', 'let { tx'],
    ['another operator', 'describe(thrown)', '!describe(thrown)'],
  ])('%s', (_, from, to) => {
    expect(original).toContain(from);
    const result = reinlinedEquals(helper, call, original.replace(from, to));
    expect(result.equal).toBe(false);
    expect(result.difference).toMatch(/where the clone has/);
  });

  it('a way out that is taken where it was not', () => {
    const leave =
      'function leave(d: D): number {\n  const n = read();\n  if (d.stops?.(n) === true) return n;\n  use(n);\n  return n;\n}';
    const given = 'return leave({ stops: (m) => { if (m > 1) { note(m); return true; } return false; } });';
    const text = 'const k = read();\nif (k > 1) { note(k); return k; }\nuse(k);\nreturn k;';
    expect(reinlinedEquals(leave, given, text)).toEqual({ equal: true });
    expect(reinlinedEquals(leave, 'return leave({});', 'const k = read();\nuse(k);\nreturn k;')).toEqual({ equal: true });
    expect(reinlinedEquals(leave, given.replace('return true', 'return false'), text).equal).toBe(false);
    expect(reinlinedEquals(leave, given, text.replace('return k; }', 'return 0; }')).equal).toBe(false);
  });

  it('an expression that is now computed before the helper runs', () => {
    const show = 'function show(text: string): void {\n  prepare();\n  use(text);\n}';
    expect(reinlinedEquals(show, 'show(render());', 'prepare();\nuse(render());')).toEqual({
      equal: false,
      difference: 'an argument is computed before the helper runs: render()',
    });
  });

  it('grouping that the same tokens hide', () => {
    const add = 'function add(a: number, b: number): void {\n  use((a + b) * 2);\n}';
    expect(reinlinedEquals(add, 'add(x, y);', 'use((x + y) * 2);').equal).toBe(true);
    expect(reinlinedEquals(add, 'add(x, y);', 'use(x + y * 2);').equal).toBe(false);
  });

  it('an async helper whose call is not awaited', () => {
    const tick = 'async function tick(): Promise<void> {\n  await wait();\n}';
    expect(reinlinedEquals(tick, 'tick();', 'await wait();').difference).toBe('the helper is async and its call is not awaited');
  });

  it('an async closure whose promise nobody waits for', () => {
    const both = 'async function both(d: D): Promise<void> {\n  d.step();\n  await wait();\n}';
    const given = 'await both({ step: async () => { await one(); } });';
    expect(reinlinedEquals(both, given, 'await one();\nawait wait();').difference).toBe(
      'an async closure is not awaited where it runs',
    );
  });

  it('a finally that is skipped when something failed', () => {
    const close =
      'async function close(rx: Rx): Promise<void> {\n  try {\n    await send();\n  } catch (error) {\n    warn(error);\n  } finally {\n    rx.close();\n  }\n}';
    const text = 'try {\n  await send();\n} catch (error) {\n  warn(error);\n} finally {\n  rx.close();\n}';
    expect(reinlinedEquals(close, 'await close(rx);', text)).toEqual({ equal: true });
    const onSuccess = close
      .replace('await send();', 'await send();\n    rx.close();')
      .replace(' finally {\n    rx.close();\n  }', '');
    expect(reinlinedEquals(onSuccess, 'await close(rx);', text).equal).toBe(false);
  });

  it('texts that are no helper and no call', () => {
    expect(reinlinedEquals('const x = 1;', 'f();', '').difference).toBe('the helper is not one function or method with a body');
    expect(reinlinedEquals('function f(): void {}', 'g();', '').difference).toBe('the statement does not call the helper');
  });
});
