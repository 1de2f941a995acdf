import { describe, expect, test } from 'vitest';
import { envelope, SAID } from '../../../test/support/envelopes.ts';
import { HubDriver, SOURCE } from '../../../test/support/hub-driver.ts';
import { producerKey } from '../../protocol/tab/keys.ts';
import type { ViewRequest } from '../../protocol/tab/view-data.ts';
import { createViewFeed } from './create-view-feed.ts';
import { DirtyEntities } from './dirty-entities.ts';

const producer = producerKey(SOURCE, 'p');

function running(): HubDriver {
  const hub = new HubDriver();
  hub.add();
  hub.receive({ type: 'hub_hello' });
  hub.receive(envelope({ producerId: 'p', sequence: 1 }, SAID.runStarted()));
  hub.receive(envelope({ producerId: 'p', sequence: 2 }, SAID.taskStarted()));
  return hub;
}

const REQUESTS: readonly ViewRequest[] = [
  { view: 'attention' },
  { view: 'roster' },
  { view: 'reviews' },
  { view: 'run', producer },
  { view: 'conversation', producer },
  { view: 'tools', producer },
];

test.each(REQUESTS)('the feed of $view is of that view, clean at first, and has its collections', (request) => {
  const { state } = running();
  const feed = createViewFeed(state, request);
  const view = feed.snapshot();
  expect(feed.view).toBe(request.view);
  expect(feed.isDirty()).toBe(false);
  expect(feed.takePatches()).toEqual([]);
  expect(Object.keys(view.entities).length).toBeGreaterThan(0);
});

describe('the feeds that span producers', () => {
  test('send an entity once, as it is when it is taken', () => {
    const hub = running();
    const roster = hub.follow({ view: 'roster' });
    hub.receive(envelope({ producerId: 'p', sequence: 3 }, SAID.taskCompleted()));
    hub.receive(envelope({ producerId: 'p', sequence: 4 }, SAID.runEnded()));
    expect(roster.isDirty).toBe(true);
    const patches = roster.pull();
    expect(patches).toEqual([
      expect.objectContaining({ op: 'head', head: { counts: expect.objectContaining({ done: 1, running: 0 }) } }),
      expect.objectContaining({ op: 'upsert', entity: expect.objectContaining({ id: producer, state: 'done' }) }),
    ]);
    expect(roster.isDirty).toBe(false);
  });

  test('forget what is in a snapshot', () => {
    const hub = running();
    const feed = createViewFeed(hub.state, { view: 'roster' });
    feed.note({ kind: 'producer', producer });
    feed.snapshot();
    expect(feed.isDirty()).toBe(false);
  });

  test('do not care for what is not theirs', () => {
    const hub = running();
    const views = [{ view: 'reviews' }, { view: 'attention' }] as const;
    const followers = views.map((request) => hub.follow(request));
    hub.receive(envelope({ producerId: 'p', sequence: 3 }, SAID.token('x')));
    expect(followers.map(({ isDirty }) => isDirty)).toEqual([false, false]);
  });

  test('are quiet while a token streams, but for a sign of life each second', () => {
    const hub = running();
    const roster = hub.follow({ view: 'roster' });
    for (let sequence = 3; sequence < 103; sequence += 1) {
      hub.receive(envelope({ producerId: 'p', sequence }, SAID.token('x')));
    }
    expect(roster.isDirty).toBe(false);
    hub.wait(2000);
    hub.receive(envelope({ producerId: 'p', sequence: 103, atMs: hub.nowMs }, SAID.token('x')));
    expect(roster.isDirty).toBe(true);
    roster.pull();
    expect(hub.producer('p')?.lastSeenMs).toBe(hub.nowMs);
  });

  test('send the head of attention only when it may differ', () => {
    const hub = running();
    const attention = hub.follow({ view: 'attention' });
    hub.receive('not JSON');
    expect(attention.pull()).toEqual([expect.objectContaining({ op: 'upsert', collection: 'sources' })]);
    hub.do({ kind: 'notice', text: 'Storage is full.', nowMs: hub.nowMs });
    expect(attention.pull()).toEqual([expect.objectContaining({ op: 'head' })]);
    hub.do({ kind: 'source-removed', sourceId: SOURCE, nowMs: hub.nowMs });
    expect(attention.pull()).toEqual([{ op: 'remove', collection: 'sources', id: SOURCE }]);
  });

  test('follow a producer that leaves the roster and comes back', () => {
    const hub = running();
    const run = hub.follow({ view: 'run', producer });
    hub.do({ kind: 'source-removed', sourceId: SOURCE, nowMs: hub.nowMs });
    run.pull();
    expect(run.view.head).toBeUndefined();
    hub.add();
    hub.receive({ type: 'hub_hello' });
    hub.receive(envelope({ producerId: 'p', sequence: 1 }, SAID.runStarted('e9')));
    run.pull();
    expect(run.view).toEqual(run.fresh());
    expect(run.view.head).toMatchObject({ ensembleId: 'e9' });
  });
});

describe('dirty entities', () => {
  test('are looked up once, when they are taken', () => {
    const things = new Map([['a', 1]]);
    const dirty = new DirtyEntities((id) => things.get(id));
    dirty.mark('a');
    dirty.mark('b');
    dirty.mark('a');
    things.set('a', 2);
    expect(dirty.isDirty).toBe(true);
    expect(dirty.take()).toEqual([
      { id: 'a', entity: 2 },
      { id: 'b', entity: undefined },
    ]);
    expect(dirty.isDirty).toBe(false);
    dirty.mark('a');
    dirty.clear();
    expect(dirty.take()).toEqual([]);
  });
});
