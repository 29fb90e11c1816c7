// Fresh inputs: whatever a version does to what it is given, the next run gets the same as before.
import { describe, expect, it } from 'vitest';
import { requireGolden } from '../../../codemods/proof/golden-store.ts';
import { compareWithGolden } from '../../../codemods/proof/prove.ts';
import type { SubjectSpec } from '../../../codemods/proof/prove.ts';
import { markStandIn } from '../../../codemods/proof/stand-in.ts';
import { goldenFolder } from './controls.ts';
import { fresh, kept } from './fresh-inputs.ts';
import { notifications } from './subjects/notifications.ts';
import { processEvent } from './subjects/process-event.ts';
import { requestBuilder } from './subjects/request-builder.ts';
import { openSystem, textOf } from './system.ts';

describe('fresh', () => {
  it('copies records, lists, dates, bytes and errors to any depth', () => {
    const cause = Object.assign(new Error('inner'), { code: 'E1', details: { at: new Date(7) } });
    const original = {
      list: [{ at: new Date(5) }],
      bytes: Uint8Array.of(1, 2),
      error: new Error('outer', { cause }),
      nothing: null,
    };
    const copy = fresh(original);
    expect(copy).toEqual(original);
    expect(copy.list[0]).not.toBe(original.list[0]);
    expect(copy.list[0]?.at).not.toBe(original.list[0]?.at);
    expect(copy.bytes).not.toBe(original.bytes);
    expect(copy.error).not.toBe(original.error);
    expect(copy.error.cause).not.toBe(cause);
    expect(copy.error.cause).toMatchObject({ message: 'inner', code: 'E1', details: { at: new Date(7) } });
  });

  it('leaves stand-ins, functions and instances of classes, and what is kept', () => {
    class Refusal extends Error {}
    const row = { at: new Date(5) };
    const original = { standIn: markStandIn({}, 'db'), call: (): void => undefined, map: new Map(), error: new Refusal('no') };
    const copy = fresh({ ...original, row: kept(row) });
    expect(copy.standIn).toBe(original.standIn);
    expect(copy.call).toBe(original.call);
    expect(copy.map).toBe(original.map);
    expect(copy.error).toBe(original.error);
    expect(copy.row).toBe(row);
  });
});

const eventSystem = 'src/orchestration/event-systems/orchestration-event-system.ts';
const discovery = 'src/orchestration/viable-step-discovery.ts';

interface Misbehaving {
  readonly spec: SubjectSpec;
  readonly path: string;
  /** Before this text the inputs are spoilt. */
  readonly at: string;
  readonly inputs: readonly string[];
}

const versions: readonly Misbehaving[] = [
  { spec: processEvent, path: eventSystem, at: 'const startedAtMs = this.context.clock.monotonicMs();', inputs: ['event'] },
  { spec: notifications, path: eventSystem, at: 'switch (notification.kind) {', inputs: ['notification'] },
  {
    spec: requestBuilder,
    path: discovery,
    at: 'const executionRequests: StepExecutionRequest[] = [];',
    inputs: ['task', 'viableSteps'],
  },
];

/** Adds a field to every record below the inputs. */
function spoiling(inputs: readonly string[]): string {
  return `{
    const spoil = (value) => {
      if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
      Object.values(value).forEach(spoil);
      if (!Array.isArray(value)) value.spoilt = true;
    };
    [${inputs.join(', ')}].forEach(spoil);
  }\n`;
}

describe('a version that spoils what it is given', () => {
  it.each(versions)('changes no later verdict: $spec.name', async ({ spec, path, at, inputs }) => {
    const text = textOf(path);
    expect(text).toContain(at);
    const spoilt = openSystem({ overlay: new Map([[path, text.replace(at, `${spoiling(inputs)}${at}`)]]) });
    const golden = requireGolden(goldenFolder, spec);
    expect(await compareWithGolden(spec, spoilt, golden)).not.toEqual([]);
    expect(await compareWithGolden(spec, openSystem(), golden)).toEqual([]);
  });
});
