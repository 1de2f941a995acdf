import { createRoot, createSignal } from 'solid-js';
import { describe, expect, test } from 'vitest';
import { attentionView, sampleSource } from '../test-support/source-samples.ts';
import { createLastTabWarning } from './create-last-tab-warning.ts';

function isAsked(): boolean {
  const event = new Event('beforeunload', { cancelable: true });
  dispatchEvent(event);
  return event.defaultPrevented;
}

describe('createLastTabWarning', () => {
  test('asks only in the last tab, and only while a dashboard would answer by itself', () => {
    const safe = sampleSource({ kind: 'embedded' });
    const [tabs, setTabs] = createSignal(1);
    const [sources, setSources] = createSignal([safe]);
    const dispose = createRoot((end) => {
      createLastTabWarning({ head: () => attentionView([], tabs()).head, sources });
      return end;
    });
    expect(isAsked()).toBe(false);
    setSources([sampleSource(), { ...safe, reviewsAtRisk: 1 }]);
    expect(isAsked()).toBe(true);
    setTabs(2);
    expect(isAsked()).toBe(false);
    setTabs(1);
    expect(isAsked()).toBe(true);
    setSources([safe]);
    expect(isAsked()).toBe(false);
    setSources([{ ...safe, reviewsAtRisk: 1 }]);
    dispose();
    expect(isAsked()).toBe(false);
  });
});
