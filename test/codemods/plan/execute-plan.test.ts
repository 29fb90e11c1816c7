// The executor: one transaction a step, undone when it is refused, breaks a promise or is judged badly.
import { describe, expect, it } from 'vitest';
import type { Codemod } from '../../../codemods/kernel/codemod.ts';
import { use } from '../../../codemods/kernel/codemod.ts';
import type { Workspace } from '../../../codemods/kernel/workspace.ts';
import { fileLines } from '../../../codemods/plan/claims/index.ts';
import { executePlan } from '../../../codemods/plan/execute-plan.ts';
import type { Plan, Step } from '../../../codemods/plan/plan.ts';
import { borrowedWorkspace } from '../borrowed-workspace.ts';

/** Replaces a text once; proposes nothing where it does not stand (any more). */
const replaceText: Codemod<{ file: string; from: string; to: string; refuse?: string }> = {
  name: 'replace-text',
  options: {
    file: { kind: 'text', help: 'file' },
    from: { kind: 'text', help: 'from' },
    to: { kind: 'text', help: 'to' },
    refuse: { kind: 'text', help: 'reason' },
  },
  propose(workspace, { file, from, to, refuse }, out) {
    if (refuse !== undefined) out.refuse('TEST_REFUSED', { path: file, line: 1 }, refuse);
    const source = workspace.sourceFile(file);
    const at = source.getFullText().indexOf(from);
    if (at >= 0) out.edit(source.getFilePath(), [at, at + from.length], to);
  },
};

function step(id: string, operations: Step['operations'], more: Partial<Step> = {}): Step {
  return { id, title: id, phase: '1', after: [], claims: [], operations, ensures: [], subjects: [], ...more };
}

function plan(...steps: readonly Step[]): Plan {
  return { name: 'small', title: 'Small', root: '.', projects: [], phases: [{ id: '1', title: 'One' }], steps, reported: [] };
}

function project(): Workspace {
  return borrowedWorkspace({ 'a.ts': 'export const a: number = 1;\n', 'b.ts': 'export const b = 2;\n' });
}

const two = use(replaceText, { file: 'a.ts', from: '= 1', to: '= 2' });
const broken = use(replaceText, { file: 'b.ts', from: '= 2', to: ": number = 'x'" });
const refused = use(replaceText, { file: 'b.ts', from: '= 2', to: '= 3', refuse: 'not this one' });
const statuses = async (workspace: Workspace, small: Plan): Promise<readonly string[]> =>
  (await executePlan(workspace, small)).map((record) => `${record.id} ${record.status}`);

