import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Envelope } from '../protocol/wire/envelope.ts';
import { parseInstant } from '../protocol/wire/instant.ts';
import type { Arrival } from './producer-record.ts';
import { ProducerRegistry, type RegistryOptions, type RegistryOutput } from './producer-registry.ts';
import { registrySnapshot, rosterOrder } from './registry-roster.ts';

const MINUTE_MS = 60_000;

function arrival(producerId: string, sequence: number, more: Partial<Arrival> = {}): Arrival {
  return {
    producer: { producerId },
    sequence,
    receivedAt: { ms: sequence * 10, ns: 0 },
    text: `${producerId} ${sequence}`,
    type: 'tool_called',
    message: {},
    bytes: 10,
    ...more,
  };
}

function registryOf(options: Partial<RegistryOptions> = {}): ProducerRegistry {
  return new ProducerRegistry({ isReviewOpen: () => false, ...options });
}

function review(producerId: string, sequence: number, reviewId: string): Arrival {
  return arrival(producerId, sequence, { type: 'review_requested', message: { reviewId } });
}

function kinds(outputs: readonly RegistryOutput[]): string[] {
  return outputs.map(({ kind, producerId }) => `${kind} ${producerId}`);
}

function idsOf(registry: ProducerRegistry, ids: readonly string[]): string[] {
  return ids.filter((id) => registry.get(id) !== undefined);
}

describe('taking events in', () => {
  it('says who is new, where its life begins, and where the event went', () => {
    const registry = registryOf();
    const outputs = registry.admit(arrival('a', 1), 5);
    expect(outputs).toEqual([
      { kind: 'first-seen', producerId: 'a', producer: { producerId: 'a' } },
      { kind: 'epoch', producerId: 'a', epoch: 1, firstSequence: 1 },
      {
        kind: 'event',
        producerId: 'a',
        event: {
          epoch: 1,
          sequence: 1,
          receivedAt: { ms: 10, ns: 0 },
          arrivedAtMs: 5,
          text: 'a 1',
          type: 'tool_called',
          message: {},
          bytes: 10,
        },
        late: false,
        outcome: { placement: { kind: 'appended', runIndex: 0, beginsRun: true }, letGo: 0, droppedRuns: [] },
      },
    ]);
    expect(registry.get('a')?.log.size).toBe(1);
    expect(kinds(registry.admit(arrival('a', 1), 6))).toEqual(['repeat a']);
  });

  it('says that a life begins when its first event comes late: until then it could be the one before that went on', () => {
    const registry = registryOf();
    registry.admit(arrival('a', 1), 5);
    registry.admit(arrival('a', 2), 6);
    registry.admit(arrival('a', 2, { receivedAt: { ms: 9_000_000, ns: 0 } }), 7);
    expect(kinds(registry.flush(1_000))).toEqual(['epoch a', 'event a']);
    const outputs = registry.admit(arrival('a', 1, { receivedAt: { ms: 8_999_999, ns: 0 } }), 1_001);
    expect(outputs).toMatchObject([
      { kind: 'epoch', epoch: 2, firstSequence: 1 },
      { kind: 'event', late: true, outcome: { placement: { kind: 'inserted', isRecut: true } } },
    ]);
  });

  it('hands on what is late when it comes, with the time at which it arrived', () => {
    const registry = registryOf();
    registry.admit(arrival('a', 1), 0);
    expect(registry.admit(arrival('a', 3), 10)).toEqual([]);
    registry.admit(arrival('b', 7), 100);
    expect(registry.nextDeadlineMs()).toBe(510);
    expect(registry.flush(509)).toEqual([]);
    const outputs = registry.flush(510);
    expect(kinds(outputs)).toEqual(['hole a', 'event a']);
    expect(outputs[0]).toEqual({ kind: 'hole', producerId: 'a', epoch: 1, from: 2, to: 2 });
    expect(outputs[1]).toMatchObject({ event: { arrivedAtMs: 10 }, late: false });
    expect(registry.nextDeadlineMs()).toBe(600);
    expect(kinds(registry.flush(600))).toEqual(['epoch b', 'event b']);
    expect(registry.nextDeadlineMs()).toBeUndefined();
    const [late] = registry.admit(arrival('a', 2), 700);
    expect(late).toMatchObject({ late: true, outcome: { placement: { kind: 'inserted' } } });
    expect(registry.get('b')?.epochs()).toEqual([{ epoch: 1, notSeen: 6, missing: [], missingCount: 0 }]);
  });

  it('says when a producer says something else of itself', () => {
    const registry = registryOf();
    const tagged = { producerId: 'a', serviceName: 'svc', tags: { zone: '1' } };
    registry.admit(arrival('a', 1, { producer: tagged }), 0);
    expect(kinds(registry.admit(arrival('a', 2, { producer: { ...tagged, tags: { zone: '1' } } }), 0))).toEqual([
      'event a',
    ]);
    const changed = { ...tagged, tags: { zone: '2' } };
    expect(registry.admit(arrival('a', 3, { producer: changed }), 0)[0]).toEqual({
      kind: 'info',
      producerId: 'a',
      producer: changed,
    });
    expect(registry.get('a')?.info).toEqual(changed);
  });

  it('takes any text for an id', () => {
    const registry = registryOf();
    const ids = ['__proto__', 'constructor', 'toString', ' x '];
    for (const id of ids) registry.admit(arrival(id, 1), 0);
    expect(rosterOrder(registry).map(({ producerId }) => producerId)).toEqual([...ids].sort());
    expect(registry.get('hasOwnProperty')).toBeUndefined();
  });

  it('knows no loss in a snapshot', () => {
    const registry = registryOf();
    const outputs = registry.admitSnapshot([arrival('a', 2), arrival('b', 1), arrival('a', 9)], 0);
    expect(kinds(outputs)).toEqual([
      'first-seen a',
      'first-seen b',
      'epoch a',
      'event a',
      'event a',
      'epoch b',
      'event b',
    ]);
    expect(registry.get('a')?.epochs()).toEqual([{ epoch: 1, notSeen: 1, missing: [], missingCount: 0 }]);
  });

  it('gives each producer the same lives however they are interleaved', () => {
    const recorded = recordedArrivals();
    const byProducer = [...new Set(recorded.map(({ producer }) => producer.producerId))].map((id) =>
      recorded.filter(({ producer }) => producer.producerId === id),
    );
    const summary = (arrivals: readonly Arrival[]): unknown => {
      const registry = registryOf();
      for (const [index, next] of arrivals.entries()) registry.admit(next, index);
      registry.flush(1_000_000);
      return rosterOrder(registry).map((producer) => [
        producer.producerId,
        producer.epochs(),
        producer.log.events().map(({ text }) => text),
      ]);
    };
    const expected = summary(recorded);
    expect(byProducer).toHaveLength(4);
    const arbitraryTurns = fc.array(fc.nat({ max: 3 }), { minLength: 60, maxLength: 120 });
    fc.assert(
      fc.property(arbitraryTurns, (turns) => {
        const queues = byProducer.map((arrivals) => [...arrivals]);
        const interleaved = turns.flatMap((turn) => queues[turn]?.splice(0, 1) ?? []);
        expect(summary([...interleaved, ...queues.flat()])).toEqual(expected);
      }),
    );
  });
});

