import { createRoot } from 'solid-js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createStickToEnd } from './create-stick-to-end.ts';

let grow: () => void;
let dispose: () => void;

/** A scroller of 500 px over content of 1000, as far as the rule can tell. */
function scroller(startAtEnd: boolean): HTMLElement {
  const element = document.createElement('div');
  element.append(document.createElement('div'));
  Object.defineProperties(element, { scrollHeight: { value: 1000 }, clientHeight: { value: 500 } });
  createRoot((end) => {
    dispose = end;
    createStickToEnd(() => element, { startAtEnd });
  });
  return element;
}

function scrollTo(element: HTMLElement, top: number): void {
  // oxlint-disable-next-line no-param-reassign -- scrolling is what a person does to it
  element.scrollTop = top;
  element.dispatchEvent(new Event('scroll'));
}

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(callback: () => void) {
        grow = callback;
      }
      observe(): void {}
      disconnect(): void {
        grow = () => undefined;
      }
    },
  );
});

afterEach(() => {
  dispose();
  vi.unstubAllGlobals();
});

describe('sticking to the end', () => {
  test('keeps the end in sight while the content grows', () => {
    const element = scroller(true);
    grow();
    expect(element.scrollTop).toBe(1000);
  });

  test('never moves who reads further up, until they come back to the end', () => {
    const element = scroller(true);
    scrollTo(element, 500);
    scrollTo(element, 200);
    grow();
    expect(element.scrollTop).toBe(200);
    scrollTo(element, 490);
    grow();
    expect(element.scrollTop).toBe(1000);
  });

  test('begins at the top where nothing comes any more', () => {
    const element = scroller(false);
    grow();
    expect(element.scrollTop).toBe(0);
  });

  test('ends with its owner', () => {
    const element = scroller(true);
    dispose();
    grow();
    expect(element.scrollTop).toBe(0);
  });
});
