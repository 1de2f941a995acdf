import { afterEach, expect, test } from 'vitest';
import type { HubNotice } from '../../protocol/tab/source-model.ts';
import { AskingHub } from '../hub/asking-hub.tsx';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt, settle, type Screen } from '../test-support/render-at.tsx';
import { attentionView, sampleSource } from '../test-support/source-samples.ts';
import { AttentionProvider } from './attention-context.tsx';
import { Shell } from './shell.tsx';

let screen: Screen;
afterEach(() => screen.dispose());

async function show(notices: readonly HubNotice[] = []): Promise<FakeHub> {
  const fake = new FakeHub();
  const view = attentionView([sampleSource()]);
  fake.show('attention', { ...view, head: { ...view.head, openReviews: 3, notices } });
  screen = await renderAt(fake, () => (
    <AttentionProvider>
      <Shell>
        <AskingHub class="none" />
      </Shell>
    </AttentionProvider>
  ));
  return fake;
}

test('a tab that is live no more calls nobody, and does not go on asking', async () => {
  const fake = await show();
  expect([document.title, screen.text()]).toEqual(['(3) Rostrum', expect.stringContaining('Reviews3 open')]);
  expect(screen.text()).toContain('Asking the hub …');
  fake.setState({ kind: 'retired', text: 'A newer version holds the connections.' });
  expect(document.title).toBe('Rostrum');
  expect(screen.root.querySelector('.badge')).toBeNull();
  expect(screen.text()).toContain('This tab is not live any more and cannot show this.');
});

test('what was asked for and not done is said', async () => {
  const fake = await show();
  fake.fail(new Error('The hub was lost.'));
  await fake.hub.order((api) => api.runDemo());
  await settle();
  expect(screen.text()).toContain('That was not done. The hub was lost.');
});

async function dismiss(): Promise<void> {
  screen.byRole('button', 'Dismiss')?.click();
  await settle();
}

test('what was said is there until it is dismissed, and again when it happens again', async () => {
  const notice = { id: 'n1', atMs: 1, text: 'The storage was full.' };
  const fake = await show([notice]);
  fake.setHubError('TypeError: no');
  expect(screen.text()).toContain('Something went wrong in the hub, which goes on: TypeError: no');
  await dismiss();
  expect(screen.text()).not.toContain('TypeError: no');
  fake.setHubError('TypeError: no');
  expect(screen.text()).toContain('TypeError: no');
  await dismiss();
  expect(screen.text()).toContain('The storage was full.');
  await dismiss();
  expect(screen.root.querySelector('.notices')?.textContent).toBe('');
  fake.fail(new Error('The hub was lost.'));
  await fake.hub.order((api) => api.runDemo());
  await dismiss();
  expect(screen.text()).not.toContain('That was not done.');
});

test('what the hub says cannot be dismissed while it is so', async () => {
  const fake = await show();
  fake.setState({ kind: 'lost' });
  expect(screen.text()).toContain('The hub stopped and is being started again.');
  expect(screen.byRole('button', 'Dismiss')).toBeUndefined();
});

test('a review that comes is told to those who do not see the badge', async () => {
  const fake = await show();
  const said = (): string =>
    [...screen.root.querySelectorAll('[role=status]')].map(({ textContent }) => textContent).join();
  expect(said()).toContain('3 reviews wait for you');
  const view = attentionView([sampleSource()]);
  fake.show('attention', { ...view, head: { ...view.head, openReviews: 1 } });
  await settle();
  expect(said()).toContain('1 review waits for you');
  fake.show('attention', view);
  await settle();
  expect(said()).not.toContain('for you');
});
