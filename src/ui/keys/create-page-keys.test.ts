import { createRoot } from 'solid-js';
import { describe, expect, it } from 'vitest';
import { createPageKeys } from './create-page-keys.ts';

function press(key: string, options: KeyboardEventInit = {}, target: EventTarget = document.body): void {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options }));
}

describe('createPageKeys', () => {
  it('acts on its keys only, never while somebody types or holds a modifier, and stops with its owner', () => {
    const pressed: string[] = [];
    const field = document.body.appendChild(document.createElement('textarea'));
    createRoot((dispose) => {
      createPageKeys(() => ({ a: () => pressed.push('a') }));
      press('a');
      press('A');
      press('b');
      press('a', { ctrlKey: true });
      press('a', {}, field);
      expect(pressed).toEqual(['a', 'a']);
      dispose();
      press('a');
      expect(pressed).toHaveLength(2);
    });
  });
});
