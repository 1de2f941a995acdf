import { describe, expect, test } from 'vitest';
import { TakeoverWatch } from './takeover-watch.ts';

function turns(watch: TakeoverWatch, ids: readonly string[], { stepMs = 100, open = true } = {}): boolean[] {
  return ids.map((id, index) => watch.acted('p', id, { isOpen: () => open, nowMs: index * stepMs }));
}

describe('TakeoverWatch', () => {
  test('finds nothing in one connection, nor in a few that follow each other', () => {
    expect(turns(new TakeoverWatch(), ['a', 'a', 'a'])).toEqual([false, false, false]);
    expect(turns(new TakeoverWatch(), ['a', 'b', 'c', 'd'])).toEqual([false, false, false, false]);
  });

  test('says once that an id is contested when it changes hands again and again', () => {
    const watch = new TakeoverWatch();
    expect(turns(watch, ['a', 'b', 'a', 'b', 'a', 'b'])).toEqual([false, false, false, false, true, false]);
    expect(watch.contested(1000)).toEqual(['p']);
  });

  test('does not count what follows a connection that has ended', () => {
    const watch = new TakeoverWatch();
    expect(turns(watch, ['a', 'b', 'c', 'd', 'e', 'f'], { open: false })).not.toContain(true);
    expect(watch.contested(1000)).toEqual([]);
  });

  test('does not count what lies far apart, and finds an id at peace after a while', () => {
    expect(turns(new TakeoverWatch(), ['a', 'b', 'a', 'b', 'a', 'b'], { stepMs: 30_000 })).not.toContain(true);
    const watch = new TakeoverWatch();
    turns(watch, ['a', 'b', 'a', 'b', 'a']);
    expect(watch.contested(59_000)).toEqual(['p']);
    expect(watch.contested(61_000)).toEqual([]);
  });

  test('forgets', () => {
    const watch = new TakeoverWatch();
    turns(watch, ['a', 'b', 'a', 'b', 'a']);
    watch.forget('p');
    expect(watch.contested(1000)).toEqual([]);
  });
});
