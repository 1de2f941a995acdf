import { describe, expect, it } from 'vitest';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt } from '../test-support/render-at.tsx';
import { attentionView, sampleSource } from '../test-support/source-samples.ts';
import { SourceBadges } from '../sources/source-badges.tsx';
import { AttentionProvider, useAttention } from './attention-context.tsx';

function Badges() {
  const attention = useAttention();
  return <SourceBadges sources={attention.sources()} />;
}

describe('AttentionProvider', () => {
  it('shows no source as connected once the tab has lost its hub for good', async () => {
    const fake = new FakeHub();
    fake.show('attention', attentionView([sampleSource()]));
    const screen = await renderAt(fake, () => (
      <AttentionProvider>
        <Badges />
      </AttentionProvider>
    ));
    expect(screen.byRole('status')?.textContent).toBe('localhost:7400 connected ');
    fake.setState({ kind: 'retired', text: 'A newer version holds the connections.' });
    expect(screen.byRole('status')?.textContent).toContain('localhost:7400 disconnected This tab is not live');
    expect(screen.root.querySelector('[data-state=connected]')).toBeNull();
    screen.dispose();
  });
});
