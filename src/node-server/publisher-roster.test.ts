import { beforeEach, describe, expect, test } from 'vitest';
import { LEAVE_GRACE_MS } from '../protocol/wire/limits.ts';
import { PublisherRoster } from './publisher-roster.ts';
import { FakeClock } from './test-support/fake-clock.ts';

describe('PublisherRoster', () => {
  let clock: FakeClock;
  let told: string[];
  let roster: PublisherRoster;

  beforeEach(() => {
    clock = new FakeClock();
    told = [];
    roster = new PublisherRoster(
      { clock, leaveGraceMs: LEAVE_GRACE_MS },
      {
        onArrived: (producerId) => told.push(`${producerId} arrived`),
        onLeft: (producerId) => told.push(`${producerId} left`),
        onContested: (producerId) => told.push(`${producerId} contested`),
      },
    );
  });

  test('tells who arrives, and who left when the grace is over', () => {
    roster.bind('c1', 'p1');
    expect([roster.producerOf('c1'), roster.isPresent('p1')]).toEqual(['p1', true]);
    roster.closed('c1');
    clock.advance(LEAVE_GRACE_MS - 1);
    expect([told, roster.isPresent('p1')]).toEqual([['p1 arrived'], true]);
    clock.advance(1);
    expect(told).toEqual(['p1 arrived', 'p1 left']);
    expect([roster.producerOf('c1'), roster.isPresent('p1')]).toEqual([undefined, false]);
  });

  test('tells nothing of one that is back in time', () => {
    roster.bind('c1', 'p1');
    roster.closed('c1');
    clock.advance(LEAVE_GRACE_MS - 1);
    roster.bind('c2', 'p1');
    clock.advance(LEAVE_GRACE_MS * 2);
    expect(told).toEqual(['p1 arrived']);
  });

  test('knows the newest connection of each', () => {
    roster.bind('c1', 'p1');
    roster.bind('c2', 'p1');
    expect(roster.newestOf('p1')).toBe('c2');
    roster.closed('c2');
    expect(roster.newestOf('p1')).toBe('c1');
    expect(roster.newestOf('p2')).toBeUndefined();
    clock.advance(LEAVE_GRACE_MS * 2);
    expect(told).toEqual(['p1 arrived']);
  });

  test('tells once that two connections take turns, and forgets it with the producer', () => {
    roster.bind('c1', 'p1');
    roster.bind('c2', 'p1');
    for (const id of ['c1', 'c2', 'c1', 'c2', 'c1']) roster.spoke(id);
    expect(told).toEqual(['p1 arrived', 'p1 contested']);
    expect(roster.contested()).toEqual(['p1']);
    roster.closed('c1');
    roster.closed('c2');
    clock.advance(LEAVE_GRACE_MS);
    expect(roster.contested()).toEqual([]);
  });

  test('does not mind connections that it does not know', () => {
    roster.spoke('c9');
    roster.closed('c9');
    expect([told, clock.pending]).toEqual([[], 0]);
  });

  test('lets nobody leave any more once it is disposed of', () => {
    roster.bind('c1', 'p1');
    roster.closed('c1');
    roster.dispose();
    clock.advance(LEAVE_GRACE_MS * 2);
    expect(told).toEqual(['p1 arrived']);
    expect(clock.pending).toBe(0);
  });

  test('says which connection counts again when one ends', () => {
    for (const id of ['c1', 'c2', 'c3']) roster.bind(id, 'p1');
    expect(roster.closed('c2')).toEqual({ producerId: 'p1', next: undefined });
    expect(roster.closed('c3')).toEqual({ producerId: 'p1', next: 'c1' });
    expect(roster.closed('c1')).toEqual({ producerId: 'p1', next: undefined });
    expect(roster.closed('unknown')).toBeUndefined();
  });

  test('remembers nothing once it is disposed of', () => {
    roster.bind('c1', 'p1');
    expect(roster.sizes).toEqual({ present: 1, bound: 1, watched: 1 });
    roster.dispose();
    expect(roster.sizes).toEqual({ present: 0, bound: 0, watched: 0 });
    expect(clock.pending).toBe(0);
  });
});
