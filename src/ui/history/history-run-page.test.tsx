import { ErrorBoundary } from 'solid-js';
import { Route, MemoryRouter, createMemoryHistory } from '@solidjs/router';
import { render } from 'solid-js/web';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../protocol/tab/run-model.ts';
import type { HubConnectionState } from '../hub/hub-connection.ts';
import { PageFailure } from '../shell/page-failure.tsx';
import { FakeHub, FakeHubProvider } from '../test-support/fake-hub.tsx';
import { historySample, historyView } from '../test-support/history-samples.ts';
import { settle } from '../test-support/render-at.tsx';
import { PRODUCER, runView, sampleHead, sampleRun } from '../test-support/run-samples.ts';
import { HistoryRunPage } from './history-run-page.tsx';

const ID = 'ws://a:1/ws svc 1.1';
const LOST = new Error('The hub was lost.');

let end: () => void = () => undefined;
afterEach(() => end());

function connected(bootId: string): HubConnectionState {
  return { kind: 'connected', hub: { bootId, contract: 2, lockName: bootId }, isActive: true };
}

async function show(fake: FakeHub, runs: readonly RunSummary[] = [sampleRun()]): Promise<() => string> {
  fake.show('history', historyView([historySample(ID, { title: 'Draft' })]));
  fake.show('run', runView(sampleHead({ run: sampleRun(), runs, title: 'The run itself' })));
  fake.openedRun = { producer: PRODUCER, run: 'r1' };
  fake.setState(connected('one'));
  const history = createMemoryHistory();
  history.set({ value: '/history/ws%3A%2F%2Fa%3A1%2Fws/svc/1.1' });
  const root = document.body.appendChild(document.createElement('div'));
  const draw = () => (
    <ErrorBoundary fallback={(error: unknown) => <PageFailure error={error} />}>
      <HistoryRunPage />
    </ErrorBoundary>
  );
  const dispose = render(
    () => (
      <FakeHubProvider fake={fake}>
        <MemoryRouter history={history}>
          <Route path="/history/:source/:producer/:place" component={draw} />
        </MemoryRouter>
      </FakeHubProvider>
    ),
    root,
  );
  end = () => {
    dispose();
    root.remove();
  };
  await settle();
  await settle();
  return () => root.textContent;
}

describe('a run of the history', () => {
  it('stays on the screen of a tab that has lost its hub, and is opened again at the next one', async () => {
    const fake = new FakeHub();
    const text = await show(fake);
    expect(text()).toContain('The run itself');
    fake.fail(LOST);
    fake.setState({ kind: 'lost' });
    await settle();
    fake.setState({ kind: 'retired', text: 'Reload.' });
    await settle();
    expect(text()).toContain('The run itself');
    fake.fail(undefined);
    fake.setState(connected('two'));
    await settle();
    expect(fake.historyCommands).toEqual([
      ['openRun', ID],
      ['openRun', ID],
    ]);
  });

  it('lets any other run of its producer be picked, the newest too, and then deletes none', async () => {
    const fake = new FakeHub();
    await show(fake, [sampleRun(), sampleRun({ id: 'r2', number: 2 }), sampleRun({ id: 'r3', number: 3 })]);
    const deletes = (): boolean => document.querySelector('[data-act="delete"]') !== null;
    expect(deletes()).toBe(true);
    for (const run of ['r3', 'r2', 'r3']) {
      const picker = document.querySelector<HTMLSelectElement>('.run-picker');
      if (picker === null) throw new Error('no picker');
      picker.focus();
      picker.value = run;
      picker.dispatchEvent(new Event('change', { bubbles: true }));
      await settle();
      expect([fake.requests().find(({ view }) => view === 'run'), deletes()]).toEqual([
        { view: 'run', producer: PRODUCER, run },
        false,
      ]);
      expect(document.activeElement).toBe(document.querySelector('.run-picker'));
    }
  });

  it('says why it cannot be read', async () => {
    const fake = new FakeHub();
    fake.fail(new Error('The storage broke.'));
    const text = await show(fake);
    expect(text()).toContain('This run could not be read: The storage broke.');
  });
});
