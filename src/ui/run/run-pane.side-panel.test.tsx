import { describe, expect, test } from 'vitest';
import { setUpRunPane } from '../test-support/open-run-pane.tsx';
import { settle } from '../test-support/render-at.tsx';
import {
  reviewsView,
  runView,
  sampleHead,
  sampleProducer,
  sampleReview,
  sampleRun,
} from '../test-support/run-samples.ts';
import { waitingRun } from '../test-support/waiting-run.ts';

const scene = setUpRunPane();
const { open } = scene;

describe('what stands beside the run', () => {
  test('is the open review, with how many more wait', async () => {
    scene.fake.show(
      'reviews',
      reviewsView([sampleReview({ id: 'r1' }), sampleReview({ id: 'r2', producer: 'other', order: 2 })]),
    );
    const shown = await open(waitingRun());
    expect(shown.byRole('button', 'Approve A')).toBeDefined();
    expect(shown.text()).toContain('+1 pending');
  });

  test('shows a task that was picked, and the way back to the review', async () => {
    scene.fake.show('reviews', reviewsView([sampleReview({ id: 'r1' })]));
    const shown = await open(waitingRun());
    shown.byRole('option', 'Translate, failed')?.click();
    expect(shown.text()).toContain('Why it failed');
    expect(shown.text()).toContain('model refused');
    expect(shown.text()).toContain('flaky_api');
    expect(shown.byRole('button', 'Approve A')).toBeUndefined();
    shown.byRole('button', 'A review waits for you · show it')?.click();
    expect(shown.byRole('button', 'Approve A')).toBeDefined();
  });

  test('counts no run beyond the last one, though one before it was deleted', async () => {
    const runs = [1, 2, 7].map((number) => sampleRun({ id: `r${number}`, number }));
    const producer = sampleProducer({ runs: 6 });
    const shown = await open(runView(sampleHead({ run: sampleRun({ id: 'r7', number: 7 }), runs, producer })));
    const choices = [...shown.root.querySelectorAll('.run-picker option')].map(({ textContent }) => textContent);
    expect(choices.map((choice) => /^run \d of \d/.exec(choice)?.[0])).toEqual([
      'run 7 of 7',
      'run 2 of 7',
      'run 1 of 7',
    ]);
  });

  test('puts a task away with Escape, and leaves the focus where it is', async () => {
    const shown = await open(waitingRun());
    const task = shown.byRole('option', 'Translate, failed');
    task?.click();
    task?.focus();
    expect(shown.text()).toContain('Why it failed');
    task?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
    await settle();
    expect(shown.text()).not.toContain('Why it failed');
    expect(document.activeElement).toBe(task);
  });

  test('a review that was just decided stays, so that its fate is seen', async () => {
    scene.fake.show('reviews', reviewsView([sampleReview({ id: 'r1' })]));
    const shown = await open(waitingRun());
    const sent = sampleReview({ id: 'r1', canDecide: false, status: { kind: 'sent' } });
    scene.fake.patch('reviews', [{ op: 'upsert', collection: 'reviews', entity: sent }]);
    expect(shown.root.querySelector('.review-status')?.textContent).toBe('sent');
    shown.byRole('button', 'Nothing is left to decide here · close')?.click();
    expect(shown.root.querySelector('.review')).toBeNull();
    scene.fake.patch('reviews', [{ op: 'upsert', collection: 'reviews', entity: sampleReview({ id: 'r1' }) }]);
    expect(shown.byRole('button', 'Approve A')).toBeDefined();
  });

  test('is nothing, and takes no room, where nothing waits and nothing is picked', async () => {
    const shown = await open(waitingRun());
    expect(shown.root.querySelector('.run')?.getAttribute('data-side')).toBe('false');
    shown.byRole('option', 'Find sources, completed')?.click();
    expect(shown.root.querySelector('.run')?.getAttribute('data-side')).toBe('true');
    shown.byRole('button', 'Close the task')?.focus();
    shown.byRole('button', 'Close the task')?.click();
    await settle();
    expect(document.activeElement).toBe(shown.byRole('tabpanel'));
    expect(shown.root.querySelector('.run')?.getAttribute('data-side')).toBe('false');
  });
});
