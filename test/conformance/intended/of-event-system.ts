// Intended differences in starts, stops, health and statistics of the event system.
import type { IntendedDifference } from '../src/intend.ts';

export const lifecycle: readonly IntendedDifference[] = [
  {
    id: 'a stopped system has no uptime',
    subjects: ['start', 'event-system-health'],
    changes: [
      {
        fact: 'seen',
        from: /(isRunning\(\) returned false\n(?:scenario\.uptime\(\) returned \d+\n)?(?:scenario\.config\(\) .*\n)?scenario\.componentStatistics\(\) resolved \{deploymentMode: "\w+"), systemUptimeMs: (?:<ms>|\d+)\}/g,
        to: '$1}',
      },
      { fact: 'seen', from: /(isRunning\(\) returned false\nscenario\.uptime\(\) returned) \d+/g, to: '$1 undefined' },
    ],
    spec: 'orchestration-spec 7.6',
    reason: 'The uptime counts since the start; of what does not run it would count on.',
  },
  {
    id: 'a second start says what to do',
    subjects: ['start', 'event-system-health'],
    changes: [
      {
        fact: 'seen',
        from: /rejected DeploymentModeError\("ConfigurationError", "event system system-1 was started before and still runs"\)/g,
        to: 'rejected TaskerError("EVENT_SYSTEM_ALREADY_RUNNING", "The orchestration event system is already running; stop it before starting it again.")',
      },
    ],
    spec: 'orchestration-spec 8.2',
    reason: 'The words are those of the specification, with a code.',
  },
  {
    id: 'what the provider throws is not wrapped',
    subjects: ['start'],
    changes: [
      {
        fact: 'seen',
        from: /rejected DeploymentModeError\("ConfigurationError", "queue listener does not start: (listener\.(?:create|start) fails)"\)/g,
        to: 'rejected TaskerError("Messaging", "$1")',
      },
    ],
    spec: 'orchestration-spec 8.2',
    reason: 'Who has to act is said by the code of the provider; the specification asks for no text here.',
  },
];

export const modes: readonly IntendedDifference[] = [
  {
    id: 'disabled stays disabled',
    subjects: ['start'],
    cases: /^Disabled, rabbitmq(?:, listener\.(?:create|start) fails)?$/,
    changes: [
      { fact: 'seen', from: /alive\(\) returned \["listener"\]/, to: 'alive() returned []' },
      {
        fact: 'seen',
        from: /^scenario\.start\(\) rejected .*\n.*\n(scenario\.componentStatistics\(\) resolved \{deploymentMode: "Disabled")\}/,
        to: 'scenario.start()\nscenario.isRunning() returned true\n$1, systemUptimeMs: <ms>}',
      },
      { fact: 'order', from: /^listener\.start(?:, listener\.stop)?$/, to: '' },
      { fact: 'told', from: /^$/, to: 'warn' },
    ],
    spec: 'orchestration-spec 14 #16',
    reason: 'A provider that pushes forces events upon every mode but this one: who has switched the system off wants it off.',
  },
  {
    id: 'a channel has a place at least',
    subjects: ['start'],
    cases: /, a buffer of 0$/,
    changes: [
      {
        fact: 'seen',
        from: /^scenario\.start\(\)\n.*\n(.*), systemUptimeMs: <ms>\}\n.*$/,
        to: 'scenario.start() rejected TaskerError("CHANNEL_CAPACITY_INVALID", "A channel of 0 items was asked for; expected a whole number from 1.")\nscenario.isRunning() returned false\n$1}\nscenario.alive() returned []',
      },
      { fact: 'order', from: /^listener\.start(?:, poller\.start)?$/, to: '' },
    ],
    spec: 'orchestration-spec 7.9',
    reason: 'Channels are bounded: in one without a place no notification ever finds one.',
  },
  {
    id: 'starts take turns',
    subjects: ['start'],
    cases: /^Hybrid, started twice at once$/,
    changes: [
      { fact: 'seen', from: /\["listener \(2\)", "poller \(2\)"\]/, to: '["listener", "poller"]' },
      { fact: 'seen', from: /alive\(\) returned \["listener", "poller"\](?=\nscenario\.start\(\)$)/, to: 'alive() returned []' },
      {
        fact: 'seen',
        from: /scenario\.start\(\)$/,
        to: 'scenario.start() rejected TaskerError("EVENT_SYSTEM_ALREADY_RUNNING", "The orchestration event system is already running; stop it before starting it again.")',
      },
      {
        fact: 'order',
        from: /^listener\.start, listener\.start, poller\.start, poller\.start, /,
        to: 'listener.start, poller.start, ',
      },
    ],
    spec: 'orchestration-spec 8.2',
    reason:
      'A system that runs refuses a start, also when it is asked for at once: the legacy system starts everything twice, and stops half of it.',
  },
  {
    id: 'a stop waits for the start',
    subjects: ['start'],
    cases: /^Hybrid, stopped while it starts$/,
    changes: [
      {
        fact: 'seen',
        from: /(?<=\nscenario\.start\(\)\nscenario\.isRunning\(\) returned) true\n(.*), systemUptimeMs: <ms>\}/,
        to: ' false\n$1}',
      },
      { fact: 'order', from: /^listener\.start, poller\.start$/, to: 'listener.start, poller.start, listener.stop, poller.stop' },
    ],
    spec: 'orchestration-spec 8.2',
    reason: 'The legacy system has nothing to stop yet and goes on starting; in src what was stopped is stopped.',
  },
  {
    id: 'a start waits for the stop',
    subjects: ['event-system-health'],
    cases: /^(?:PollingOnly|Hybrid|EventDrivenOnly), started while it stops$/,
    changes: [
      {
        fact: 'seen',
        from: /^scenario\.isRunning\(\) returned false\nscenario\.uptime\(\) returned undefined\n(.*\n.*)\}\nscenario\.start\(\) rejected .*$/m,
        to: 'scenario.isRunning() returned true\nscenario.uptime() returned 0\n$1, systemUptimeMs: 0}\nscenario.start()',
      },
      { fact: 'order', from: /^listener\.stop, poller\.stop$/, to: '$&, listener.start, poller.start' },
      { fact: 'order', from: /^poller\.stop$/, to: '$&, poller.start' },
      { fact: 'order', from: /^listener\.stop$/, to: '$&, listener.start' },
    ],
    spec: 'orchestration-spec 8.2',
    reason: 'A start that is asked for while the system stops begins when it has stopped, and is not refused.',
  },
  {
    id: 'a stop that fails stops the rest',
    subjects: ['event-system-health'],
    cases: /, listener\.stop fails$/,
    changes: [
      {
        fact: 'seen',
        from: /^(scenario\.stop\(\) failed: busy)\nscenario\.isRunning\(\) returned true\nscenario\.uptime\(\) returned 0\n(.*\n.*), systemUptimeMs: 0\}/,
        to: '$1\nscenario.isRunning() returned false\nscenario.uptime() returned undefined\n$2}',
      },
    ],
    spec: 'orchestration-spec 8.2',
    reason:
      'The legacy system counts as running until a second stop goes on with the poller; src ends all at once, and then says what failed.',
  },
];

