// Small programs with a wrapper, and running the codemod on them: for the tests of inline-wrapper.
import { runInNewContext } from 'node:vm';
import { inlineWrapper, type InlineWrapperOptions } from '../../codemods/inline-wrapper.ts';
import { use } from '../../codemods/kernel/codemod.ts';
import { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { ts } from '../../codemods/kernel/parse-source.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

export const oneFile: InlineWrapperOptions = {
  file: 'a.ts',
  class: 'Store',
  methods: ['mark'],
  into: 'a.ts',
  owner: 'Worker',
  state: 'move',
};

export function run(
  workspace: Workspace,
  options: InlineWrapperOptions,
  baseline = new DiagnosticBaseline(workspace),
): OperationRecord {
  return runOperation(workspace, use(inlineWrapper, options), { baseline });
}

export function after(text: string, options: Partial<InlineWrapperOptions> = {}): string {
  const workspace = borrowedWorkspace({ 'a.ts': text });
  run(workspace, { ...oneFile, ...options });
  return workspace.textOf('a.ts') ?? '';
}

export function refusal(files: Readonly<Record<string, string>>, options: Partial<InlineWrapperOptions> = {}): string {
  const workspace = borrowedWorkspace(files);
  try {
    run(workspace, { ...oneFile, ...options });
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.code;
    throw thrown;
  }
  return 'not refused';
}

export function refusalOf(text: string, options: Partial<InlineWrapperOptions> = {}): string {
  return refusal({ 'a.ts': text }, options);
}

/** What the program's function `main` answers. */
export function answerOf(text: string): unknown {
  const script = ts.transpile(text.replaceAll('export ', ''), { target: ts.ScriptTarget.ES2022 });
  const context = { result: '' };
  runInNewContext(`${script}\nresult = JSON.stringify(main());`, context);
  return JSON.parse(context.result);
}

export const worker = (wrapper: string, calls: string): string => `const log: string[] = [];
class Store {
${wrapper}
}
export class Worker {
  private readonly store: Store;
  constructor(private readonly name: string) {
    this.store = new Store(name);
  }
  work(id: string): void {
${calls}
  }
}
export function main(): string[] {
  const worker = new Worker('w');
  worker.work('1');
  worker.work('2');
  worker.work('1');
  return log;
}
`;
