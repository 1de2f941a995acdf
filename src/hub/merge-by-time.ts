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

function isBefore(a: Head<unknown>, b: Head<unknown>): boolean {
  return (compareInstants(a.at, b.at) || a.order - b.order) < 0;
}

function dropTop<T>(heap: Head<T>[]): void {
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) heap[0] = last;
}

/** Brings the last head to its place. */
function siftUp<T>(heap: Head<T>[]): void {
  const head = heap.at(-1);
  if (head === undefined) return;
  let index = heap.length - 1;
  while (index > 0) {
    const parentIndex = (index - 1) >>> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || !isBefore(head, parent)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = head;
}

/** Brings the first head to its place. */
function siftDown<T>(heap: Head<T>[]): void {
  const head = heap[0];
  if (head === undefined) return;
  let index = 0;
  for (;;) {
    const leftIndex = 2 * index + 1;
    const left = heap[leftIndex];
    const right = heap[leftIndex + 1];
    if (left === undefined) break;
    const isRight = right !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (!isBefore(child, head)) break;
    heap[index] = child;
    index = isRight ? leftIndex + 1 : leftIndex;
  }
  heap[index] = head;
}