export const verdicts: readonly IntendedDifference[] = [
  {
    id: 'texts of a failing check',
    subjects: ['event-system-health'],
    changes: [
      {
        fact: 'seen',
        from: /failed: fallback poller is not healthy$/,
        to: 'failed: the fallback poller is not healthy and nothing else brings messages',
      },
      {
        fact: 'seen',
        from: /failed: queue listener is not healthy$/,
        to: 'failed: the queue listener is not healthy and nothing else brings messages',
      },
      { fact: 'seen', from: /failed: command channel is closed$/, to: 'failed: the command channel is closed' },
      { fact: 'seen', from: /failed: event system system-1 does not run$/m, to: 'failed: the event system is not running' },
    ],
    spec: 'orchestration-spec 8.2',
    reason: 'The specification asks for no text; these say why that is a failure.',
  },
  {
    id: 'health is judged by the mode that runs: the channel',
    subjects: ['event-system-health'],
    cases: /^PollingOnly, rabbitmq, .*channel closed$/,
    changes: [{ fact: 'seen', from: /resolved "Healthy"$/, to: 'failed: the command channel is closed' }],
    spec: 'orchestration-spec 14 #17',
    reason: 'What was configured says nothing about what brings the messages: here it is events.',
  },
  {
    id: 'health is judged by the mode that runs: the listener',
    subjects: ['event-system-health'],
    cases: /^(?:PollingOnly|Hybrid), rabbitmq, (?:poller unwell, )?listener unwell$/,
    changes: [
      {
        fact: 'seen',
        from: /resolved "Healthy"$/,
        to: 'failed: the queue listener is not healthy and nothing else brings messages',
      },
    ],
    spec: 'orchestration-spec 14 #17',
    reason: 'What was configured says nothing about what brings the messages: here it is the listener alone.',
  },
  {
    id: 'a failing check tells its warnings',
    subjects: ['event-system-health'],
    cases: /^Hybrid, pgmq, poller unwell, (?:listener unwell, )?channel closed$/,
    changes: [{ fact: 'warnings', from: /$/, to: 'a component is down;' }],
    spec: 'architecture 3 (4)',
    reason: 'The first thing that is wrong need not be the only one: /health tells all.',
  },
  {
    id: 'a listener that is down is a warning',
    subjects: ['event-system-health'],
    cases: /^Hybrid, pgmq, (?:poller unwell, )?listener unwell/,
    changes: [{ fact: 'warnings', from: /$/, to: 'a component is down;' }],
    spec: 'architecture 3 (4)',
    reason: 'Poller and listener back each other up: the loss of either is told, not only that of the poller.',
  },
  {
    id: 'what components counted outlives them',
    subjects: ['statistics'],
    cases: /^after stop only the own numbers are left$/,
    changes: [
      { fact: 'seen', from: /eventsFailed: 0, eventsProcessed: 1\}/, to: 'eventsFailed: 10, eventsProcessed: 6}' },
      { fact: 'seen', from: /deploymentModeScore\(\) returned 1\b/, to: 'deploymentModeScore() returned 0.6875' },
    ],
    spec: 'orchestration-spec 14 #19',
    reason: 'Counters of poller and listener are shared with the system, and are kept for as long as it lives.',
  },
];