describe('a run of a plan', () => {
  it('holds the results of all steps, and a second run changes nothing', async () => {
    const workspace = project();
    const small = plan(step('A', [two]), step('B', [use(replaceText, { file: 'b.ts', from: '= 2', to: '= 3' })]));
    expect(await statuses(workspace, small)).toEqual(['A done', 'B done']);
    expect([workspace.textOf('a.ts'), workspace.textOf('b.ts')]).toEqual([
      'export const a: number = 2;\n',
      'export const b = 3;\n',
    ]);
    expect(await statuses(workspace, small)).toEqual(['A already-done', 'B already-done']);
  });

  it('stops at a refused step, undoes all of its operations, keeps the steps before and runs none after', async () => {
    const workspace = project();
    const half = use(replaceText, { file: 'a.ts', from: '= 2', to: '= 99' });
    const records = await executePlan(
      workspace,
      plan(step('A', [two]), step('B', [half, refused], { after: ['A'] }), step('C', [], { after: ['B'] })),
    );
    expect(records.map(({ status }) => status)).toEqual(['done', 'refused', 'not-run']);
    expect(records[1]?.failure).toMatchObject({
      code: 'TEST_REFUSED',
      message: 'operation 2 (replace-text): not this one',
      path: 'b.ts',
      line: 1,
    });
    expect(workspace.textOf('a.ts')).toBe('export const a: number = 2;\n');
  });

  it('refuses a step whose result does not compile, with file and line', async () => {
    const workspace = project();
    const [record] = await executePlan(workspace, plan(step('A', [broken])));
    expect(record).toMatchObject({ status: 'refused', failure: { code: 'REFIT_RESULT_TYPES', path: 'b.ts', line: 1 } });
    expect(workspace.textOf('b.ts')).toBe('export const b = 2;\n');
  });

  it('fails a step whose promise the result does not keep', async () => {
    const workspace = project();
    const [record] = await executePlan(workspace, plan(step('A', [two], { ensures: [fileLines({ file: 'a.ts', lines: 7 })] })));
    expect(record).toMatchObject({ status: 'failed', failure: { code: 'REFIT_PROMISE_BROKEN' } });
    expect(record?.failure?.message).toContain('a.ts has 7 lines"; the result says: 1 lines');
    expect(workspace.textOf('a.ts')).toBe('export const a: number = 1;\n');
  });

  it('undoes a step that the judge rejects', async () => {
    const workspace = project();
    const judge = async (): Promise<{ code: string; message: string }> => ({
      code: 'REFIT_BEHAVIOUR_CHANGED',
      message: 'a log is gone',
    });
    const [record] = await executePlan(workspace, plan(step('A', [two])), { judge });
    expect(record).toMatchObject({ status: 'failed', failure: { message: 'a log is gone' } });
    expect(workspace.textOf('a.ts')).toBe('export const a: number = 1;\n');
  });

  it('refuses a project that does not compile before it starts', async () => {
    const workspace = borrowedWorkspace({ 'a.ts': "export const a: number = 'x';\n" });
    await expect(executePlan(workspace, plan(step('A', [])))).rejects.toThrow(
      /a\.ts:1: TS2322 .* Make the project compile first/,
    );
  });

  it('goes on where an earlier run stopped', async () => {
    const workspace = project();
    const small = plan(step('A', [refused]), step('B', [two], { after: ['A'] }));
    const records = await executePlan(workspace, small, { done: ['A'] });
    expect(records.map(({ id, status }) => `${id} ${status}`)).toEqual(['B done']);
  });

  it('says a bug of a codemod is one, names the step, and has changed nothing', async () => {
    const workspace = project();
    const buggy: Codemod<{ file: string }> = {
      name: 'buggy',
      options: { file: { kind: 'text', help: '' } },
      propose: () => void JSON.parse('{'),
    };
    await expect(executePlan(workspace, plan(step('A', [two, use(buggy, { file: 'a.ts' })])))).rejects.toThrow(
      /^Step A: .* this is a bug of the codemod/,
    );
    expect(workspace.textOf('a.ts')).toBe('export const a: number = 1;\n');
  });
});

describe('a step that is confirmed while later ones run', () => {
  const three = use(replaceText, { file: 'b.ts', from: '= 2', to: '= 3' });
  const failure = { code: 'TEST_UNCONFIRMED', message: 'no' };

  it('is undone with all that came after it when the answer is no, and the last work is not lost on it', async () => {
    const workspace = project();
    let worked = 0;
    const records = await executePlan(workspace, plan(step('A', [two]), step('B', [three])), {
      confirm: async (confirmed) => (confirmed.id === 'A' ? failure : undefined),
      meanwhile: async () => void (worked += 1),
    });
    expect(records.map(({ id, status, failure: why }) => [id, status, why?.code])).toEqual([
      ['A', 'failed', 'TEST_UNCONFIRMED'],
      ['B', 'not-run', undefined],
    ]);
    expect([workspace.textOf('a.ts'), workspace.textOf('b.ts'), worked]).toEqual([
      'export const a: number = 1;\n',
      'export const b = 2;\n',
      0,
    ]);
  });

  it('is undone also when the answer comes after the last step; the first step that is not confirmed decides', async () => {
    const workspace = project();
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const records = await executePlan(workspace, plan(step('A', [two]), step('B', [three])), {
      confirm: async () => {
        await finished;
        return failure;
      },
      meanwhile: async () => finish(),
    });
    expect(records.map(({ status }) => status)).toEqual(['failed', 'not-run']);
    expect(workspace.changes().size === 0 || workspace.textOf('b.ts') === 'export const b = 2;\n').toBe(true);
  });

  it('is asked with the changes as the step left them, and stays when all answers are yes', async () => {
    const seen: unknown[] = [];
    const workspace = project();
    await executePlan(workspace, plan(step('A', [two]), step('B', [three])), {
      confirm: async (_step, _record, changes) => void seen.push(changes.get(workspace.absolute('b.ts'))),
    });
    expect(seen).toEqual(['export const b = 2;\n', 'export const b = 3;\n']);
  });

  it('ends the run with the error of a confirmation that cannot be made', async () => {
    const confirm = async (): Promise<undefined> => {
      throw new Error('no runner');
    };
    await expect(executePlan(project(), plan(step('A', [two])), { confirm })).rejects.toThrow('no runner');
  });
});
