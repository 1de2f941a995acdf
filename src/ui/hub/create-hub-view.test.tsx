import { createSignal } from 'solid-js';
import { afterEach, expect, test } from 'vitest';
import type { ViewRequest } from '../../protocol/tab/view-data.ts';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt, settle, type Screen } from '../test-support/render-at.tsx';
import { createHubView } from './create-hub-view.ts';

let screen: Screen;
afterEach(() => screen.dispose());

type Reviews = ViewRequest & { view: 'reviews' };

test('shows nothing of a view that was left before it was drawn', async () => {
  const fake = new FakeHub({ isVisible: true });
  const [request, setRequest] = createSignal<Reviews | undefined>({ view: 'reviews' });
  const updates: unknown[] = [];
  fake.show('reviews', { head: { open: 1 }, entities: { reviews: {} } });
  function Shown() {
    const view = createHubView<'reviews'>(request, { onUpdate: (update) => updates.push(update) });
    return <p>{view.data?.head.open ?? 'nothing'}</p>;
  }
  screen = await renderAt(fake, () => <Shown />);
  fake.frame();
  expect(screen.text()).toBe('1');
  fake.show('reviews', { head: { open: 2 }, entities: { reviews: {} } });
  setRequest(undefined);
  fake.frame();
  await settle();
  expect([screen.text(), updates.at(-1)]).toEqual(['nothing', undefined]);
});
