import { expect, test } from 'vitest';
import type { LogOutput } from './event-log.ts';
import { countIn, countOutput, RelayCounters } from './relay-counters.ts';

test('countIn adds to a count by its name', () => {
  const counts = new Map<string, number>();
  countIn(counts, 'a');
  countIn(counts, 'a', 2);
  countIn(counts, 'b');
  expect([...counts]).toEqual([
    ['a', 3],
    ['b', 1],
  ]);
});

test('countOutput counts what a log says, each in its place', () => {
  const counters = new RelayCounters();
  const outcome = { placement: { kind: 'not-kept' }, letGo: 3, droppedRuns: [] } as const;
  const event = { kind: 'event', producerId: 'p', outcome } as unknown as LogOutput;
  const outputs: readonly LogOutput[] = [
    { ...event, late: false } as LogOutput,
    { ...event, late: true } as LogOutput,
    { kind: 'hole', producerId: 'p', epoch: 1, from: 4, to: 6 },
    { kind: 'repeat', producerId: 'p', sequence: 1 },
    { kind: 'evicted', producerId: 'p', reason: 'idle' },
    { kind: 'let-go', producerId: 'p', letGo: 10, droppedRuns: [] },
    { kind: 'epoch', producerId: 'p', epoch: 1, firstSequence: 1 },
  ];
  for (const output of outputs) countOutput(counters, output);
  expect(counters).toMatchObject({ letGo: 16, late: 1, missing: 3, repeats: 1, evicted: new Map([['idle', 1]]) });
});
