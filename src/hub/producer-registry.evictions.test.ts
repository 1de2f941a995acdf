import { describe, expect, it } from 'vitest';
import { arrival } from '../../test/support/arrival.ts';
import { kinds, registryOf } from '../../test/support/registry-of.ts';
import type { Arrival } from './producer-record.ts';
import type { ProducerRegistry } from './producer-registry.ts';

const MINUTE_MS = 60_000;

function review(producerId: string, sequence: number, reviewId: string): Arrival {
  return arrival(producerId, sequence, { type: 'review_requested', message: { reviewId } });
}

function idsOf(registry: ProducerRegistry, ids: readonly string[]): string[] {
  return ids.filter((id) => registry.get(id) !== undefined);
}

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
