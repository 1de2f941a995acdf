import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt, settle } from '../test-support/render-at.tsx';
import type { Screen } from '../test-support/render-at.tsx';
import { reviewsView, sampleReview } from '../test-support/run-samples.ts';
import { ReviewsPage } from './reviews-page.tsx';

let screen: Screen | undefined;
let fake: FakeHub;

beforeEach(() => {
  fake = new FakeHub();
});

afterEach(() => screen?.dispose());

test('A8: the reviews of all producers are in one place and can be answered there', async () => {
  const other = 'ws://localhost:7400/ws svc-c-1';
  const first = sampleReview({ id: 'one', taskDescription: 'Draft' });
  const second = sampleReview({ id: 'two', producer: other, taskDescription: 'Translate' });
  fake.show('reviews', reviewsView([first, second]));
  screen = await renderAt(fake, () => <ReviewsPage />, '/reviews?review=two');
  expect(screen.text()).toContain('Draft');
  expect(screen.text()).toContain('svc-c-1');
  screen.byRole('button', 'Approve A')?.click();
  await settle();
  expect(fake.decisions).toEqual([expect.objectContaining({ review: 'two', decision: 'CONTINUE' })]);
});

test('a review leads to its own run, also when its producer has begun another one', async () => {
  const sent = sampleReview({ id: 'one', run: 'r3', canDecide: false, status: { kind: 'sent' } });
  fake.show('reviews', reviewsView([sent]));
  screen = await renderAt(fake, () => <ReviewsPage />, '/reviews');
  expect(screen.root.querySelector('.inbox-origin')?.getAttribute('href')).toMatch(/\?run=r3$/);
});

test('a line of the inbox keeps the focus when its review changes', async () => {
  fake.show('reviews', reviewsView([sampleReview({ id: 'one' }), sampleReview({ id: 'two', order: 2 })]));
  screen = await renderAt(fake, () => <ReviewsPage />, '/reviews');
  const line = screen.root.querySelector<HTMLElement>('.inbox-line');
  line?.focus();
  fake.patch('reviews', [{ op: 'upsert', collection: 'reviews', entity: sampleReview({ id: 'one', prompt: 'Now?' }) }]);
  await settle();
  expect(line?.textContent).toContain('Now?');
  expect(document.activeElement).toBe(line);
});

test('J and K go from review to review, no further than the last and the first', async () => {
  const ended = sampleReview({ id: 'three', canDecide: false, status: { kind: 'applied', proof: 'inferred' } });
  fake.show('reviews', reviewsView([sampleReview({ id: 'one' }), sampleReview({ id: 'two', order: 2 }), ended]));
  screen = await renderAt(fake, () => <ReviewsPage />, '/reviews');
  const current = (): number[] =>
    [...(screen?.root.querySelectorAll('.inbox-line') ?? [])].flatMap((line, index) =>
      line.getAttribute('aria-current') === 'true' ? [index] : [],
    );
  const visited = [];
  for (const key of ['k', 'j', 'j', 'j', 'k', 'k']) {
    document.dispatchEvent(new KeyboardEvent('keydown', { key }));
    await settle();
    visited.push(...current());
  }
  expect(visited).toEqual([0, 1, 2, 2, 1, 0]);
});
