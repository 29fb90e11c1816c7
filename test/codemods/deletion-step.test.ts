// Step 4 on the legacy system: tests of the deleted class, the class with its types, its dependency and its artefacts.
import { afterEach, describe, expect, it } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { runOperation, type OperationRecord } from '../../codemods/kernel/run-operation.ts';
import { pruneDependency } from '../../codemods/prune-dependency.ts';
import { pruneGenerated, type GeneratedKey } from '../../codemods/prune-generated.ts';
import { removeTestsOfDeleted } from '../../codemods/remove-tests-of-deleted.ts';
import { removeUnreachable } from '../../codemods/remove-unreachable.ts';
import { stateManagerExports } from './analysis/tas-63.ts';
import { untouchedTas63 } from '../helpers/tas-63-workspace.ts';

const { workspace, baseline } = untouchedTas63();
const untouched = workspace.changes();

afterEach(() => workspace.restore(untouched));

const source = 'packages/orchestration/src/orchestration';
const files = [`${source}/state-manager.ts`];
const key: GeneratedKey = { kind: 'template', tag: 'sql', field: 'statement' };
const removeTests = use(removeTestsOfDeleted, { files });
const removeManager = use(removeUnreachable, { files, approve: stateManagerExports });
const removeMap = use(pruneDependency, { package: 'expiring-map' });
const removeArtefacts = use(pruneGenerated, {
  artefacts: ['**/generated/queries/*.json'],
  sources: ['packages/orchestration/src/**/*.ts'],
  key,
});

function changed(record: OperationRecord): readonly string[] {
  return record.files.map((file) => `${file.after === undefined ? '-' : ' '}${workspace.relative(file.path)}`).toSorted();
}

function replace(path: string, pairs: readonly (readonly [string, string])[]): void {
  const text = pairs.reduce(
    (all, [from, to]) => {
      expect(all).toContain(from);
      return all.replace(from, to);
    },
    workspace.textOf(path) ?? '',
  );
  workspace.setText(path, text);
}

/** The callers as they are once the three live methods are their own; what these do is not the matter here. */
function takeCallersOff(): void {
  const wiring = [
    ["import { StateManager } from '../state-manager.js';\n", ''],
    ['  private readonly stateManager: StateManager;\n', ''],
    ['    this.stateManager = new StateManager(context);\n', ''],
  ] as const;
  replace(`${source}/lifecycle/step-enqueuer.ts`, [
    ...wiring,
    ['await this.stateManager.markTaskInProgress(taskUuid)', 'await Promise.resolve(taskUuid)'],
    ['await this.stateManager.markStepEnqueued(step.stepUuid)', 'await Promise.resolve(step.stepUuid)'],
  ]);
  replace(`${source}/lifecycle/state-initializer.ts`, [
    ...wiring,
    ['await this.stateManager.getOrCreateStepStateMachine(stepUuid)', 'await Promise.reject(new Error(stepUuid))'],
  ]);
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.code;
    throw thrown;
  }
  return undefined;
}

describe('remove-tests-of-deleted', () => {
  it('removes the 20 and the 2 tests with their files, and no others', () => {
    const record = runOperation(workspace, removeTests, { baseline });
    expect(changed(record)).toEqual([
      '-packages/orchestration/src/orchestration/state-manager.test.ts',
      '-packages/orchestration/test/state-manager.test.ts',
    ]);
    expect(record.findings.map((each) => each.what)).toEqual([
      '20 tests removed, the file goes with them',
      '2 tests removed, the file goes with them',
    ]);
    expect(record.claims).toHaveLength(22);
    expect(runOperation(workspace, removeTests, { baseline }).files).toEqual([]);
  });
});