describe('who is there', () => {
  it('is posting until it connects, and gone when it leaves', () => {
    const registry = registryOf();
    registry.admit(arrival('a', 1), 10);
    expect(registry.get('a')?.presence).toEqual({ kind: 'posting' });
    registry.connected('a', 20);
    expect(registry.get('a')).toMatchObject({ presence: { kind: 'connected' }, lastSeenAtMs: 20 });
    registry.admit(arrival('a', 2), 30);
    expect(registry.get('a')).toMatchObject({ presence: { kind: 'connected' }, lastSeenAtMs: 30 });
    registry.left('a', 40, 'disconnected');
    expect(registry.get('a')).toMatchObject({
      presence: { kind: 'gone', atMs: 40, reason: 'disconnected' },
      lastSeenAtMs: 40,
    });
    registry.left('a', 50);
    expect(registry.get('a')?.presence).toEqual({ kind: 'gone', atMs: 50 });
    registry.admit(arrival('a', 2), 55);
    expect(registry.get('a')?.presence).toEqual({ kind: 'gone', atMs: 50 });
    registry.admit(arrival('a', 3), 60);
    expect(registry.get('a')?.presence).toEqual({ kind: 'posting' });
  });

  it('stays gone when a snapshot repeats its events', () => {
    const registry = registryOf();
    registry.connected('a', 0);
    registry.left('a', 10);
    registry.admitSnapshot([arrival('a', 1)], 20);
    expect(registry.get('a')?.presence).toEqual({ kind: 'gone', atMs: 10 });
    registry.left('nobody', 30);
    expect(registry.get('nobody')).toBeUndefined();
  });

  it('lists those that have spoken or been named, by service, then id', () => {
    const registry = registryOf();
    registry.connected('silent', 0);
    for (const [producerId, serviceName] of [
      ['b', 'two'],
      ['z', 'one'],
      ['a', 'two'],
    ] as const) {
      expect(kinds(registry.describe({ producerId, serviceName }, 0))).toEqual([`first-seen ${producerId}`]);
    }
    registry.admit(arrival('nameless', 1), 0);
    expect(rosterOrder(registry).map(({ producerId }) => producerId)).toEqual(['nameless', 'z', 'a', 'b']);
    expect(registry.size).toBe(5);
  });
});

