// processEvent: three kinds of events, each with every fate of its command, and the event of an unknown queue (A 1.2: 19 cases, sampled or not).
import { choose } from '../../../../codemods/proof/answers.ts';
import type { Choices } from '../../../../codemods/proof/answers.ts';
import { durations, randomIds, timestamps } from '../../../../codemods/proof/normalisers.ts';
import type { Scenario, SubjectSpec } from '../../../../codemods/proof/prove.ts';
import type { Subject } from '../../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../../codemods/proof/world.ts';
import { fatesOf } from '../event-fates.ts';
import { attempt, quietly, steppedClock } from '../driving.ts';
import { eventSystemIn, messageEvent, show } from '../event-system.ts';
import type { EventSystem } from '../event-system.ts';
import { rangesOf } from '../system.ts';
import type { CommandFate } from '../surroundings.ts';

function unknownEvent(): object {
  return { kind: 'Unknown', queueName: 'q_other', payload: 'anything' };
}

function scenariosOf(sampled: boolean): readonly Scenario[] {
  const suffix = sampled ? ', sampled' : '';
  const known = Object.entries(fatesOf).flatMap(([kind, fates]) =>
    Object.entries(fates).map(([name, fate]): Scenario => ({
      name: `${kind}, ${name}${suffix}`,
      async run(world, subject) {
        subject.use(world);
        const system = await eventSystemIn(world, subject, { fate: fate(subject), sampled });
        await system.processEvent({ kind, event: messageEvent() });
      },
    })),
  );
  const unknown: Scenario = {
    name: `Unknown${suffix}`,
    async run(world, subject) {
      subject.use(world);
      const system = await eventSystemIn(world, subject, { sampled });
      await system.processEvent(unknownEvent());
    },
  };
  return [...known, unknown];
}

/** The oldest 500 of 1,001 latencies go: 501 are kept. */
const manyLatencies: Scenario = {
  name: 'the 1,000th, 1,001st and 1,002nd latency',
  async run(world, subject) {
    subject.use(world);
    const system = await eventSystemIn(world, subject);
    await quietly(world, '999 events', async () => {
      for (let nr = 1; nr <= 999; nr += 1) await system.processEvent(unknownEvent());
    });
    for (let nr = 1000; nr <= 1002; nr += 1) await system.processEvent(unknownEvent());
  },
};

/** An event, what becomes of its command, and how long that takes: for events at once nothing, as they share the clock. */
interface Planned {
  readonly kind: string;
  readonly fate: string;
  readonly takesMs: number;
}

/** A system in which the command of the nth event, whose message has the id n, has the nth fate. */
function systemOf(world: World, subject: Subject, plan: readonly Planned[], sampled: boolean): Promise<EventSystem> {
  const fates = plan.map(({ kind, fate }) => fatesOf[kind]?.[fate]?.(subject));
  const clock = steppedClock(world);
  const fateOf = (_: string, payload: object): CommandFate => {
    // All commands of processEvent carry the signal they are about.
    const { messageEvent: sent } = payload as { readonly messageEvent: { readonly messageId: string } };
    clock.advance(plan[Number(sent.messageId)]?.takesMs ?? 0);
    return fates[Number(sent.messageId)] ?? { kind: 'silent' };
  };
  return eventSystemIn(world, subject, { fate: fateOf, sampled, clock });
}

function eventOf({ kind }: Planned, nr: number): object {
  return kind === 'Unknown' ? unknownEvent() : { kind, event: messageEvent(String(nr)) };
}

/** All events at once, each in a flow of its own: their commands are answered in any order. */
function together(plan: readonly Planned[]): Scenario {
  return {
    name: `together: ${plan.map(({ kind, fate }) => `${kind} ${fate}`).join(', ')}`,
    concurrent: true,
    async run(world, subject) {
      subject.use(world);
      const system = await systemOf(world, subject, plan, false);
      const process = (each: Planned, nr: number): Promise<void> =>
        world.flow(`event ${nr}`, () => attempt(world, 'processed', () => system.processEvent(eventOf(each, nr))));
      await Promise.all(plan.map(process));
    },
  };
}

const atOnce: readonly Scenario[] = [
  together([
    { kind: 'StepResult', fate: 'success', takesMs: 0 },
    { kind: 'StepResult', fate: 'responder dropped', takesMs: 0 },
  ]),
];

function drawPlan(choices: Choices): readonly Planned[] {
  return Array.from({ length: 1 + choices.pick(6, 'further events') }, (): Planned => {
    const kind = choose(choices, 'kind', [...Object.keys(fatesOf), 'Unknown']);
    const fate = choose(choices, 'fate', Object.keys(fatesOf[kind] ?? { none: '' }));
    return { kind, fate, takesMs: choose(choices, 'takes ms', [0, 0.25, 1, 40, 99, 100, 101, 3000]) };
  });
}

export const processEvent: SubjectSpec = {
  name: 'process-event',
  normalisers: [durations(['latencyMs']), timestamps, randomIds],
  scenarios: [...scenariosOf(false), ...scenariosOf(true), manyLatencies, ...atOnce],
  async random(world, subject, choices) {
    const atOneTime = choices.pick(2, 'together') === 1;
    const plan = drawPlan(choices).map((each) => (atOneTime ? { ...each, takesMs: 0 } : each));
    subject.use(world);
    const system = await systemOf(world, subject, plan, choices.pick(2, 'sampled') === 1);
    const process = (each: Planned, nr: number): Promise<void> =>
      attempt(world, `event ${nr}`, () => system.processEvent(eventOf(each, nr)));
    if (atOneTime) {
      await Promise.all(plan.map((each, nr) => world.flow(`event ${nr}`, () => process(each, nr))));
    } else for (const [nr, each] of plan.entries()) await process(each, nr);
    show(world, await system.statistics());
  },
  ranges: rangesOf('src/orchestration/event-systems/orchestration-event-system.ts', [
    'OrchestrationEventSystem.processEvent',
    'OrchestrationEventSystem.recordLatency',
  ]),
};
