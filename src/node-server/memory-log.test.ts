import { describe, expect, test } from 'vitest';
import type { Arrival } from '../hub/producer-record.ts';
import type { LogOutput } from './event-log.ts';
import { MemoryLog } from './memory-log.ts';
import { DEFAULT_LIMITS, type RelayLimits } from './relay-limits.ts';

const OPEN = 'open';

function arrival(producerId: string, sequence: number, more: Partial<Arrival> = {}): Arrival {
  return {
    producer: { producerId, serviceName: `s-${producerId}` },
    sequence,
    receivedAt: { ms: sequence, ns: 0 },
    text: `${producerId}/${sequence}`,
    type: 'tool_called',
    message: {},
    bytes: 100,
    ...more,
  };
}

function logOf(limits: Partial<RelayLimits> = {}): MemoryLog {
  return new MemoryLog({
    limits: { ...DEFAULT_LIMITS, ...limits },
    isReviewOpen: (_, reviewId) => reviewId === OPEN,
  });
}

function review(producerId: string, sequence: number, more: Partial<Arrival> = {}): Arrival {
  return arrival(producerId, sequence, { type: 'review_requested', message: { reviewId: OPEN }, ...more });
}

function kindsOf(outputs: readonly LogOutput[]): string[] {
  return outputs.map(({ kind, producerId }) => `${kind} ${producerId}`);
}

function textsOf(log: MemoryLog): string[] {
  return log.snapshot().map(({ text }) => text);
}

