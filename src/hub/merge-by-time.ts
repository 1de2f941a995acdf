import { compareInstants, type Instant } from '../protocol/wire/instant.ts';

interface Head<T> {
  readonly items: readonly T[];
  readonly order: number;
  next: number;
  at: Instant;
}

/**
 * Merges lists into one by time without ever turning round the order within a
 * list: where a list is out of order itself, what comes after its late item
 * waits for it. Equal instants keep the order of the lists. Costs O(n log k) for
 * n items in k lists.
 */
export function mergeByTime<T>(lists: readonly (readonly T[])[], instantOf: (item: T) => Instant): T[] {
  const heap: Head<T>[] = [];
  for (const [order, items] of lists.entries()) {
    const first = items[0];
    if (first === undefined) continue;
    heap.push({ items, order, next: 0, at: instantOf(first) });
    siftUp(heap);
  }
  const merged: T[] = [];
  for (let head = heap[0]; head !== undefined; head = heap[0]) {
    const item = head.items[head.next];
    if (item !== undefined) merged.push(item);
    head.next += 1;
    const following = head.items[head.next];
    if (following === undefined) dropTop(heap);
    else head.at = instantOf(following);
    siftDown(heap);
  }
  return merged;
}

/** Whether the head at `a` comes before the one at `b`; not if there is none at either. */
function isBefore<T>(heap: readonly Head<T>[], a: number, b: number): boolean {
  const first = heap[a];
  const second = heap[b];
  if (first === undefined || second === undefined) return false;
  return (compareInstants(first.at, second.at) || first.order - second.order) < 0;
}

function dropTop<T>(heap: Head<T>[]): void {
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) heap[0] = last;
}

function swap<T>(heap: Head<T>[], a: number, b: number): void {
  const first = heap[a];
  const second = heap[b];
  if (first === undefined || second === undefined) return;
  heap[a] = second;
  heap[b] = first;
}

function siftUp<T>(heap: Head<T>[]): void {
  let index = heap.length - 1;
  while (index > 0) {
    const parent = (index - 1) >>> 1;
    if (!isBefore(heap, index, parent)) return;
    swap(heap, index, parent);
    index = parent;
  }
}

function siftDown<T>(heap: Head<T>[]): void {
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    const smaller = isBefore(heap, left + 1, left) ? left + 1 : left;
    if (!isBefore(heap, smaller, index)) return;
    swap(heap, index, smaller);
    index = smaller;
  }
}
