import { describe, expect, it } from 'vitest';
import type { HubAction } from '../hub/hub-action.ts';
import { MemorySettingsStore } from './settings/memory-settings-store.ts';
import { DEMO_SOURCE_ID, SourceBook } from './source-book.ts';
import { SourceSet } from './sources/source-set.ts';
import { FakeClock } from './test-support/fake-clock.ts';
import { FakeSockets } from './test-support/fake-sockets.ts';

const RELAY = 'ws://localhost:7400/ws';
const DASHBOARD = 'ws://localhost:7329/ws';
const PAGE = 'http://localhost:7400';

function createBook() {
  const clock = new FakeClock(5);
  const sockets = new FakeSockets();
  const actions: HubAction[] = [];
  const sources = new SourceSet({
    clock,
    openSocket: sockets.open,
    random: () => 0.5,
    probes: {
      pageOrigin: PAGE,
      isOnline: () => true,
      permission: async () => undefined,
      answers: async () => false,
    },
    listener: { onState: () => undefined, onFrame: () => undefined, onUnreadable: () => undefined },
  });
  sources.activate();
  const book = new SourceBook({ clock, sources, dispatch: (action) => actions.push(action) });
  const urls = (): string[] => sockets.opened.map(({ url }) => url);
  return { book, sources, sockets, actions, urls, clock };
}

async function loadedBook(store = new MemorySettingsStore()) {
  const made = createBook();
  made.book.load(await store.load(), store);
  return { ...made, store };
}

