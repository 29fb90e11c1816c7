// What is read off the traces of each subject: the facts in which src is held to the legacy system.
import type { RenderedEffect, RenderedTrace } from '../../../codemods/proof/trace.ts';
import { effectsOn, errorText, flowByFlow, growth, lines, outcomeOf, records } from './facts.ts';
import type { Facts } from './facts.ts';

/** What the processor is sent, what the monitor of its channel hears, what is counted, and how the call ends. */
export function dispatchFacts(trace: RenderedTrace): Facts {
  return {
    commands: lines(effectsOn(trace, 'commands', 'send')),
    monitor: lines(effectsOn(trace, 'monitor', 'recordSendSuccess', 'checkAndWarnSaturation')),
    counters: growth(trace, 'statistics'),
    outcome: outcomeOf(trace),
  };
}

/** Records that say that a call began and how long it took: src measures that. */
const progress = /^\{(event|latencyMs): /;

/** An event that somebody waits for: all its records, as they say what came of it. */
export function processEventFacts(given: RenderedTrace): Facts {
  const trace = flowByFlow(given);
  const said = { ...trace, effects: trace.effects.filter(({ args }) => !progress.test(args[0] ?? '')) };
  return { ...dispatchFacts(trace), records: records(said, 'debug', 'warn', 'error'), order: orderOf(said.effects) };
}

/** Sending comes before the look after the channel, and both before what is said about the reply. */
function orderOf(effects: readonly RenderedEffect[]): string {
  const kinds = effects.map(({ target, operation }) => (target === 'log' && operation === 'info' ? '' : target));
  return kinds.filter((kind, at) => ['commands', 'monitor', 'log'].includes(kind) && kind !== kinds[at - 1]).join(', ');
}

/** A notification: what it leads to, and that it is through. */
export function notificationFacts(trace: RenderedTrace): Facts {
  return {
    ...dispatchFacts(trace),
    through: effectsOn(trace, 'statistics', 'set').length > 0 ? 'yes' : 'no',
    records: records(trace, 'warn', 'error'),
    polls: String(effectsOn(trace, 'provider', 'poll').length),
    'given back': lines(effectsOn(trace, 'provider', 'nack')),
  };
}

/** A command: what is read, who is asked, what is counted and acknowledged, what is answered, and in which order. */
export function commandFacts(trace: RenderedTrace): Facts {
  const actors = trace.effects.filter(({ target }) => target.startsWith('actors.'));
  return {
    fetched: lines(effectsOn(trace, 'pgmq')),
    asked: lines(actors.map((effect) => ({ ...effect, args: [] }))),
    counted: growth(trace, 'counters'),
    acknowledged: lines(effectsOn(trace, 'client', 'acknowledge')),
    replies: effectsOn(trace, 'reply').map(replyText).join('\n'),
    order: trace.effects.flatMap(({ target }) => commandStep(target)).join(', '),
    outcome: outcomeOf(trace),
  };
}

function commandStep(target: string): readonly string[] {
  if (target.startsWith('actors.')) return ['ask'];
  const step = { pgmq: 'fetch', counters: 'count', client: 'acknowledge', reply: 'reply' }[target];
  return step === undefined ? [] : [step];
}

/** Of an answer its fields, of an error its text; texts of answers and codes are each system's own. */
function replyText({ operation, args, answer }: RenderedEffect): string {
  const [type = '', value = '', , text = ''] = args;
  const what = operation === 'error' ? text : value.replace(/, message: "(?:[^"\\]|\\.)*"/, '');
  return `${type} ${operation} ${what} ${answer}`;
}

/** What the scenario saw, in order; when the last notification was through is a fact of the notifications. */
export function statisticsFacts(trace: RenderedTrace): Facts {
  const seen = effectsOn(flowByFlow(trace), 'scenario').filter(({ operation }) => operation !== 'lastProcessingTimeMs');
  return { seen: lines(seen), outcome: outcomeOf(trace) };
}

