import { afterEach, describe, expect, test } from 'vitest';
import type { SourceState } from '../../protocol/tab/source-model.ts';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt } from '../test-support/render-at.tsx';
import type { Screen } from '../test-support/render-at.tsx';
import { sampleSource } from '../test-support/source-samples.ts';
import { BrokenSources } from './broken-sources.tsx';
import { SourceBadges } from './source-badges.tsx';

const reason = { code: 'nothing-answers', text: 'Nothing answers there.' } as const;
const BROKEN: SourceState = { kind: 'reconnecting', retryAtMs: Date.now() + 3_600_000, attempt: 1, reason };

let screen: Screen | undefined;
const fake = new FakeHub();
afterEach(() => screen?.dispose());

function twenty(broken: number) {
  return Array.from({ length: 20 }, (_, n) =>
    sampleSource({ id: `s${n}`, label: `s${n}`, order: n, ...(n >= 20 - broken && { state: BROKEN }) }),
  );
}

function statuses(): string[] {
  return [...(screen?.root.querySelectorAll('[role=status]') ?? [])].map((badge) => badge.textContent);
}

describe('the badges of the top bar', () => {
  test('are no link without a word where there is no source, as in a tab that stands by', async () => {
    screen = await renderAt(fake, () => <SourceBadges sources={[]} />);
    expect(screen.root.childElementCount).toBe(0);
  });

  test('name few sources one by one', async () => {
    screen = await renderAt(fake, () => <SourceBadges sources={[sampleSource()]} />);
    expect(statuses()).toEqual(['localhost:7400 connected ']);
    expect(screen.root.querySelector('a')?.getAttribute('data-many')).toBe('false');
  });

  test('name of many the ones that need the person, with reason and next attempt, and count the others', async () => {
    screen = await renderAt(fake, () => <SourceBadges sources={twenty(2)} />);
    expect(statuses()).toEqual([
      expect.stringMatching(/^s18 reconnecting in (?:59:\d\d|1:00:00) Nothing answers there\.$/),
      expect.stringContaining('s19 reconnecting'),
      's0 connected ',
    ]);
    expect(screen.text()).toContain('+ 17 connected');
    expect(screen.root.querySelector('.source-sum')?.textContent).toBe('2 reconnecting, 18 connected');
  });
});

describe('the sources above the roster', () => {
  test('cannot be tried again from a tab whose hub does not have the connections', async () => {
    const elsewhere: SourceState = { kind: 'disconnected', reason: { code: 'standby', text: 'Not live any more.' } };
    screen = await renderAt(fake, () => <BrokenSources sources={[sampleSource({ state: elsewhere })]} />);
    expect(screen.text()).toContain('Not live any more.');
    expect(screen.byRole('button', 'Retry now')).toBeUndefined();
  });

  test('are there only while some are not connected', async () => {
    screen = await renderAt(fake, () => <BrokenSources sources={twenty(0)} />);
    expect(screen.root.childElementCount).toBe(0);
  });

  test('say why and when, and can be tried at once; of many the first few', async () => {
    screen = await renderAt(fake, () => <BrokenSources sources={twenty(5)} />);
    expect(screen.root.querySelectorAll('li')).toHaveLength(3);
    expect(screen.root.querySelector('li')?.textContent).toMatch(/^s15reconnecting in [\d:]+Nothing answers there\./);
    expect(screen.text()).toContain('2 more not connected');
    screen.byRole('button', 'Retry now')?.click();
    expect(fake.sourceCommands).toEqual([['retryNow', 's15']]);
  });
});
