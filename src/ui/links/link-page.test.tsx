import { expect, it } from 'vitest';
import type { LinkOutcome } from '../../protocol/tab/hub-api.ts';
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

it('says which of its addresses cannot be used, and each field what is wrong with its own', async () => {
  const fake = new FakeHub();
  const ask = (address: string): LinkOutcome =>
    address.startsWith('bad')
      ? { kind: 'bad', problem: { code: 'not-an-address', message: 'That is not an address.' } }
      : { kind: 'ask', address };
  fake.openLink = ask;
  const screen = await renderAt(fake, () => <LinkPage />, '/network?ensembles=a:ws://far:1,bad one,c:ws://far:2');
  expect(screen.root.querySelector('.link-problem')?.textContent).toBe('bad one: That is not an address.');
  const described = [...screen.root.querySelectorAll('input')].map((field) => field.getAttribute('aria-describedby'));
  expect(described.map((id) => screen.root.querySelectorAll(`[id="${id}"]`).length)).toEqual([1, 1]);
  expect(new Set(described).size).toBe(2);
  screen.dispose();
});
