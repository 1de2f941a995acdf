import { describe, expect, it } from 'vitest';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt } from '../test-support/render-at.tsx';
import { UpdatePrompt, updateText, whyNeeded } from './update-prompt.tsx';

describe('UpdatePrompt', () => {
  it('asks for a reload when the hub has no use for this page, and no more once it has', async () => {
    const fake = new FakeHub({ isVisible: true });
    const screen = await renderAt(fake, () => <UpdatePrompt />);
    expect(screen.text()).toBe('');
    fake.setState({ kind: 'retired', text: 'A newer version holds the connections.' });
    expect(screen.byRole('status')?.textContent).toContain('A newer version holds the connections.');
    expect(screen.text()).toContain('what was known last');
    expect(screen.byRole('button', 'Reload')).toBeDefined();
    // As long as nothing comes any more, that is said.
    expect(screen.byRole('button', 'Later')).toBeUndefined();
    fake.setState({ kind: 'unreachable' });
    expect(screen.text()).toContain('does not load');
    fake.setState({ kind: 'connecting' });
    expect(screen.text()).toBe('');
    screen.dispose();
  });
});

describe('whyNeeded', () => {
  it('is a sentence where there is no hub for this page', () => {
    expect(whyNeeded({ kind: 'retired', text: 'Reload.' })).toBe('Reload.');
    expect(whyNeeded({ kind: 'unreachable' })).toContain('tried again');
    expect(whyNeeded({ kind: 'lost' })).toBeUndefined();
  });
});

describe('updateText', () => {
  it('says what is there and what becomes of drafts', () => {
    const texts = (['ready', 'in-charge'] as const).map((kind) => updateText({ kind }));
    for (const text of [...texts, updateText({ kind: 'needed', text: 'Why.' })]) expect(text).toContain('drafts');
    expect(updateText({ kind: 'none' })).toBeUndefined();
  });
});
