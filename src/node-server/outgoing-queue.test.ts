import { describe, expect, test } from 'vitest';
import { OutgoingQueue } from './outgoing-queue.ts';

describe('OutgoingQueue', () => {
  test('is full above its limit, and clear again when half of that has gone', () => {
    const queue = new OutgoingQueue(100);
    const states = [60, 40, 1, -1, -49, -1, 50, 1].map((bytes) => {
      queue.add(bytes);
      return [queue.bytes, queue.isFull];
    });
    expect(states).toEqual([
      [60, false],
      [100, false],
      [101, true],
      [100, true],
      [51, true],
      [50, false],
      [100, false],
      [101, true],
    ]);
  });

  test('lets those wait who would bring more, in their order, and only as long as it stays clear', () => {
    const queue = new OutgoingQueue(100);
    const ran: string[] = [];
    queue.whenClear(() => ran.push('at once'));
    queue.add(101);
    queue.whenClear(() => {
      ran.push('first');
      queue.add(101);
    });
    queue.whenClear(() => ran.push('second'));
    queue.add(-90);
    expect(ran).toEqual(['at once', 'first']);
    queue.add(-100);
    expect(ran).toEqual(['at once', 'first', 'second']);
  });
});
