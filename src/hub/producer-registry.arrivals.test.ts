import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrival } from '../../test/support/arrival.ts';
import { recordedArrivals } from '../../test/support/recorded-arrivals.ts';
import { kinds, registryOf } from '../../test/support/registry-of.ts';
import type { Arrival } from './producer-record.ts';
import { rosterOrder } from './registry-roster.ts';

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