describe('MemoryLog', () => {
  test('hands on in order what it takes in, and keeps it', () => {
    const log = logOf();
    expect(kindsOf(log.append(arrival('a', 1), 0))).toEqual(['first-seen a', 'epoch a', 'event a']);
    expect(log.append(arrival('a', 3), 0)).toEqual([]);
    expect(log.nextFlushMs()).toBe(500);
    expect(kindsOf(log.flush(500))).toEqual(['hole a', 'event a']);
    log.append(arrival('b', 2), 0);
    log.flush(500);
    expect(textsOf(log)).toEqual(['a/1', 'b/2', 'a/3']);
    expect(log.producers().map(({ info }) => info.serviceName)).toEqual(['s-a', 's-b']);
    expect([log.size, log.bytes]).toEqual([2, 300]);
  });

  test('shows the same snapshot for as long as nothing of it changes, and never an old one', () => {
    const log = logOf({ evictAfterMs: 10, maxRuns: 1 });
    log.append(arrival('a', 1), 0);
    const first = log.snapshot();
    log.append(arrival('a', 2, { type: 'token' }), 0);
    log.append(arrival('a', 1), 0);
    expect(log.snapshot()).toBe(first);
    log.append(arrival('b', 1), 0);
    expect([first.length, ...textsOf(log)]).toEqual([1, 'a/1', 'b/1']);
    log.append(arrival('b', 3), 5);
    expect(textsOf(log)).toEqual(['a/1', 'b/1']);
    log.flush(505);
    expect(textsOf(log)).toEqual(['a/1', 'b/1', 'b/3']);
    log.append(arrival('c', 1), 600);
    log.trim(601);
    expect(textsOf(log)).toEqual(['c/1']);
    log.close();
    expect(log.snapshot()).toEqual([]);
  });

  test('shows nothing any more of what had to go for others', () => {
    const log = logOf({ maxBytes: 1000 });
    for (let sequence = 1; sequence <= 10; sequence += 1) log.append(arrival('a', sequence), 0);
    log.append(arrival('b', 1), 0);
    const before = log.snapshot();
    log.makeRoom(0);
    expect(log.snapshot().length).toBeLessThan(before.length);
  });

  test('knows who is there, and forgets at once who leaves without a word', () => {
    const log = logOf();
    log.connected('silent', 0);
    expect([log.producer('silent')?.presence.kind, log.producers()]).toEqual(['connected', []]);
    expect(log.left('silent', 1)).toBeUndefined();
    expect(log.producer('silent')).toBeUndefined();
    log.append(arrival('a', 1), 0);
    expect(log.left('a', 7)?.presence).toEqual({ kind: 'gone', atMs: 7, reason: 'disconnected' });
  });

  test('lets go of who was away for too long', () => {
    const log = logOf({ evictAfterMs: 10 });
    log.append(arrival('a', 1), 0);
    expect(kindsOf(log.trim(9))).toEqual([]);
    expect(kindsOf(log.trim(10))).toEqual(['evicted a']);
    expect([log.size, log.bytes]).toEqual([0, 0]);
  });

  test('counts what waits for earlier events', () => {
    const log = logOf();
    log.append(arrival('a', 1), 0);
    log.append(arrival('a', 5, { bytes: 70 }), 0);
    expect(log.bytes).toBe(170);
  });

  test('keeps no more of all together than it may: those give that hold most, down to an even share', () => {
    const log = logOf({ maxBytes: 1600 });
    log.append(arrival('small', 1, { bytes: 300 }), 0);
    for (let sequence = 1; sequence <= 8; sequence += 1) log.append(arrival('large', sequence), 0);
    for (let sequence = 1; sequence <= 5; sequence += 1) log.append(arrival('other', sequence), 0);
    expect(log.bytes).toBe(1600);
    const outputs = [...log.append(arrival('other', 6), 0), ...log.makeRoom(0)];
    expect(outputs.slice(-2)).toMatchObject([
      { kind: 'event', producerId: 'other' },
      { kind: 'let-go', producerId: 'large', letGo: 2, droppedRuns: [] },
    ]);
    expect(log.bytes).toBeLessThanOrEqual(1500);
    expect(textsOf(log).filter((text) => text.startsWith('large'))).toEqual(
      [3, 4, 5, 6, 7, 8].map((n) => `large/${n}`),
    );
    expect(textsOf(log)).toContain('small/1');
  });

  test('keeps starts, ends and open reviews, and lets producers go that are away before it takes nothing more', () => {
    const log = logOf({ maxBytes: 1000 });
    log.connected('connected', 0);
    log.append(arrival('connected', 1, { type: 'ensemble_started', bytes: 400 }), 0);
    log.append(review('waits', 1, { bytes: 400 }), 1);
    log.append(arrival('away', 1, { type: 'ensemble_started', bytes: 200 }), 2);
    log.append(arrival('connected', 2, { type: 'task_started', bytes: 100 }), 3);
    const outputs = log.makeRoom(3);
    expect(kindsOf(outputs).filter((kind) => kind.startsWith('evicted'))).toEqual(['evicted away']);
    expect(textsOf(log)).toEqual(['connected/1', 'waits/1', 'connected/2']);
  });

  test('takes nothing more but starts and ends once nothing may go, and everything again once something may', () => {
    let isOpen = true;
    const log = new MemoryLog({ limits: { ...DEFAULT_LIMITS, maxBytes: 1000 }, isReviewOpen: () => isOpen });
    log.append(review('a', 1, { bytes: 1001 }), 0);
    expect(log.makeRoom(0)).toMatchObject([{ kind: 'let-go', letGo: 0 }]);
    const [tool, start, token] = ['tool_called', 'task_started', 'token'].map((type) => arrival('b', 1, { type }));
    const room = () => [tool, start, token].map((next) => next !== undefined && log.hasRoomFor(next));
    expect(room()).toEqual([false, true, true]);
    log.append(arrival('b', 1, { type: 'task_started', bytes: 300 }), 1);
    expect(room()).toEqual([false, false, true]);
    isOpen = false;
    // Room is not looked for at every event while there is none.
    expect(kindsOf(log.makeRoom(999))).toEqual([]);
    expect(kindsOf(log.makeRoom(1000))).toContain('let-go a');
    expect(room()).toEqual([true, true, true]);
  });

  test('holds nothing once it is closed', () => {
    const log = logOf();
    log.append(arrival('a', 1), 0);
    log.append(arrival('a', 3), 0);
    log.close();
    expect([log.size, log.bytes, log.snapshot(), log.nextFlushMs()]).toEqual([0, 0, [], undefined]);
  });
});
