// A wrapper taken over is proved on the texts alone: its method is the owner's, member by member; each careless change is found out, or left open.
import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../../codemods/analysis/judgement.ts';
import { takeOverUndone } from '../../../codemods/analysis/undo-take-over.ts';

const wrapper = `import { describe } from './texts.ts';

export class Store {
  private readonly seen = new Map<string, number>();

  constructor(private readonly context: Context) {}

  log(): Log {
    return this.context.log;
  }

  async mark(id: string): Promise<void> {
    const count = await this.next(id);
    try {
      await this.context.send({ id, count });
      this.log().info({ id }, 'marked');
    } catch (error) {
      throw new Error(describe(error));
    } finally {
      this.context.done(id);
    }
  }

  private async next(id: string): Promise<number> {
    const count = (this.seen.get(id) ?? 0) + 1;
    this.seen.set(id, count);
    return count;
  }
}
`;

const members = `  private async mark(id: string): Promise<void> {
    const count = await this.next(id);
    try {
      await this.context.send({ id, count });
      this.context.log.info({ id }, 'marked');
    } catch (error) {
      throw new Error(describe(error));
    } finally {
      this.context.done(id);
    }
  }

  private async next(id: string): Promise<number> {
    const count = (this.seen.get(id) ?? 0) + 1;
    this.seen.set(id, count);
    return count;
  }
`;

const owner = (field: string, call: string, more: string): string => `import { Store } from './store.ts';
import { describe } from './texts.ts';

export class Worker {
  private readonly store: Store;
${field}
  constructor(private readonly context: Context) {
    this.store = new Store(context);
  }

  async work(id: string): Promise<void> {
    this.context.log.info({ id }, 'begins');
    await ${call}(id);
  }
${more}}
`;

const field = '  private readonly seen = new Map<string, number>();\n';
const before = owner('', 'this.store.mark', '');
const after = owner(field, 'this.mark', `\n${members}`);

function judged(now: string, name = 'mark', old = before): Judgement {
  const claim = {
    kind: 'inlined',
    name: `Store.${name}`,
    into: 'worker.ts',
    owner: 'Worker',
    through: 'store',
    from: { path: '/store.ts', text: wrapper },
    paths: new Map<string, string>(),
  } as const;
  return takeOverUndone(claim, { path: '/worker.ts', before: old, after: now });
}

describe('a wrapper that was taken over', () => {
  it('is the same in its owner, methods and what they need', () => {
    expect(judged(after)).toEqual({ kind: 'equal' });
    expect(judged(after, 'next')).toEqual({ kind: 'equal' });
  });

  it.each([
    ['a log is dropped', "      this.context.log.info({ id }, 'marked');\n", ''],
    [
      'two effects are swapped',
      "      await this.context.send({ id, count });\n      this.context.log.info({ id }, 'marked');",
      "      this.context.log.info({ id }, 'marked');\n      await this.context.send({ id, count });",
    ],
    ['a wait is dropped', 'await this.context.send', 'this.context.send'],
    ['a label is another', "'marked'", "'done'"],
    ['a field is lost', 'send({ id, count })', 'send({ id })'],
    ['a finally is skipped', ' finally {\n      this.context.done(id);\n    }', ''],
    [
      'a finally is skipped when something failed',
      "'marked');\n    } catch (error) {\n      throw new Error(describe(error));\n    } finally {\n      this.context.done(id);\n    }",
      "'marked');\n      this.context.done(id);\n    } catch (error) {\n      throw new Error(describe(error));\n    }",
    ],
    ['the caller changed as well', "this.context.log.info({ id }, 'begins');\n", ''],
    ['a name means something else', "from './texts.ts'", "from './other.ts'"],
    ['another declaration came along', 'export class Worker', 'const other = 1;\n\nexport class Worker'],
    ['the method is not there', 'private async mark(', 'private async other('],
  ])('is found out when %s', (_, from, to) => {
    expect(after.split(from)).toHaveLength(2);
    expect(judged(after.replace(from, () => to))).toMatchObject({ kind: 'different' });
  });

  it('is left open when a field begins as something else', () => {
    const other = after.replace('new Map<string, number>()', 'new Map<string, number>([])');
    expect(judged(other, 'next')).toEqual({ kind: 'open', why: 'equal, but the field seen is made in another way' });
    expect(judged(other)).toEqual({ kind: 'equal' });
  });

  it('is left open when the object it was given is not known to be the owner’s', () => {
    const foreign = (text: string): string => text.replace('new Store(context)', 'new Store(make(context))');
    const result = judged(foreign(after), 'mark', foreign(before));
    expect(result).toEqual({ kind: 'open', why: 'equal, but the field context is made in another way' });
  });

  it('is left open when a constant argument is not passed any more, and found out when more than that changed', () => {
    const old = before.replace('mark(id)', "mark(id, 'soon')");
    expect(judged(after, 'mark', old)).toMatchObject({
      kind: 'open',
      why: 'equal, but arguments of calls in Worker.work became constants',
    });
    const more = after.replace("'begins'", "'starts'");
    expect(judged(more, 'mark', old)).toMatchObject({ kind: 'different', why: 'Worker.work changed as well' });
  });

  it('is left open when a method it calls did not come along, or was specialised', () => {
    const short = after
      .replace('await this.next(id)', 'await 1')
      .replace(members.slice(members.indexOf('  private async next')), '');
    expect(judged(short)).toMatchObject({ kind: 'open', why: expect.stringMatching(/^next, which it calls,/) });
    const fewer = after.replace('mark(id: string)', 'mark()');
    expect(judged(fewer)).toMatchObject({ kind: 'open', why: expect.stringMatching(/specialised for the constants/) });
  });
});
