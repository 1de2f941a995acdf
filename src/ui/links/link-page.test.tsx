import { expect, it } from 'vitest';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt } from '../test-support/render-at.tsx';
import { LinkPage } from './link-page.tsx';

it('keeps the address of a link that the hub could not be asked about', async () => {
  const fake = new FakeHub();
  fake.fail(new Error('The hub was lost.'));
  const screen = await renderAt(fake, () => <LinkPage />, '/live?server=ws://far.example:1/ws');
  expect(screen.text()).toContain('The hub could not be asked about this link');
  expect(screen.root.querySelector('input')?.value).toBe('ws://far.example:1/ws');
  expect(fake.hub.undone()).toBe('That was not done. The hub was lost.');
  screen.dispose();
});
