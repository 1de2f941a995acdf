import { afterEach, expect, test } from 'vitest';
import type { RosterEntity } from '../../protocol/tab/roster-model.ts';
import { createHubView } from '../hub/create-hub-view.ts';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt, settle, type Screen } from '../test-support/render-at.tsx';
import { sampleProducer } from '../test-support/run-samples.ts';
import { RosterPanel } from './roster-panel.tsx';

let screen: Screen;
afterEach(() => screen.dispose());

const COUNTS = { 'waiting for you': 0, running: 3, failed: 0, done: 0, gone: 0, idle: 0 };
const named = (name: string, change: Partial<RosterEntity> = {}): RosterEntity =>
  sampleProducer({ id: `ws://a:1/ws ${name}`, producerId: name, state: 'running', ...change });

function Panel() {
  const view = createHubView<'roster'>(() => ({ view: 'roster' }));
  return <>{view.data && <RosterPanel roster={view.data} selected={undefined} />}</>;
}

async function show(address: string): Promise<FakeHub> {
  const fake = new FakeHub();
  const producers = Object.fromEntries(['one', 'two', 'three'].map((name) => [`ws://a:1/ws ${name}`, named(name)]));
  fake.show('roster', { head: { counts: COUNTS }, entities: { producers } });
  screen = await renderAt(fake, () => <Panel />, address);
  await settle();
  return fake;
}

const links = (): HTMLAnchorElement[] => [...screen.root.querySelectorAll<HTMLAnchorElement>('.roster-link')];

test('a producer opens with the filter and the view that are set, and not with the run of another one', async () => {
  await show('/?run=r1&tab=tools&filter=one');
  expect(links().map((link) => link.getAttribute('href'))).toEqual([
    '/producer/ws%3A%2F%2Fa%3A1%2Fws/one?tab=tools&filter=one',
  ]);
});

test('the focus stays on its producer when another one comes before it', async () => {
  const fake = await show('/');
  const link = links().find(({ dataset }) => dataset['row']?.endsWith('three'));
  link?.focus();
  const waiting = named('two', { state: 'waiting for you' });
  fake.patch('roster', [{ op: 'upsert', collection: 'producers', entity: waiting }]);
  await settle();
  expect((document.activeElement as HTMLElement).dataset['row']).toBe('ws://a:1/ws three');
  expect(links()[0]?.dataset['row']).toBe('ws://a:1/ws two');
});

test('a heading that takes the place of another one is drawn', async () => {
  const fake = await show('/?filter=one');
  const headings = (): (string | null)[] =>
    [...screen.root.querySelectorAll('.roster-group')].map((each) => each.textContent);
  const before = headings();
  const waiting = named('one', { state: 'waiting for you' });
  fake.patch('roster', [{ op: 'upsert', collection: 'producers', entity: waiting }]);
  await settle();
  expect(before).toHaveLength(1);
  expect(headings()).toEqual(['Waiting for you']);
});

test('a state is picked and let go by the same chip, which shows it', async () => {
  await show('/');
  const chip = (): HTMLElement => screen.byRole('button', '3 running') ?? expect.fail('no chip');
  expect(chip().getAttribute('aria-pressed')).toBe('false');
  chip().click();
  await settle();
  expect([chip().getAttribute('aria-pressed'), screen.address()]).toEqual(['true', '/?filter=state%3A%22running%22']);
  chip().click();
  await settle();
  expect([chip().getAttribute('aria-pressed'), screen.address()]).toEqual(['false', '/']);
});