describe('SourceBook', () => {
  it('adds a source under its canonical address, and remembers it', async () => {
    const { book, actions, urls, store } = await loadedBook();
    expect(book.add(' http://LOCALHOST:7329 ')).toEqual({ ok: true, value: { sourceId: DASHBOARD, isNew: true } });
    expect(book.add('localhost:7329/ws')).toEqual({ ok: true, value: { sourceId: DASHBOARD, isNew: false } });
    const added = { kind: 'source-added', sourceId: DASHBOARD, url: DASHBOARD, label: 'localhost:7329', nowMs: 5 };
    expect([actions, urls()]).toEqual([[added], [DASHBOARD]]);
    expect((await store.load()).sources).toEqual([{ id: DASHBOARD, url: DASHBOARD, order: 1 }]);
  });

  it('says what is wrong with an address', async () => {
    const { book, actions } = await loadedBook();
    expect(book.add('')).toMatchObject({ ok: false, error: { code: 'blank', message: expect.any(String) } });
    expect(actions).toEqual([]);
  });

  it('takes a name, also later', async () => {
    const { book, actions, store } = await loadedBook();
    book.add('localhost:7329', ' Desk ');
    book.add('localhost:7400', '  ');
    book.add('localhost:7400', 'Relay');
    expect(actions).toEqual([
      expect.objectContaining({ kind: 'source-added', label: 'Desk' }),
      expect.objectContaining({ kind: 'source-added', label: 'localhost:7400' }),
      { kind: 'source-renamed', sourceId: RELAY, label: 'Relay', nowMs: 5 },
    ]);
    expect((await store.load()).sources.map(({ name, order }) => [name, order])).toEqual([
      ['Desk', 1],
      ['Relay', 2],
    ]);
  });

  it('renames a source, and gives it back its address for a blank name', async () => {
    const { book, actions, store } = await loadedBook();
    book.add('localhost:7329');
    book.rename(DASHBOARD, `  ${'D'.repeat(100)}  `);
    book.rename(DASHBOARD, ' ');
    book.rename(RELAY, 'nobody');
    expect(actions.slice(1)).toEqual([
      { kind: 'source-renamed', sourceId: DASHBOARD, label: 'D'.repeat(80), nowMs: 5 },
      { kind: 'source-renamed', sourceId: DASHBOARD, label: 'localhost:7329', nowMs: 5 },
    ]);
    expect((await store.load()).sources).toEqual([{ id: DASHBOARD, url: DASHBOARD, order: 1 }]);
  });

  it('remembers a pause across a restart, and a resumption too', async () => {
    const { book, sockets, store } = await loadedBook();
    book.add('localhost:7329', 'Desk');
    book.pause(DASHBOARD);
    book.pause(RELAY);
    expect(sockets.live).toBe(0);
    const paused = { id: DASHBOARD, url: DASHBOARD, order: 1, name: 'Desk', isPaused: true };
    expect((await store.load()).sources).toEqual([paused]);
    const second = await loadedBook(store);
    expect([second.urls(), second.sources.shown(DASHBOARD)]).toMatchObject([[], { reason: { code: 'paused' } }]);
    second.book.resume(DASHBOARD);
    second.book.resume(RELAY);
    expect([second.urls(), (await store.load()).sources[0]]).toEqual([
      [DASHBOARD],
      { id: DASHBOARD, url: DASHBOARD, order: 1, name: 'Desk' },
    ]);
  });

  it('resumes a paused source whose address is entered or linked to again', async () => {
    const { book, sockets } = await loadedBook();
    book.add('localhost:7329');
    book.pause(DASHBOARD);
    book.add('localhost:7329');
    expect(sockets.live).toBe(1);
    book.pause(DASHBOARD);
    await book.openLink(DASHBOARD, { pageOrigin: PAGE });
    expect(sockets.live).toBe(1);
  });

  it('removes a source for good, and lets it come back when it is asked for', async () => {
    const { book, actions, sources, store } = await loadedBook();
    book.add('localhost:7400');
    book.remove(RELAY);
    book.remove(RELAY);
    expect(actions.slice(1)).toEqual([{ kind: 'source-removed', sourceId: RELAY, nowMs: 5 }]);
    expect([sources.size, await store.load()]).toMatchObject([0, { sources: [], removed: new Set([RELAY]) }]);
    book.adopt(PAGE);
    expect(sources.size).toBe(0);
    book.add('localhost:7400');
    expect(await store.load()).toMatchObject({ removed: new Set() });
    book.remove(RELAY);
    book.add('localhost:7400');
    book.adopt(PAGE);
    expect(sources.size).toBe(1);
  });

  it('adopts the relay of the page, once', async () => {
    const { book, urls } = await loadedBook();
    book.adopt(PAGE);
    book.adopt(PAGE);
    book.adopt('file://');
    expect(urls()).toEqual([RELAY]);
  });

  it('waits for what is remembered before it adopts', async () => {
    const store = new MemorySettingsStore();
    await store.removeSource(RELAY);
    const { book, urls } = createBook();
    book.adopt(PAGE);
    book.adopt('http://localhost:7500');
    expect(urls()).toEqual([]);
    book.load(await store.load(), store);
    expect(urls()).toEqual(['ws://localhost:7500/ws']);
  });

  it('connects what is remembered, under its name', async () => {
    const store = new MemorySettingsStore();
    await store.putSource({ id: RELAY, url: RELAY, name: 'Relay', order: 7 });
    const { book, actions, urls } = await loadedBook(store);
    expect([actions[0], urls()]).toMatchObject([{ kind: 'source-added', label: 'Relay' }, [RELAY]]);
    book.add('localhost:7329');
    expect((await store.load()).sources.map(({ order }) => order)).toEqual([7, 8]);
  });

  it('does not lose what was added or removed before the storage could be read', async () => {
    const store = new MemorySettingsStore();
    await store.putSource({ id: RELAY, url: RELAY, order: 3 });
    await store.removeSource(DASHBOARD);
    const { book, urls } = createBook();
    book.add('localhost:7329', 'Desk');
    book.add('localhost:7600');
    book.remove('ws://localhost:7600/ws');
    book.load(await store.load(), store);
    expect(urls()).toEqual([DASHBOARD, 'ws://localhost:7600/ws', RELAY]);
    expect(await store.load()).toMatchObject({
      sources: [{ id: RELAY }, { id: DASHBOARD, name: 'Desk', order: 4 }],
      removed: new Set(['ws://localhost:7600/ws']),
    });
  });

  it('keeps the name and the place of a source that is asked for before the storage could be read', async () => {
    const store = new MemorySettingsStore();
    await store.putSource({ id: DASHBOARD, url: DASHBOARD, name: 'Desk', order: 3, isPaused: true });
    await store.putSource({ id: RELAY, url: RELAY, name: 'Relay', order: 4 });
    const { book, actions, urls } = createBook();
    book.add('localhost:7329');
    book.add('localhost:7400', 'Hub');
    book.load(await store.load(), store);
    expect(urls()).toEqual([DASHBOARD, RELAY]);
    expect(actions.at(-1)).toEqual({ kind: 'source-renamed', sourceId: DASHBOARD, label: 'Desk', nowMs: 5 });
    expect((await store.load()).sources).toEqual([
      { id: DASHBOARD, url: DASHBOARD, name: 'Desk', order: 3 },
      { id: RELAY, url: RELAY, name: 'Hub', order: 4 },
    ]);
  });

  it('keeps the name that the user gave a source that a link names before the storage could be read', async () => {
    const store = new MemorySettingsStore();
    await store.putSource({ id: DASHBOARD, url: DASHBOARD, name: 'Desk', order: 3, isPaused: true });
    const { book, urls } = createBook();
    const outcome = book.openLink(DASHBOARD, { pageOrigin: PAGE, name: 'Kitchen' });
    book.load(await store.load(), store);
    expect([await outcome, urls()]).toEqual([{ kind: 'connected', sourceId: DASHBOARD }, [DASHBOARD]]);
    expect((await store.load()).sources).toEqual([{ id: DASHBOARD, url: DASHBOARD, name: 'Desk', order: 3 }]);
  });

  it('opens a link where that is safe, and asks elsewhere', async () => {
    const { book, urls, sockets } = await loadedBook();
    const here = { pageOrigin: PAGE, name: 'Desk' };
    expect(await book.openLink('ws://127.0.0.1:7329/ws', here)).toEqual({
      kind: 'connected',
      sourceId: 'ws://127.0.0.1:7329/ws',
    });
    expect(await book.openLink('hub.example:7400', here)).toEqual({ kind: 'ask', address: 'hub.example:7400' });
    expect(await book.openLink('user:secret@localhost:1', here)).toMatchObject({
      kind: 'bad',
      problem: { code: 'credentials' },
    });
    expect(urls()).toEqual(['ws://127.0.0.1:7329/ws']);
    book.add('hub.example:7400');
    sockets.last.drop();
    expect(await book.openLink('hub.example:7400', here)).toEqual({
      kind: 'connected',
      sourceId: 'ws://hub.example:7400/ws',
    });
    expect(urls()).toEqual(['ws://127.0.0.1:7329/ws', 'ws://hub.example:7400/ws', 'ws://hub.example:7400/ws']);
  });

  it('knows whether a link is to a source that is remembered before it asks', async () => {
    const store = new MemorySettingsStore();
    await store.putSource({ id: 'ws://hub.example:7400/ws', url: 'ws://hub.example:7400/ws', order: 1 });
    const { book, urls } = createBook();
    const known = book.openLink('hub.example:7400', { pageOrigin: PAGE });
    const other = book.openLink('other.example:7400', { pageOrigin: PAGE });
    book.load(await store.load(), store);
    expect(await known).toEqual({ kind: 'connected', sourceId: 'ws://hub.example:7400/ws' });
    expect(await other).toEqual({ kind: 'ask', address: 'other.example:7400' });
    expect(urls()).toEqual(['ws://hub.example:7400/ws']);
  });

  it('asks about a link where the storage does not open', async () => {
    const { book, clock } = createBook();
    const outcome = book.openLink('hub.example:7400', { pageOrigin: PAGE });
    clock.advance(3_000);
    expect(await outcome).toEqual({ kind: 'ask', address: 'hub.example:7400' });
  });

  it('shows the demo and does not remember it', async () => {
    const { book, actions, urls, store, sources } = await loadedBook();
    const inside = new FakeSockets();
    expect(book.addDemo(inside.open)).toEqual({ sourceId: DEMO_SOURCE_ID, isNew: true });
    expect(book.addDemo(inside.open)).toEqual({ sourceId: DEMO_SOURCE_ID, isNew: false });
    expect(actions).toEqual([
      { kind: 'source-added', sourceId: 'demo:', url: 'demo:', label: 'Demo', sourceKind: 'demo', nowMs: 5 },
    ]);
    expect([inside.opened.length, urls()]).toEqual([1, []]);
    book.remove(DEMO_SOURCE_ID);
    expect([sources.size, await store.load()]).toMatchObject([0, { sources: [], removed: new Set() }]);
  });
});
