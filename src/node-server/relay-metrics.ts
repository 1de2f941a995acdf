import { Counter, Gauge, Registry } from 'prom-client';
import type { EventLoopDelay } from './event-loop-delay.ts';
import type { RelayCounters } from './relay-counters.ts';

/** What a relay holds right now, read when somebody asks. */
export interface RelayLevels {
  readonly viewers: number;
  readonly publishers: number;
  readonly producers: number;
  /** What waits for viewers that do not keep up, in bytes. */
  readonly queuedBytes: number;
  /** What all events that are kept cost, in bytes. */
  readonly keptBytes: number;
  /** The reviews that are kept, by state. */
  readonly reviews: ReadonlyMap<string, number>;
}

/** Where the figures come from. */
export interface MetricsSources {
  readonly counters: RelayCounters;
  readonly levels: () => RelayLevels;
  readonly eventLoopDelay: EventLoopDelay;
}

/** The metrics of one relay as Prometheus reads them. */
export interface RelayMetrics {
  readonly contentType: string;
  text(): Promise<string>;
}

type Samples = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];

/** One metric: its name, what it says, the names of its labels, and how it is read. */
interface MetricRow {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly read: (sources: MetricsSources) => Samples;
}

const one = (value: number): Samples => [[{}, value]];
const byName = (label: string, counts: ReadonlyMap<string, number>): Samples =>
  [...counts].map(([name, value]) => [{ [label]: name }, value]);
const seconds = (micros: number): number => micros / 1e6;

const COUNTERS: readonly MetricRow[] = [
  {
    name: 'rostrum_events_received_total',
    help: 'Envelopes taken from publishers.',
    labels: ['transport'],
    read: ({ counters }) => Object.entries(counters.events).map(([transport, value]) => [{ transport }, value]),
  },
  {
    name: 'rostrum_frames_sent_total',
    help: 'Frames sent to viewers, each counted once for each of them.',
    read: ({ counters }) => one(counters.framesSent),
  },
  {
    name: 'rostrum_refused_total',
    help: 'Frames and posts of publishers that were not taken, by the code of the error.',
    labels: ['code'],
    read: ({ counters }) => byName('code', counters.refused),
  },
  {
    name: 'rostrum_publisher_pauses_total',
    help: 'How often a publisher was not read for a while, because too much waited for viewers.',
    read: ({ counters }) => one(counters.pauses),
  },
  {
    name: 'rostrum_events_repeated_total',
    help: 'Events that were here before and were dropped.',
    read: ({ counters }) => one(counters.repeats),
  },
  {
    name: 'rostrum_events_late_total',
    help: 'Events that were passed on after newer ones.',
    read: ({ counters }) => one(counters.late),
  },
  {
    name: 'rostrum_events_missing_total',
    help: 'Events that were declared missing; late ones among them came after all.',
    read: ({ counters }) => one(counters.missing),
  },
  {
    name: 'rostrum_events_let_go_total',
    help: 'Kept events that retention let go.',
    read: ({ counters }) => one(counters.letGo),
  },
  {
    name: 'rostrum_producers_let_go_total',
    help: 'Producers that were let go, by reason.',
    labels: ['reason'],
    read: ({ counters }) => byName('reason', counters.evicted),
  },
  {
    name: 'rostrum_greetings_total',
    help: 'Greetings of viewers, fresh ones of slow viewers included.',
    read: ({ counters }) => one(counters.greetings),
  },
  {
    name: 'rostrum_greeting_bytes_total',
    help: 'Bytes of greetings.',
    read: ({ counters }) => one(counters.greetingBytes),
  },
  {
    name: 'rostrum_viewer_dropped_bytes_total',
    help: 'What slow viewers were not told: tokens, and queues that a fresh greeting replaced.',
    labels: ['reason'],
    read: ({ counters }) => Object.entries(counters.droppedBytes).map(([reason, value]) => [{ reason }, value]),
  },
  {
    name: 'rostrum_viewers_closed_total',
    help: 'Viewers that were closed because they could not keep up.',
    read: ({ counters }) => one(counters.tooSlow),
  },
  {
    name: 'rostrum_decisions_total',
    help: 'Decisions, by what became of them at once: a state, or the code of a refusal.',
    labels: ['outcome'],
    read: ({ counters }) => byName('outcome', counters.decisions),
  },
  {
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the process.',
    read: () => {
      const { user, system } = process.cpuUsage();
      return one(seconds(user + system));
    },
  },
];

const GAUGES: readonly MetricRow[] = [
  { name: 'rostrum_viewers', help: 'Viewers that are connected.', read: ({ levels }) => one(levels().viewers) },
  {
    name: 'rostrum_publishers',
    help: 'Publishers that are connected.',
    read: ({ levels }) => one(levels().publishers),
  },
  { name: 'rostrum_producers', help: 'Producers on the roster.', read: ({ levels }) => one(levels().producers) },
  {
    name: 'rostrum_viewer_queue_bytes',
    help: 'What waits for slow viewers.',
    read: ({ levels }) => one(levels().queuedBytes),
  },
  {
    name: 'rostrum_kept_bytes',
    help: 'What all events that are kept cost.',
    read: ({ levels }) => one(levels().keptBytes),
  },
  {
    name: 'rostrum_reviews',
    help: 'Reviews that are kept, by state.',
    labels: ['state'],
    read: ({ levels }) => byName('state', levels().reviews),
  },
  {
    name: 'rostrum_event_loop_delay_seconds',
    help: 'How late the event loop ran since this was asked last.',
    labels: ['quantile'],
    read: ({ eventLoopDelay }) => {
      const delay = eventLoopDelay.read();
      if (delay === undefined) return [];
      return [
        [{ quantile: '0.5' }, delay.p50],
        [{ quantile: '0.99' }, delay.p99],
        [{ quantile: '1' }, delay.max],
      ];
    },
  },
  {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the process.',
    read: () => one(process.memoryUsage.rss()),
  },
];

/** The names of all metrics, in the order in which they are told. */
export const METRIC_NAMES: readonly string[] = [...COUNTERS, ...GAUGES].map(({ name }) => name);

/** Makes the metrics of one relay. Nothing is measured between two readings but what is counted anyway. */
export function createMetrics(sources: MetricsSources): RelayMetrics {
  const registry = new Registry();
  const registers = [registry];
  for (const { name, help, labels = [], read } of COUNTERS) {
    const counter = new Counter({
      name,
      help,
      labelNames: [...labels],
      registers,
      collect: () => {
        counter.reset();
        for (const [of, value] of read(sources)) counter.inc(of, value);
      },
    });
  }
  for (const { name, help, labels = [], read } of GAUGES) {
    const gauge = new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers,
      collect: () => {
        gauge.reset();
        for (const [of, value] of read(sources)) gauge.set(of, value);
      },
    });
  }
  return { contentType: registry.contentType, text: () => registry.metrics() };
}