describe('remove-unreachable', () => {
  it('refuses while production uses the class, and names the users', () => {
    runOperation(workspace, removeTests);
    expect(() => runOperation(workspace, removeManager)).toThrow(
      /step-enqueuer\.ts:307 StepEnqueuer\.enqueueReadySteps uses StateManager\.markTaskInProgress/,
    );
    expect(codeOf(() => runOperation(workspace, removeManager))).toBe('REFIT_UNREACHABLE_USED');
  });

  it('refuses while tests use it', () => {
    takeCallersOff();
    expect(codeOf(() => runOperation(workspace, removeManager))).toBe('REFIT_UNREACHABLE_TESTED');
  });

  it('refuses while the removal from the API is not approved name by name', () => {
    takeCallersOff();
    runOperation(workspace, removeTests);
    const partly = use(removeUnreachable, { files, approve: ['StateManager'] });
    expect(() => runOperation(workspace, partly)).toThrow(
      /StateTransitionRequest \(entry \.\/state-manager of @tas63\/orchestration\)/,
    );
  });

  it('deletes the file, its names in the barrels and its subpath of the package', () => {
    takeCallersOff();
    runOperation(workspace, removeTests, { baseline });
    const record = runOperation(workspace, removeManager, { baseline });
    expect(changed(record)).toEqual([
      ' packages/orchestration/package.json',
      ' packages/orchestration/src/index.ts',
      ' packages/orchestration/src/orchestration/index.ts',
      `-${source}/state-manager.ts`,
    ]);
    expect(workspace.textOf('packages/orchestration/package.json')).not.toContain('./state-manager');
    expect(workspace.textOf('packages/orchestration/src/index.ts')).not.toContain('StateManager');
    expect(workspace.textOf(`${source}/index.ts`)).not.toContain("'./state-manager.js'");
    expect(runOperation(workspace, removeManager, { baseline }).files).toEqual([]);
  });

  it('tells what becomes unused elsewhere, and what still speaks of it', () => {
    takeCallersOff();
    runOperation(workspace, removeTests);
    const { findings, obligations } = runOperation(workspace, removeManager);
    const notes = findings.filter((each) => each.kind === 'note').map((each) => each.what);
    for (const name of ['taskExecutionContext', 'stepReadiness', 'systemHealthCounts']) {
      expect(notes).toContainEqual(expect.stringContaining(`SqlExecutor.${name} has no user any more`));
    }
    const speaking = findings
      .filter((each) => each.what.startsWith('still speaks of StateManager'))
      .map((each) => `${workspace.relative(each.path)}:${String(each.line)}`);
    expect(speaking).toContain(`${source}/index.ts:7`);
    expect(speaking).toContain(`${source}/lifecycle/state-initializer.ts:2`);
    expect(obligations).toEqual([expect.stringContaining('packages/orchestration/coverage-report.config.ts:')]);
    expect(findings.filter((each) => each.kind === 'api')).toHaveLength(stateManagerExports.length + 1);
  });

  it('with cascade also deletes what the workspace shares and no entry offers', () => {
    takeCallersOff();
    runOperation(workspace, removeTests);
    runOperation(workspace, use(removeUnreachable, { files, approve: stateManagerExports, cascade: true }), { baseline });
    const executor = workspace.textOf('packages/orchestration/src/database/sql-executor.ts') ?? '';
    expect(executor).not.toContain('systemHealthCounts');
    expect(executor).toContain('async run(');
  });
});

describe('prune-dependency', () => {
  it('refuses while the class that uses it is there', () => {
    expect(() => runOperation(workspace, removeMap)).toThrow(/state-manager\.ts:\d+ imports it/);
    expect(codeOf(() => runOperation(workspace, removeMap))).toBe('REFIT_DEPENDENCY_USED');
  });

  it('takes it out of package.json, both tsconfigs, both test configurations and its folder', () => {
    takeCallersOff();
    runOperation(workspace, removeTests);
    runOperation(workspace, removeManager);
    const record = runOperation(workspace, removeMap, { baseline });
    const vendored = ['index.d.ts', 'index.js', 'package.json'].map(
      (name) => `-packages/orchestration/vendor/expiring-map/${name}`,
    );
    const edited = [
      'consumer/tsconfig.json',
      'consumer/vitest.config.ts',
      'orchestration/package.json',
      'orchestration/tsconfig.json',
      'orchestration/vitest.config.ts',
    ];
    expect(changed(record)).toEqual([...edited.map((path) => ` packages/${path}`), ...vendored].toSorted());
    for (const path of edited) expect(workspace.textOf(`packages/${path}`)).not.toContain('expiring-map');
    expect(JSON.parse(workspace.textOf('packages/orchestration/tsconfig.json') ?? '')).toEqual({
      extends: '../../tsconfig.base.json',
      include: ['src', 'test', 'vitest.config.ts'],
    });
    expect(workspace.textOf('packages/orchestration/vitest.config.ts')).not.toMatch(/resolve|alias|fileURLToPath/);
    expect(record.obligations).toHaveLength(1);
    expect(runOperation(workspace, removeMap, { baseline }).files).toEqual([]);
  });
});

describe('prune-generated', () => {
  it('deletes nothing while every artefact has its source', () => {
    expect(runOperation(workspace, removeArtefacts).files).toEqual([]);
  });

  it('deletes the artefact of the deleted statement in all three folders', () => {
    takeCallersOff();
    runOperation(workspace, removeTests);
    runOperation(workspace, removeManager);
    const record = runOperation(workspace, removeArtefacts);
    expect(changed(record)).toEqual(
      ['generated', 'packages/consumer/generated', 'packages/orchestration/generated'].map(
        (folder) => `-${folder}/queries/c4bd368d8d5ca101.json`,
      ),
    );
    expect(runOperation(workspace, removeArtefacts).files).toEqual([]);
  });
});
