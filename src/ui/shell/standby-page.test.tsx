import { describe, expect, it } from 'vitest';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt } from '../test-support/render-at.tsx';
import { StandbyPage } from './standby-page.tsx';

describe('StandbyPage', () => {
  it('says where Rostrum is, and moves it here once', async () => {
    const fake = new FakeHub();
    const screen = await renderAt(fake, () => <StandbyPage />);
    expect(screen.text()).toContain('Rostrum is open in another tab');
    const button = screen.byRole('button', 'Use here') as HTMLButtonElement;
    button.click();
    button.click();
    expect([fake.usedHere, button.disabled]).toEqual([1, true]);
    expect(screen.byRole('status')?.textContent).toContain('Moving here');
    screen.dispose();
  });
});