/** In which order components start and stop, and what was sent meanwhile. */
const lives: ReadonlySet<string> = new Set(['listener', 'poller', 'commands']);
const turns: ReadonlySet<string> = new Set(['start', 'stop', 'send']);

/** A start or a stop: how it ends, what lives afterwards, what was started in which order, and how loudly the mode is told. */
export function startFacts(trace: RenderedTrace): Facts {
  const order = trace.effects.filter(({ target, operation }) => lives.has(target) && turns.has(operation));
  return {
    seen: lines(
      effectsOn(flowByFlow(trace), 'scenario')
        .filter(({ operation }) => operation !== 'notify')
        .map(visible),
    ),
    order: order.map(({ target, operation }) => `${target}.${operation}`).join(', '),
    told: effectsOn(trace, 'log', 'warn', 'error')
      .map(({ operation }) => operation)
      .join(', '),
    outcome: outcomeOf(trace),
  };
}

/** Without the numbers of the components, which are always there in src, and without the loop, which cannot be seen there. */
function visible(effect: RenderedEffect): RenderedEffect {
  const answer = errorText(effect.answer)
    .replace(/(?:, )?(?:fallbackPollerStats|queueListenerStats): \{[^}]*\}/g, '')
    .replace(/, "loop that receives notifications(?: \(\d\))?"/, '')
    .replace(/^rejected \w+\((?:"HealthCheckFailed", )?"(?<reason>[^"]*)"\)$/, 'failed: $<reason>');
  return { ...effect, answer };
}

/** A health check: its answer, and the warnings that came with it by what they are about. */
export function eventSystemHealthFacts(trace: RenderedTrace): Facts {
  return {
    seen: lines(effectsOn(trace, 'scenario', 'healthCheck').map(visible)),
    warnings: effectsOn(trace, 'log', 'warn').map(aboutWhat).join(''),
    outcome: outcomeOf(trace),
  };
}

function aboutWhat({ args: [fields = ''] }: RenderedEffect): string {
  const about = ['score', 'pollingCycles', 'eventsReceived'].find((field) => fields.includes(`${field}: `));
  return `${about ?? 'a component is down'};`;
}

/** The uuids of the steps that were found, in order. */
export function discoveryFacts(trace: RenderedTrace): Facts {
  const found = [...trace.outcome.matchAll(/stepUuid: (?<uuid>"[^"]*")/g)].map(({ groups }) => groups?.['uuid']);
  return { found: found.join(', '), ended: trace.outcome.startsWith('returned') ? 'returned' : outcomeOf(trace) };
}

/** The requests, or the error. */
export function requestFacts(trace: RenderedTrace): Facts {
  return { outcome: outcomeOf(trace) };
}

/** The summary with its answers; of which class it is says nothing. */
export function summaryFacts(trace: RenderedTrace): Facts {
  return { outcome: trace.outcome.replace(/(?:TaskReadinessSummary|PresentedSummary)\{/, '{') };
}

/** Through which states each step goes, and which steps are sent; in which order steps are saved is a matter of one statement in src. */
export function markingFacts(trace: RenderedTrace): Facts {
  const ways = new Map<string, string>();
  for (const { args } of effectsOn(trace, 'db', 'insertStepTransition')) {
    const [step = '', from = '', to = ''] = args;
    const way = ways.get(step);
    if (way === undefined) ways.set(step, `${from} > ${to}`);
    else ways.set(step, way.endsWith(from) ? `${way} > ${to}` : `${way}, ${from} > ${to}`);
  }
  const sent = effectsOn(trace, 'client', 'sendJson').map(({ args }) => /stepUuid: "[^"]*"/.exec(args[1] ?? '')?.[0] ?? '');
  return {
    marked: [...ways]
      .map(([step, way]) => `${step}: ${way.replaceAll('"', '')}`)
      .toSorted()
      .join('\n'),
    sent: sent.toSorted().join('\n'),
  };
}
