import { describe, expect, it } from 'vitest';
import { LiveStack } from './live-stack.ts';

describe('LiveStack', () => {
  it('gives the newest that has not ended, whatever ends first', () => {
    const open = new Set(['a', 'b', 'c']);
    const stack = new LiveStack<string>((item) => open.has(item));
    expect(stack.newest()).toBeUndefined();
    for (const item of open) stack.push(item);
    expect(stack.newest()).toBe('c');
    open.delete('b');
    expect(stack.newest()).toBe('c');
    open.delete('c');
    expect(stack.newest()).toBe('a');
    open.delete('a');
    expect(stack.newest()).toBeUndefined();
  });
});
