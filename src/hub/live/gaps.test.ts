import { describe, expect, it } from 'vitest';
import { BEGIN_MS, LiveStory } from '../../../test/support/live-story.ts';
import { ensembleStarted, taskStarted, toolCalled } from '../../../test/support/messages.ts';
import { fillGap, noteGap } from './gaps.ts';

describe('a gap', () => {
  it('stands where the event behind it stands', () => {
    const tale = new LiveStory().say(ensembleStarted('e')).say(taskStarted(1));
    noteGap(tale.live, { kind: 'missing', epoch: 1, from: 3, to: 5 });
    expect(tale.timeline().entities.gaps).toEqual({});
    tale.skipTo(6).say(toolCalled('a'), { ms: 8000 });
    expect(tale.timeline().entities.gaps).toEqual({
      g1: { id: 'g1', order: 1, kind: 'missing', events: 3, atMs: BEGIN_MS + 8000 },
    });
    expect(tale.changes).toContainEqual(expect.objectContaining({ kind: 'entity', collection: 'gaps', id: 'g1' }));
  });

  it('goes with the event into the run that it begins', () => {
    const tale = new LiveStory().say(ensembleStarted('a')).say(taskStarted(1));
    noteGap(tale.live, { kind: 'not-seen', epoch: 2, from: 1, to: 4 });
    tale.restart(5).say(ensembleStarted('b'));
    expect(tale.timeline('r1').entities.gaps).toEqual({});
    expect(tale.timeline('r2').entities.gaps['g1']).toMatchObject({ kind: 'not-seen', events: 4 });
  });

  it('is shown behind the events before it, whenever it was noted', () => {
    const tale = new LiveStory().say(taskStarted(1));
    noteGap(tale.live, { kind: 'missing', epoch: 1, from: 6, to: 6 });
    noteGap(tale.live, { kind: 'missing', epoch: 1, from: 3, to: 3 });
    tale.skipTo(4).say(toolCalled('a'));
    expect(Object.values(tale.timeline().entities.gaps)).toHaveLength(1);
    tale.skipTo(7).say(toolCalled('b'));
    expect(Object.values(tale.timeline().entities.gaps)).toHaveLength(2);
  });

  it('shrinks with each event that comes after all, and is gone with the last', () => {
    const tale = new LiveStory().say(taskStarted(1));
    noteGap(tale.live, { kind: 'missing', epoch: 1, from: 3, to: 4 });
    tale.skipTo(5).say(toolCalled('a'));
    for (const position of [
      { epoch: 1, sequence: 2 },
      { epoch: 1, sequence: 5 },
      { epoch: 2, sequence: 3 },
    ]) {
      fillGap(tale.live, position, tale.changes);
    }
    expect(tale.timeline().entities.gaps['g1']?.events).toBe(2);
    fillGap(tale.live, { epoch: 1, sequence: 4 }, tale.changes);
    expect(tale.timeline().entities.gaps['g1']?.events).toBe(1);
    fillGap(tale.live, { epoch: 1, sequence: 3 }, tale.changes);
    expect(tale.timeline().entities.gaps).toEqual({});
    expect(tale.changes.at(-1)).toMatchObject({ kind: 'removed', collection: 'gaps', id: 'g1' });
  });

  it('of nothing is none', () => {
    const tale = new LiveStory();
    noteGap(tale.live, { kind: 'not-seen', epoch: 1, from: 1, to: 0 });
    tale.say(taskStarted(1));
    expect(tale.timeline().entities.gaps).toEqual({});
  });
});