describe('letting producers go', () => {
  it('lets go of one that is not connected and silent for 30 minutes', () => {
    const registry = registryOf();
    for (const id of ['posting', 'gone', 'connected']) registry.admit(arrival(id, 1), 0);
    registry.connected('gone', 0);
    registry.left('gone', MINUTE_MS);
    registry.connected('connected', 0);
    expect(registry.sweep(30 * MINUTE_MS - 1)).toEqual([]);
    expect(registry.sweep(30 * MINUTE_MS)).toEqual([{ kind: 'evicted', producerId: 'posting', reason: 'idle' }]);
    expect(registry.sweep(31 * MINUTE_MS)).toEqual([{ kind: 'evicted', producerId: 'gone', reason: 'idle' }]);
    expect(registry.sweep(1_000 * MINUTE_MS)).toEqual([]);
    expect(registry.get('connected')).toBeDefined();
    expect(registry.size).toBe(1);
  });

  it('lets go of the longest silent one above 50 that are not connected', () => {
    const registry = registryOf();
    for (let index = 0; index < 60; index += 1) {
      registry.admit(arrival(`connected ${index}`, 1), 0);
      registry.connected(`connected ${index}`, 0);
    }
    for (let index = 0; index < 50; index += 1) registry.admit(arrival(`posting ${index}`, 1), index);
    registry.admit(arrival('posting 0', 2), 100);
    expect(registry.size).toBe(110);
    const outputs = registry.admit(arrival('one more', 1), 200);
    expect(outputs.at(-1)).toEqual({ kind: 'evicted', producerId: 'posting 1', reason: 'too-many' });
    expect(registry.size).toBe(110);
  });

  it('never lets go of one with an open review', () => {
    const open = new Set(['r1']);
    const registry = registryOf({
      limits: { maxProducers: 1 },
      isReviewOpen: (producerId, reviewId) => producerId === 'a' && open.has(reviewId),
    });
    registry.admit(review('a', 1, 'r1'), 0);
    registry.admit(review('b', 1, 'r1'), 1);
    registry.admit(arrival('c', 1), 2);
    expect(idsOf(registry, ['a', 'b', 'c'])).toEqual(['a', 'c']);
    expect(kinds(registry.sweep(31 * MINUTE_MS))).toEqual(['evicted c']);
    open.clear();
    expect(kinds(registry.sweep(31 * MINUTE_MS))).toEqual(['evicted a']);
  });

  it('enforces the limit also for those that a snapshot or a source names', () => {
    const registry = registryOf({ limits: { maxProducers: 1 } });
    registry.admitSnapshot([arrival('a', 1), arrival('b', 1)], 0);
    expect(registry.size).toBe(1);
    registry.describe({ producerId: 'c' }, 1);
    expect(registry.size).toBe(1);
    registry.connected('d', 2);
    registry.left('d', 3);
    registry.connected('e', 4);
    registry.left('e', 5);
    registry.sweep(6);
    expect(idsOf(registry, ['a', 'b', 'c', 'd', 'e'])).toEqual(['e']);
  });

  it('forgets what waits of one that is removed', () => {
    const registry = registryOf();
    registry.admit(arrival('a', 5), 0);
    expect(registry.remove('a')).toBe(true);
    expect(registry.nextDeadlineMs()).toBeUndefined();
    expect(registry.flush(1_000)).toEqual([]);
    expect(registry.remove('a')).toBe(false);
  });

  it('passes its limits on to each log', () => {
    const registry = registryOf({
      limits: { maxRuns: 1, maxIterations: 1, maxBytesPerProducer: 60 },
      keepsTokens: true,
    });
    const types = ['task_started', 'ensemble_started', 'llm_iteration_started', 'llm_iteration_started', 'token'];
    for (const [index, type] of types.entries()) registry.admit(arrival('a', index + 1, { type }), 0);
    const log = registry.get('a')?.log;
    expect(log?.events().map(({ type }) => type)).toEqual(['ensemble_started', 'llm_iteration_started', 'token']);
    registry.admit(arrival('a', 6, { bytes: 90 }), 0);
    expect(log?.bytes).toBeLessThanOrEqual(60);
  });
});

