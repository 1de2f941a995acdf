import { describe, expect, it } from 'vitest';
import { DraftStore } from './draft-store.ts';

const DAY_MS = 86_400_000;

function storageOver(map: Map<string, string>) {
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
    key: (index: number) => [...map.keys()][index] ?? null,
    get length() {
      return map.size;
    },
  };
}

function draftsAt(map: Map<string, string>, nowMs: number): DraftStore {
  return new DraftStore(storageOver(map), () => nowMs);
}

describe('DraftStore', () => {
  it('keeps a draft per review until it is forgotten', () => {
    const map = new Map<string, string>();
    const drafts = draftsAt(map, 0);
    drafts.write('demo: self r1', 'better');
    drafts.write('demo: self r2', '');
    expect([drafts.read('demo: self r1'), drafts.read('demo: self r2'), drafts.read('other')]).toEqual([
      'better',
      '',
      undefined,
    ]);
    drafts.forget('demo: self r1');
    drafts.forget('demo: self r2');
    expect([...map.values()]).toEqual([]);
  });

  it('goes on where storage is forbidden', () => {
    const refuse = (): never => {
      throw new Error('SecurityError');
    };
    const storage = { getItem: refuse, setItem: refuse, removeItem: refuse, key: refuse, length: 1 };
    const drafts = new DraftStore(storage, () => 0);
    drafts.write('r', 'text');
    expect(drafts.read('r')).toBeUndefined();
    expect(() => drafts.forget('r')).not.toThrow();
    expect(() => drafts.forgetOld(() => false)).not.toThrow();
  });
});

describe('drafts of reviews that are open no more', () => {
  it('go after 30 days, those of open ones never', () => {
    const map = new Map([['rostrum-theme', 'dark']]);
    for (const review of ['open', 'ended']) draftsAt(map, 0).write(review, 'text');
    draftsAt(map, 1).write('late', 'text');
    draftsAt(map, 30 * DAY_MS + 1).forgetOld((review) => review === 'open');
    expect(['open', 'ended', 'late'].map((review) => draftsAt(map, 0).read(review))).toEqual([
      'text',
      undefined,
      'text',
    ]);
    expect(map.get('rostrum-theme')).toBe('dark');
  });

  it('are at most 20, the newest, beside any number of open ones', () => {
    const map = new Map<string, string>();
    for (let n = 0; n < 50; n += 1) draftsAt(map, n).write(`ended ${n}`, 'text');
    for (let n = 0; n < 50; n += 1) draftsAt(map, n).write(`open ${n}`, 'text');
    draftsAt(map, 100).forgetOld((review) => review.startsWith('open'));
    const kept = (name: string) =>
      Array.from({ length: 50 }, (_, n) => n).filter((n) => draftsAt(map, 0).read(`${name} ${n}`) !== undefined);
    expect([kept('ended'), kept('open').length]).toEqual([Array.from({ length: 20 }, (_, n) => 30 + n), 50]);
  });

  it('count from now on where an earlier version did not say when they were written', () => {
    const map = new Map([['rostrum-draft old', 'text']]);
    draftsAt(map, 90 * DAY_MS).forgetOld(() => false);
    expect(draftsAt(map, 0).read('old')).toBe('text');
    draftsAt(map, 121 * DAY_MS).forgetOld(() => false);
    expect(map.size).toBe(0);
  });
});
