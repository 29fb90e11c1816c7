// Taking a wrapper's methods over: what comes along, and that the program does the same afterwards.
import { beforeAll, describe, expect, it } from 'vitest';
import type { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import type { Snapshot, Workspace } from '../../codemods/kernel/workspace.ts';
import { untouchedOrchestration } from '../helpers/tas-63-workspace.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';
import { after, answerOf, oneFile, refusalOf, run, worker } from './inline-wrapper-programs.ts';

describe('what comes along', () => {
  it('is each field the methods use, filled as it was, and the program does the same', () => {
    const before = worker(
      `  private readonly seen: Map<string, number>;
  private count = 0;
  private readonly unused = [1];
  constructor(private readonly label: string) {
    this.seen = new Map<string, number>();
  }
  mark(id: string): void {
    this.count += 1;
    this.seen.set(id, this.count);
    log.push(this.label + [...this.seen].join());
  }`,
      `    this.store.mark(id);`,
    );
    const result = after(before);
    expect(result).toContain('private readonly seen = new Map<string, number>();\n  private count = 0;');
    expect(result).toContain('log.push(this.name + [...this.seen].join());');
    expect(result.split('unused')).toHaveLength(2);
    expect(answerOf(result)).toEqual(answerOf(before));
  });

  it('is a value the owner does not keep, as a field that the constructor fills', () => {
    const before = `export const log: string[] = [];
class Store {
  constructor(private readonly label: string) {}
  mark(id: string): void {
    log.push(this.label + id);
  }
}
export class Worker {
  private readonly store: Store;
  constructor(name: string) {
    this.store = new Store(name);
  }
  work(id: string): void {
    this.store.mark(id);
  }
}
export function main(): string[] {
  new Worker('w').work('1');
  return log;
}
`;
    const result = after(before);
    expect(result).toContain('  private readonly store: Store;\n  private readonly label: string;\n');
    expect(result).toContain('    this.store = new Store(name);\n    this.label = name;\n');
    expect(answerOf(result)).toEqual(['w1']);
  });

  it('is specialised when every call gives the same constant, also from the owner', () => {
    const before = worker(
      `  constructor(private readonly label: string) {}
  mark(id: string, how: 'soft' | 'hard'): void {
    if (how === 'hard') {
      this.wipe(id);
      return;
    }
    log.push(this.label + id);
  }
  private wipe(id: string): void {
    log.length = 0;
  }`,
      `    this.store.mark(id, 'soft');`,
    );
    const result = after(before);
    expect(result).toContain('    this.mark(id);');
    expect(result).toContain('  private mark(id: string): void {\n    log.push(this.name + id);\n  }');
    expect(result.match(/wipe/g)).toHaveLength(2);
    expect(answerOf(result)).toEqual(answerOf(before));
  });

  it('is general when calls give different constants', () => {
    const before = worker(
      `  constructor(private readonly label: string) {}
  mark(id: string, how: 'soft' | 'hard'): void {
    log.push(how === 'hard' ? this.label : id);
  }`,
      `    this.store.mark(id, 'soft');\n    this.store.mark(id, 'hard');`,
    );
    const result = after(before);
    expect(result).toContain(`private mark(id: string, how: 'soft' | 'hard'): void {`);
    expect(answerOf(result)).toEqual(answerOf(before));
  });

  it('leaves a constant parameter alone that the method writes', () => {
    const before = worker(
      `  constructor(private readonly label: string) {}
  mark(id: string, times = 2): void {
    while (times > 0) {
      times -= 1;
      log.push(this.label + id);
    }
  }`,
      `    this.store.mark(id);`,
    );
    expect(answerOf(after(before))).toEqual(answerOf(before));
  });

  it('keeps an asking that is not known to be a repetition: the Map loses entries', () => {
    const wrapper = (extra: string): string => `  private readonly kept = new Map<string, string[]>();
  constructor(private readonly label: string) {}
  private get(id: string): string[] {
    const cached = this.kept.get(id);
    if (cached !== undefined) return cached;
    const made = [this.label, id];
    log.push('made ' + id);
    this.kept.set(id, made);
    return made;
  }
  private go(id: string, to: 'a' | 'b'): void {
    const made = this.get(id);
    switch (to) {
      case 'a':
        made.push('a');
        break;
      default:
        return;
    }
  }
  mark(id: string): void {
    log.push(this.get(id).join());
    const made = this.get(id);
    log.push(made.join());
${extra}
    this.go(id, 'b');
  }`;
    const growing = worker(wrapper(''), '    this.store.mark(id);');
    const shrinking = worker(wrapper('    this.kept.delete(id);'), '    this.store.mark(id);');
    expect(after(growing).match(/this\.get\(id\)/g)).toHaveLength(5);
    expect(after(shrinking).match(/this\.get\(id\)/g)).toHaveLength(6);
    expect(answerOf(after(growing))).toEqual(answerOf(growing));
    expect(answerOf(after(shrinking))).toEqual(answerOf(shrinking));
  });

  it('gets other names where the owner has members of the same name', () => {
    const before = worker(
      `  private readonly seen = new Set<string>();
  constructor(private readonly label: string) {}
  mark(id: string): void {
    this.seen.add(this.label + id);
    log.push([...this.seen].join());
  }`,
      `    this.store.mark(id);\n  }\n  private mark(): string {\n    return this.name;`,
    );
    expect(refusalOf(before)).toBe('REFIT_INLINE_MEMBER_TAKEN');
    const result = after(before, { names: { mark: 'markSeen', seen: 'seenIds' } });
    expect(result).toContain('    this.markSeen(id);');
    expect(result).toContain('    this.seenIds.add(this.name + id);');
    expect(answerOf(result)).toEqual(answerOf(before));
  });

  it('is imported what it needs, as a type where it only is one', () => {
    const workspace = borrowedWorkspace({
      'names.ts': `export interface Named { readonly name: string }\nexport class Tag { constructor(readonly of: Named) {} }\n`,
      'store.ts': `import { type Named, Tag } from './names.ts';
export class Store {
  mark(named: Named): Tag {
    return new Tag(named);
  }
}
`,
      'worker.ts': `import type { Tag } from './names.ts';
import { Store } from './store.ts';
export class Worker {
  private readonly store = new Store();
  work(): Tag {
    return this.store.mark({ name: 'n' });
  }
}
`,
    });
    run(workspace, { ...oneFile, file: 'store.ts', into: 'worker.ts' });
    expect(workspace.textOf('worker.ts')).toContain(`import { type Named, Tag } from './names.ts';`);
  });
});

/** Loading and checking the system takes seconds, more beside other work. */
const loadMs = 120_000;

describe('on the system before the plan', () => {
  const manager = { file: 'src/orchestration/state-manager.ts', class: 'StateManager', state: 'move', maps: 'plain' } as const;
  const enqueuer = {
    ...manager,
    methods: ['markTaskInProgress', 'markStepEnqueued'],
    into: 'src/orchestration/lifecycle/step-enqueuer.ts',
    owner: 'StepEnqueuer',
  };
  const initializer = {
    ...manager,
    methods: ['getOrCreateStepStateMachine'],
    into: 'src/orchestration/lifecycle/state-initializer.ts',
    owner: 'StateInitializer',
  };
  let workspace: Workspace;
  let untouched: Snapshot;
  let baseline: DiagnosticBaseline;

  beforeAll(() => {
    ({ workspace, baseline } = untouchedOrchestration());
    untouched = workspace.changes();
  }, loadMs);

  it('takes over the check that never makes a transition, with its caches as they are', () => {
    const record = run(workspace, enqueuer, baseline);
    const text = workspace.textOf(enqueuer.into) ?? '';
    expect(text.match(/private (?:async )?\w*(?:StateMachine|InProgress|Enqueued)\w*\(/g)).toEqual([
      'private async markTaskInProgress(',
      'private async getOrCreateTaskStateMachine(',
      'private async markStepEnqueued(',
      'private async getOrCreateStepStateMachine(',
    ]);
    expect(text).not.toContain('transitionTaskState');
    expect(text).not.toContain('ExpiringMap');
    expect(record.findings.map((finding) => finding.kind)).toEqual(['note', 'leak', 'leak']);
    expect(record.checked.map((each) => each.witness)).toContain('await this.getOrCreateTaskStateMachine(taskUuid);');
    workspace.restore(untouched);
  });

  it('keeps every text, call and field of what it takes over', () => {
    run(workspace, initializer, baseline);
    const now = workspace.textOf(initializer.into) ?? '';
    const old = workspace.textOf(manager.file) ?? '';
    const body = (text: string): string => /async getOrCreateStepStateMachine[\s\S]*?\n {2}\}\n/.exec(text)?.[0] ?? 'none';
    expect(body(now)).toBe(body(old).replace('this.databasePool()', 'this.context.database'));
    expect(run(workspace, initializer, baseline).edits).toBe(0);
    workspace.restore(untouched);
  });
});
