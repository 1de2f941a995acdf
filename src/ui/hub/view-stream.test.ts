import { describe, expect, it } from 'vitest';
import type { StreamFrame } from '../../protocol/tab/stream.ts';
import { ViewStream } from './view-stream.ts';

const head = (open: number): { open: number } => ({ open });

function snapshot(generation: number, open: number): StreamFrame {
  return {
    stream: 1,
    generation,
    number: 0,
    view: 'reviews',
    snapshot: { head: head(open), entities: { reviews: {} } },
  };
}

function patch(generation: number, number: number, open: number): StreamFrame {
  return { stream: 1, generation, number, view: 'reviews', patches: [{ op: 'head', head: head(open) }] };
}

describe('ViewStream', () => {
  it('applies patches to a snapshot that was not drawn yet, and hands out later ones by themselves', () => {
    const stream = new ViewStream<'reviews'>();
    expect([snapshot(1, 0), patch(1, 1, 5)].map((frame) => stream.accept(frame))).toEqual(['accepted', 'accepted']);
    expect(stream.take()).toEqual({
      snapshot: { head: head(5), entities: { reviews: {} } },
      patches: [],
      generation: 1,
      number: 1,
    });
    stream.accept(patch(1, 2, 6));
    expect(stream.take()).toEqual({ patches: [{ op: 'head', head: head(6) }], generation: 1, number: 2 });
    expect(stream.take()).toBeUndefined();
  });

  it('drops frames of another generation', () => {
    const stream = new ViewStream<'reviews'>();
    stream.accept(snapshot(2, 0));
    stream.take();
    expect(stream.accept(patch(1, 1, 9))).toBe('ignored');
    expect(stream.take()).toBeUndefined();
  });

  it('notices a hole, then waits for a snapshot', () => {
    const stream = new ViewStream<'reviews'>();
    stream.accept(snapshot(1, 0));
    expect(stream.accept(patch(1, 2, 9))).toBe('hole');
    expect(stream.accept(patch(1, 3, 9))).toBe('ignored');
    expect(stream.take()).toBeUndefined();
    expect(stream.accept(snapshot(2, 3))).toBe('accepted');
    expect(stream.take()?.snapshot?.head).toEqual(head(3));
  });
});
