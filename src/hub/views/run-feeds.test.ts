import { describe, expect, it } from 'vitest';
import { LiveStory, PRODUCER, ROSTER, sourceOf } from '../../../test/support/live-story.ts';
import {
  asked,
  ensembleCompleted,
  ensembleStarted,
  taskCompleted,
  taskStarted,
  token,
  toolCalled,
} from '../../../test/support/messages.ts';
import type { Change } from '../change.ts';
import { dropRuns } from '../live/drop-runs.ts';
import { createConversationFeed } from './conversation-feed.ts';
import { createRunFeed } from './run-feed.ts';
import { createToolsFeed } from './tools-feed.ts';
import type { ViewFeed } from './view-feed.ts';

function story(): LiveStory {
  return new LiveStory().say(ensembleStarted('a')).say(taskStarted(1)).say(asked(0));
}

/** Lets a feed know of everything that a story says from now on. */
function tell(feed: ViewFeed, tale: LiveStory, say: (tale: LiveStory) => unknown): void {
  const before = tale.changes.length;
  say(tale);
  for (const change of tale.changes.slice(before)) feed.note(change);
}

function fresh<F extends ViewFeed>(feed: F): F {
  feed.snapshot();
  return feed;
}

describe('a feed of a run', () => {
  it('needs a snapshot first, and has nothing to say after it', () => {
    const feed = createRunFeed(sourceOf(story().live), { producer: PRODUCER });
    expect(feed.isDirty()).toBe(true);
    expect(feed.takePatches()).toBe('snapshot');
    feed.snapshot();
    expect(feed.isDirty()).toBe(false);
    expect(feed.takePatches()).toEqual([]);
  });

  it('sends each entity once, as it is when it is taken', () => {
    const tale = story();
    const feed = fresh(createRunFeed(sourceOf(tale.live), { producer: PRODUCER }));
    tell(feed, tale, () => {
      for (let calls = 0; calls < 100; calls += 1) tale.say(toolCalled('search', { taskIndex: 1 }));
      tale.say(taskCompleted(1));
    });
    expect(feed.isDirty()).toBe(true);
    const patches = feed.takePatches();
    if (patches === 'snapshot') throw new Error('There was no need for a snapshot.');
    expect(patches.filter(({ op }) => op === 'head')).toHaveLength(1);
    const tasks = patches.filter((patch) => patch.op === 'upsert' && patch.collection === 'tasks');
    expect(tasks).toEqual([{ op: 'upsert', collection: 'tasks', entity: tale.timeline().entities.tasks['t1'] }]);
    expect(patches.filter((patch) => patch.op === 'upsert' && patch.collection === 'toolMarks')).toHaveLength(100);
    expect(feed.takePatches()).toEqual([]);
  });

  it('sends a thousand tokens as one text', () => {
    const tale = story();
    const feed = fresh(createConversationFeed(sourceOf(tale.live), { producer: PRODUCER }));
    tell(feed, tale, () => {
      for (let tokens = 0; tokens < 1000; tokens += 1) tale.say(token('word '));
    });
    expect(feed.takePatches()).toEqual([
      { op: 'append', collection: 'conversations', id: 'c1', field: 'streaming', text: 'word '.repeat(1000) },
    ]);
  });

  it('sends no text twice: not with a conversation that is sent whole, and not after it was taken', () => {
    const tale = story();
    const feed = fresh(createConversationFeed(sourceOf(tale.live), { producer: PRODUCER }));
    tell(feed, tale, () => tale.say(token('one ')).say(asked(1)).say(token('two ')));
    const patches = feed.takePatches();
    if (patches === 'snapshot') throw new Error('There was no need for a snapshot.');
    expect(patches.filter(({ op }) => op === 'append')).toEqual([]);
    expect(patches).toContainEqual({
      op: 'upsert',
      collection: 'conversations',
      entity: expect.objectContaining({ id: 'c1', streaming: 'two ' }),
    });
    tell(feed, tale, () => tale.say(token('three')));
    expect(feed.takePatches()).toEqual([
      { op: 'append', collection: 'conversations', id: 'c1', field: 'streaming', text: 'three' },
    ]);
  });

  it('follows the newest run, unless one was asked for', () => {
    const tale = story().say(ensembleCompleted('a'));
    const newest = fresh(createToolsFeed(sourceOf(tale.live), { producer: PRODUCER }));
    const first = fresh(createToolsFeed(sourceOf(tale.live), { producer: PRODUCER, run: 'r1' }));
    const second = fresh(createToolsFeed(sourceOf(tale.live), { producer: PRODUCER, run: 'r2' }));
    expect(second.snapshot()).toEqual({ head: {}, entities: { toolCalls: {} } });
    const before = tale.changes.length;
    tale.say(ensembleStarted('b')).say(toolCalled('later'));
    for (const feed of [newest, first, second]) for (const change of tale.changes.slice(before)) feed.note(change);
    expect([newest, first, second].map((feed) => feed.takePatches())).toEqual(['snapshot', [], 'snapshot']);
    expect(newest.snapshot().head).toEqual({ run: 'r2' });
    expect(Object.keys(second.snapshot().entities.toolCalls)).toEqual(['x1']);
    expect(first.snapshot()).toEqual({ head: { run: 'r1' }, entities: { toolCalls: {} } });
  });

  it('does not listen to other producers, other runs and other things', () => {
    const tale = story();
    const feed = fresh(createToolsFeed(sourceOf(tale.live), { producer: PRODUCER }));
    const others: Change[] = [
      { kind: 'entity', producer: 'another', run: 'r1', collection: 'toolCalls', id: 'x1' },
      { kind: 'entity', producer: PRODUCER, run: 'r9', collection: 'toolCalls', id: 'x1' },
      { kind: 'entity', producer: PRODUCER, run: 'r1', collection: 'tasks', id: 't1' },
      { kind: 'append', producer: PRODUCER, run: 'r1', conversation: 'c1', text: 'word' },
      { kind: 'run', producer: PRODUCER, run: 'r1' },
      { kind: 'run-reset', producer: PRODUCER, run: 'r9' },
      { kind: 'source', source: 'ws://localhost:7329/ws' },
      { kind: 'attention' },
    ];
    for (const change of others) feed.note(change);
    expect(feed.isDirty()).toBe(false);
  });

  it('shows what its producer is now, and no head when it is gone', () => {
    const tale = story();
    let roster: typeof ROSTER | undefined = ROSTER;
    const feed = fresh(
      createRunFeed(
        { live: () => (roster === undefined ? undefined : tale.live), roster: () => roster },
        {
          producer: PRODUCER,
        },
      ),
    );
    roster = { ...ROSTER, state: 'gone' };
    feed.note({ kind: 'producer', producer: PRODUCER });
    expect(feed.takePatches()).toEqual([{ op: 'head', head: expect.objectContaining({ producer: roster }) }]);
    roster = undefined;
    feed.note({ kind: 'producer-removed', producer: PRODUCER });
    expect(feed.takePatches()).toBe('snapshot');
    expect(feed.snapshot()).toMatchObject({ head: undefined, entities: { tasks: {} } });
  });

  it('shows the other runs in its head, and that one was dropped', () => {
    const tale = story().say(ensembleStarted('b')).say(taskStarted(1));
    const feed = fresh(createRunFeed(sourceOf(tale.live), { producer: PRODUCER }));
    tell(feed, tale, () => dropRuns(tale.live, [0], tale.changes));
    expect(feed.takePatches()).toEqual([{ op: 'head', head: tale.timeline().head }]);
    expect(tale.timeline().head?.runs.map(({ id }) => id)).toEqual(['r2']);
    tell(feed, tale, () => dropRuns(tale.live, [0], tale.changes));
    expect(feed.takePatches()).toBe('snapshot');
    expect(feed.snapshot().head).toMatchObject({ runs: [], title: '', tokens: 0, toolCalls: 0, tasksPending: 0 });
    expect(feed.snapshot().head).not.toHaveProperty('run');
  });

  it('forgets a text that nobody takes, and sends the end of it', () => {
    const tale = story();
    const feed = fresh(createConversationFeed(sourceOf(tale.live), { producer: PRODUCER }));
    tell(feed, tale, () => {
      for (let tokens = 0; tokens < 70; tokens += 1) tale.say(token('w'.repeat(1000)));
    });
    expect(feed.takePatches()).toEqual([
      {
        op: 'upsert',
        collection: 'conversations',
        entity: expect.objectContaining({ streaming: 'w'.repeat(4096), streamingSkippedChars: 65_904 }),
      },
    ]);
  });
});
