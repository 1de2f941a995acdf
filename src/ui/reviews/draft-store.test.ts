import { describe, expect, it } from 'vitest';
import { DraftStore } from './draft-store.ts';

function storageOver(map: Map<string, string>) {
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}

describe('DraftStore', () => {
  it('keeps a draft per review until it is forgotten', () => {
    const map = new Map<string, string>();
    const drafts = new DraftStore(storageOver(map));
    drafts.write('demo: self r1', 'better');
    drafts.write('demo: self r2', '');
    expect([drafts.read('demo: self r1'), drafts.read('demo: self r2'), drafts.read('other')]).toEqual([
      'better',
      '',
      undefined,
    ]);
    drafts.forget('demo: self r1');
    expect([...map.values()]).toEqual(['']);
  });

  it('goes on where storage is forbidden', () => {
    const refuse = (): never => {
      throw new Error('SecurityError');
    };
    const drafts = new DraftStore({ getItem: refuse, setItem: refuse, removeItem: refuse });
    drafts.write('r', 'text');
    expect(drafts.read('r')).toBeUndefined();
    expect(() => drafts.forget('r')).not.toThrow();
  });
});
