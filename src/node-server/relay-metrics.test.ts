import { expect, test } from 'vitest';
import { EventLoopDelay } from './event-loop-delay.ts';
import { countIn, RelayCounters } from './relay-counters.ts';
import { createMetrics, METRIC_NAMES, type RelayLevels } from './relay-metrics.ts';

const LEVELS: RelayLevels = {
  viewers: 2,
  publishers: 3,
  producers: 4,
  queuedBytes: 5,
  keptBytes: 6,
  reviews: new Map([['open', 7]]),
};

function setUp() {
  const counters = new RelayCounters();
  const eventLoopDelay = new EventLoopDelay();
  const metrics = createMetrics({ counters, levels: () => LEVELS, eventLoopDelay });
  return { counters, eventLoopDelay, metrics };
}

test('tells what was counted and what there is, each time as it is then', async () => {
  const { counters, eventLoopDelay, metrics } = setUp();
  counters.events.socket += 2;
  counters.droppedBytes.queue += 9;
  countIn(counters.refused, 'not_json');
  countIn(counters.decisions, 'held', 3);
  for (const _ of [1, 2]) {
    const lines = (await metrics.text()).split('\n');
    expect(lines).toContain('rostrum_events_received_total{transport="socket"} 2');
    expect(lines).toContain('rostrum_events_received_total{transport="post"} 0');
    expect(lines).toContain('rostrum_refused_total{code="not_json"} 1');
    expect(lines).toContain('rostrum_decisions_total{outcome="held"} 3');
    expect(lines).toContain('rostrum_viewer_dropped_bytes_total{reason="queue"} 9');
    expect(lines).toContain('rostrum_viewers 2');
    expect(lines).toContain('rostrum_publishers 3');
    expect(lines).toContain('rostrum_producers 4');
    expect(lines).toContain('rostrum_viewer_queue_bytes 5');
    expect(lines).toContain('rostrum_kept_bytes 6');
    expect(lines).toContain('rostrum_reviews{state="open"} 7');
  }
  countIn(counters.refused, 'not_json');
  expect(await metrics.text()).toContain('rostrum_refused_total{code="not_json"} 2');
  eventLoopDelay.dispose();
});

test('explains every metric, and names them all', async () => {
  const { eventLoopDelay, metrics } = setUp();
  const text = await metrics.text();
  expect([...text.matchAll(/^# HELP (\S+) .+\.$/gm)].map(([, name]) => name)).toEqual(METRIC_NAMES);
  expect([...text.matchAll(/^# TYPE (\S+_total) counter$/gm)]).toHaveLength(
    METRIC_NAMES.filter((name) => name.endsWith('_total')).length,
  );
  expect(metrics.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  eventLoopDelay.dispose();
});

test('does not share its figures with other relays of the process', async () => {
  const [one, other] = [setUp(), setUp()];
  one.counters.greetings += 1;
  expect(await other.metrics.text()).toContain('rostrum_greetings_total 0');
  for (const { eventLoopDelay } of [one, other]) eventLoopDelay.dispose();
});
