import { describe, expect, test } from 'vitest';
import { sampleReview, sampleRun } from '../test-support/run-samples.ts';
import { pickReview } from './create-shown-review.ts';
import { tabAfterKey, tabPanelId } from './run-tabs.tsx';
import { elapsedMs, exitText, runChoice, runStateView, stateText, tasksFigure } from './run-words.ts';
import { intoText } from './task-details.tsx';

describe('the words of a run', () => {
  test('tell its state', () => {
    expect(runStateView('lost-touch')).toEqual({ word: 'lost touch', glyph: 'gone' });
    expect(stateText(sampleRun({ state: 'waiting' }), 1000, 135_000)).toBe('waiting for you · 2:14');
    expect(stateText(sampleRun(), 1000, 135_000)).toBe('running');
    expect(stateText(sampleRun({ state: 'ended', durationMs: 1000 }), undefined, 361_000)).toBe('done · 6 min ago');
    expect(stateText(sampleRun({ state: 'ended', durationMs: 1000 }), undefined, 1200)).toBe('done · just now');
  });

  test('tell how long it took, or takes so far', () => {
    expect(elapsedMs(sampleRun({ startedAtMs: 100 }), 500)).toBe(400);
    expect(elapsedMs(sampleRun({ durationMs: 7 }), 500)).toBe(7);
    expect(elapsedMs(sampleRun({ state: 'failed', startedAtMs: 100 }), 500)).toBe(400);
    expect(elapsedMs(sampleRun({ state: 'lost-touch' }), 500)).toBeUndefined();
  });

  test('count its tasks', () => {
    expect(tasksFigure({ tasksFinished: 2, tasksTotal: 4 })).toBe('2 of 4');
    expect(runChoice(sampleRun({ number: 2 }), 3)).toBe('run 2 of 3 · running · 4 tasks');
  });

  test('tell how it ended', () => {
    expect(exitText('USER_EXIT_EARLY')).toBe('Ended: somebody chose to exit early.');
    expect(exitText('NEW_REASON')).toBe('Ended: NEW_REASON.');
  });

  test('tell when a task began', () => {
    expect([intoText(90_000, 30_000), intoText(90_000)]).toEqual(['1:00 into the run', '0:00 into the run']);
  });
});

describe('tabs', () => {
  test('move with the arrows, around the ends', () => {
    expect(tabAfterKey('timeline', 'ArrowRight')).toBe('conversation');
    expect(tabAfterKey('timeline', 'ArrowLeft')).toBe('tools');
    expect(tabAfterKey('tools', 'Home')).toBe('timeline');
    expect(tabAfterKey('timeline', 'End')).toBe('tools');
    expect(tabAfterKey('timeline', 'x')).toBeUndefined();
    expect(tabPanelId('tools')).toBe('panel-tools');
  });
});

describe('the review beside a run', () => {
  const open = sampleReview({ id: 'open', producer: 'p' });
  const held = sampleReview({
    id: 'held',
    producer: 'p',
    canDecide: false,
    status: { kind: 'held', why: 'process-away' },
  });
  const applied = sampleReview({
    id: 'applied',
    producer: 'p',
    canDecide: false,
    status: { kind: 'applied', proof: 'ack' },
  });

  test('is the open one, else one under way, else the last one shown', () => {
    expect(pickReview([held, open], 'p')).toBe(open);
    expect(pickReview([applied, held], 'p')).toBe(held);
    expect(pickReview([applied, held], 'p', { id: 'applied', isWriting: false })).toBe(applied);
    expect(pickReview([applied], 'p')).toBeUndefined();
    expect(pickReview([open], 'other')).toBeUndefined();
  });

  test('stays where somebody is about to answer it, also past its end', () => {
    const urgent = sampleReview({ id: 'urgent', producer: 'p', deadlineMs: 1 });
    expect(pickReview([open, urgent], 'p')).toBe(urgent);
    expect(pickReview([open, urgent], 'p', { id: 'open', isWriting: false })).toBe(open);
    expect(pickReview([applied, urgent], 'p', { id: 'applied', isWriting: true })).toBe(applied);
    expect(pickReview([applied, urgent], 'p', { id: 'applied', isWriting: false })).toBe(urgent);
  });
});
