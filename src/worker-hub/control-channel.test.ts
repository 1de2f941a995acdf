import { describe, expect, it } from 'vitest';
import { isRetireMessage } from './control-channel.ts';

const MESSAGE = {
  kind: 'retire',
  bootId: 'a',
  isAsked: false,
  release: { contract: 1, database: 1, builtAtMs: 1, name: 'hub' },
};

describe('isRetireMessage', () => {
  it('is what a hub of this version says', () => {
    expect(isRetireMessage(MESSAGE)).toBe(true);
  });

  it('is nothing else', () => {
    const others = [{ kind: 'hello' }, { bootId: 1 }, { isAsked: 'yes' }, { release: {} }];
    for (const other of others) expect(isRetireMessage({ ...MESSAGE, ...other })).toBe(false);
    expect([isRetireMessage(null), isRetireMessage('retire')]).toEqual([false, false]);
  });
});
