import { createSignal } from 'solid-js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { SourceEntity, SourceReason, SourceState } from '../../protocol/tab/source-model.ts';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt, settle } from '../test-support/render-at.tsx';
import type { Screen } from '../test-support/render-at.tsx';
import { sampleSource } from '../test-support/source-samples.ts';
import { SourceList } from './source-list.tsx';

const ID = 'ws://localhost:7400/ws';
const PAUSED: SourceState = { kind: 'disconnected', reason: { code: 'paused', text: 'You paused it.' } };

let screen: Screen | undefined;
const fake = new FakeHub();

afterEach(() => {
  screen?.dispose();
  fake.sourceCommands.length = 0;
  vi.unstubAllGlobals();
});

async function show(source: SourceEntity) {
  const [sources, setSources] = createSignal([source]);
  screen = await renderAt(fake, () => <SourceList sources={sources()} />);
  return { change: (changed: Partial<SourceEntity>) => setSources([{ ...source, ...changed }]) };
}

async function press(name: string): Promise<void> {
  (screen?.byRole('button', name) ?? expect.fail(`no button ${name}`)).click();
  await settle();
}

function field(): HTMLInputElement {
  return screen?.root.querySelector('input') ?? expect.fail('no field');
}

function key(target: HTMLElement, pressed: string): void {
  target.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true }));
}

describe('a source in the list', () => {
  test('is paused, resumed and removed by buttons that name it', async () => {
    const { change } = await show(sampleSource({ label: 'Desk' }));
    expect(screen?.text()).toContain('localhost:7400 · relay or hub · 2 producers');
    await press('Pause Desk');
    change({ label: 'Desk', state: PAUSED });
    expect(screen?.byRole('status')?.textContent).toBe('disconnected');
    expect(screen?.text()).toContain('You paused it.');
    expect(screen?.byRole('button', 'Retry now')).toBeUndefined();
    await press('Resume Desk');
    await press('Remove Desk');
    expect(fake.sourceCommands).toEqual([
      ['pauseSource', ID],
      ['resumeSource', ID],
      ['removeSource', ID],
    ]);
  });

  test('is renamed: Enter keeps, Escape does not, and the focus is not lost', async () => {
    await show(sampleSource());
    await press('Rename localhost:7400');
    expect([field().value, field().getAttribute('aria-label')]).toEqual(['localhost:7400', 'Name of localhost:7400']);
    key(field(), 'Escape');
    await settle();
    expect(screen?.root.querySelector('input')).toBeNull();
    expect(document.activeElement).toBe(screen?.byRole('button', 'Rename localhost:7400'));
    await press('Rename localhost:7400');
    field().value = 'Kitchen';
    field().dispatchEvent(new Event('input', { bubbles: true }));
    await press('Save');
    expect(fake.sourceCommands).toEqual([['renameSource', ID, 'Kitchen']]);
    expect(screen?.root.querySelector('input')).toBeNull();
  });

  test.each([
    ['Pause', 'pauseSource'],
    ['Remove', 'removeSource'],
  ] as const)('asks before %s answers reviews that are open', async (verb, command) => {
    await show(sampleSource({ kind: 'embedded', reviewsAtRisk: 2 }));
    await press(`${verb} localhost:7400`);
    expect(screen?.byRole('alertdialog')?.textContent).toContain('waits for your answer to 2 reviews');
    expect(document.activeElement?.textContent).toBe('Keep it connected');
    await press('Keep it connected');
    expect([screen?.byRole('alertdialog'), fake.sourceCommands]).toEqual([undefined, []]);
    await press(`${verb} localhost:7400`);
    key(document.activeElement as HTMLElement, 'Escape');
    expect([screen?.byRole('alertdialog'), fake.sourceCommands]).toEqual([undefined, []]);
    await press(`${verb} localhost:7400`);
    await press(`${verb} anyway`);
    expect([screen?.byRole('alertdialog'), fake.sourceCommands]).toEqual([undefined, [[command, ID]]]);
  });

  test('keeps what is typed, and the focus, when something of it changes meanwhile', async () => {
    const { change } = await show(sampleSource());
    await press('Rename localhost:7400');
    field().value = 'Des';
    field().focus();
    change({ producers: 3 });
    await settle();
    expect(screen?.text()).toContain('3 producers');
    expect([field().value, document.activeElement]).toEqual(['Des', field()]);
  });

  test('leaves the focus to its neighbour when it is removed', async () => {
    const [first, second] = [sampleSource({ label: 'Desk' }), sampleSource({ id: 'ws://b:1/ws', label: 'Next' })];
    const [sources, setSources] = createSignal([first, second]);
    screen = await renderAt(fake, () => <SourceList sources={sources()} />);
    screen.byRole('button', 'Remove Desk')?.focus();
    setSources([second]);
    await settle();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Pause Next');
  });

  test('has no pause and no other name when it is the demo', async () => {
    await show(sampleSource({ kind: 'demo', label: 'Demo', url: 'demo:' }));
    expect(screen?.root.querySelector('.source-note')?.textContent).toMatch(/^demo in this page · /);
    const names = [...(screen?.root.querySelectorAll('button') ?? [])].map((button) => button.textContent);
    expect(names).toEqual(['Remove']);
  });

  test('shows the option that lets this page in, as it is to be typed', async () => {
    const reason = { code: 'refuses-this-page', text: 'It refuses; start it with --allow-origin http://x' } as const;
    await show(sampleSource({ state: { kind: 'disconnected', reason } }));
    expect(screen?.root.querySelector('code')?.textContent).toBe('--allow-origin http://x');
    expect(screen?.text()).toContain('It refuses; start it with --allow-origin http://x');
    await press('Retry now');
    expect(fake.sourceCommands).toEqual([['retryNow', ID]]);
  });
});

describe('Retry now', () => {
  const reason: SourceReason = { code: 'local-network-prompt', text: 'The browser has to ask you.' };
  const state: SourceState = { kind: 'disconnected', reason };

  test('lets the page itself ask for the local network first, with a plain request', async () => {
    let answer = (): void => undefined;
    const request = vi.fn<typeof fetch>(
      () => new Promise((_resolve, reject) => (answer = () => reject(new TypeError('Failed to fetch')))),
    );
    vi.stubGlobal('fetch', request);
    await show(sampleSource({ state }));
    await press('Retry now');
    expect(request.mock.calls).toEqual([
      ['http://localhost:7400/api/health/live', expect.objectContaining({ mode: 'no-cors', credentials: 'omit' })],
    ]);
    expect(fake.sourceCommands).toEqual([]);
    answer();
    await settle();
    expect(fake.sourceCommands).toEqual([['retryNow', ID]]);
  });

  test('asks over https where the source is secure, and nothing where nothing is to be asked', async () => {
    const request = vi.fn<typeof fetch>(() => Promise.resolve(new Response()));
    vi.stubGlobal('fetch', request);
    const { change } = await show(sampleSource({ url: 'wss://10.0.0.5:7400/ws', state }));
    await press('Retry now');
    expect(request.mock.calls[0]?.[0]).toBe('https://10.0.0.5:7400/api/health/live');
    change({ state: { kind: 'disconnected', reason: { code: 'nothing-answers', text: 'Nothing.' } } });
    await press('Retry now');
    expect([request.mock.calls.length, fake.sourceCommands.length]).toEqual([1, 2]);
  });
});