describe('the snapshot of all', () => {
  it('is ordered by receivedAt, but never turns round what one producer said', () => {
    const registry = registryOf();
    const at = (ms: number) => ({ receivedAt: { ms, ns: 0 } });
    registry.admit(arrival('clock', 1, at(900)), 0);
    registry.admit(arrival('clock', 2, at(100)), 0);
    registry.admit(arrival('other', 1, at(50)), 0);
    registry.admit(arrival('other', 2, at(950)), 0);
    expect(registrySnapshot(registry).map(({ receivedAt }) => receivedAt.ms)).toEqual([50, 900, 100, 950]);
  });

  it('gives what a viewer needs to know the same', () => {
    const relay = registryOf();
    for (const [index, next] of recordedArrivals().entries()) relay.admit(next, index);
    relay.flush(1_000_000);
    const snapshot = registrySnapshot(relay).map((event): Arrival => ({
      ...event,
      producer: (JSON.parse(event.text) as Envelope).producer,
    }));
    const viewer = registryOf();
    viewer.admitSnapshot(snapshot, 0);
    expect(registrySnapshot(viewer).map(({ text }) => text)).toEqual(snapshot.map(({ text }) => text));
    expect(
      viewer
        .get('svc-a-1')
        ?.epochs()
        .map(({ epoch }) => epoch),
    ).toEqual([1, 2]);
    expect(viewer.get('batch-1')?.epochs()).toEqual([{ epoch: 1, notSeen: 0, missing: [], missingCount: 0 }]);
    expect(kinds(viewer.admitSnapshot(snapshot, 0)).every((kind) => kind.startsWith('repeat'))).toBe(true);
  });

  it('goes on where the cache says an earlier hub stopped', () => {
    const registry = registryOf();
    registry.restore({ producerId: 'a' }, 0, { epoch: 2, numbers: [arrival('a', 1)], missing: [] });
    expect(kinds(registry.admit(arrival('a', 1), 0))).toEqual(['repeat a']);
    expect(registry.admit(arrival('a', 2), 0)).toMatchObject([{ kind: 'event', event: { epoch: 2 } }]);
  });
});

function recordedArrivals(): Arrival[] {
  const text = readFileSync(new URL('../../test/recordings/hub-ingress.jsonl', import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { dir: string; data: string })
    .filter(({ dir }) => dir === 'up' || dir === 'http')
    .map(({ data }): Arrival => {
      const envelope = JSON.parse(data) as {
        producer: { producerId: string };
        sequence: number;
        receivedAt: string;
        message: { type: string };
      };
      const receivedAt = parseInstant(envelope.receivedAt);
      if (receivedAt === undefined) throw new Error(`no instant in the recording: ${data}`);
      const { producer, sequence, message } = envelope;
      return { producer, sequence, receivedAt, text: data, type: message.type, message, bytes: data.length };
    });
}

describe('letting go on demand', () => {
  it('lets go of the longest silent producer that nobody needs', () => {
    const registry = registryOf({ isReviewOpen: (_, reviewId) => reviewId === 'open' });
    registry.admit(arrival('connected', 1), 1);
    registry.connected('connected', 1);
    registry.admit(review('waits', 1, 'open'), 2);
    registry.admit(arrival('old', 1), 3);
    registry.admit(arrival('new', 1), 4);
    const evictions = registry.evictions();
    expect(evictions.next().value).toEqual({ kind: 'evicted', producerId: 'old', reason: 'too-much' });
    expect(registry.size).toBe(3);
    expect(evictions.next().value).toEqual({ kind: 'evicted', producerId: 'new', reason: 'too-much' });
    expect(evictions.next().done).toBe(true);
    expect(registry.size).toBe(2);
  });

  it('does not look at all those that may not go for each one that is new', () => {
    let asked = 0;
    const isReviewOpen = () => {
      asked += 1;
      return true;
    };
    const registry = registryOf({ isReviewOpen });
    const waiting = 2000;
    for (let index = 0; index < waiting; index += 1) registry.admit(review(`p${index}`, 1, `r${index}`), index);
    expect(asked).toBeLessThan(20 * waiting);
    registry.admit(arrival('last', 1), waiting);
    registry.sweep(waiting);
    expect(idsOf(registry, ['last', 'p0'])).toEqual(['p0']);
  });

  it('counts what waits for earlier events as well', () => {
    const registry = registryOf();
    registry.admit(arrival('a', 1), 0);
    registry.admit(arrival('a', 3, { bytes: 7 }), 0);
    expect([registry.get('a')?.bytes, registry.get('a')?.log.bytes]).toEqual([17, 10]);
  });

  it('hands on early what would wait in more bytes than may wait', () => {
    const registry = registryOf({ limits: { reorderWindowBytes: 10 } });
    registry.admit(arrival('a', 1), 0);
    expect(kinds(registry.admit(arrival('a', 3, { bytes: 11 }), 0))).toEqual(['hole a', 'event a']);
  });
});
