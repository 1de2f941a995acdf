import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReviewEntity } from '../../protocol/tab/review-model.ts';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt, settle } from '../test-support/render-at.tsx';
import type { Screen } from '../test-support/render-at.tsx';
import { bodyOf, reviewsView, sampleReview } from '../test-support/run-samples.ts';
import { ReviewsPage } from './reviews-page.tsx';

let screen: Screen;
let fake: FakeHub;

beforeEach(() => {
  localStorage.clear();
  fake = new FakeHub();
});

afterEach(() => {
  screen.dispose();
  vi.restoreAllMocks();
});

async function open(...reviews: ReviewEntity[]): Promise<void> {
  fake.show('reviews', reviewsView(reviews));
  screen = await renderAt(fake, () => <ReviewsPage />, '/reviews');
}

function change(entity: ReviewEntity): void {
  fake.patch('reviews', [{ op: 'upsert', collection: 'reviews', entity }]);
}

const field = (): HTMLTextAreaElement | null => screen.root.querySelector('textarea');
const button = (name: string): HTMLElement | undefined => screen.byRole('button', name);
const cut = { text: 'The begin', totalChars: 9000, ref: 'b1' };

function type(text: string): void {
  const area = field();
  if (area === null) throw new Error('There is nothing to type into.');
  area.value = text;
  area.dispatchEvent(new Event('input', { bubbles: true }));
}

function press(key: string, options: KeyboardEventInit = {}): void {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options });
  (document.activeElement ?? document.body).dispatchEvent(event);
}

describe('a review that is being answered', () => {
  it('is not taken away by one that is more urgent', async () => {
    await open(sampleReview({ id: 'one', taskDescription: 'Draft', deadlineMs: Date.now() + 90_000 }));
    button('Edit E')?.click();
    await settle();
    type('My words');
    change(sampleReview({ id: 'two', taskDescription: 'Translate', deadlineMs: Date.now() + 9_000 }));
    expect(field()?.value).toBe('My words');
    expect(document.activeElement).toBe(field());
  });

  it('stays with what was written when its time is up', async () => {
    await open(sampleReview({ id: 'one' }), sampleReview({ id: 'two', order: 2 }));
    button('Edit E')?.click();
    await settle();
    type('My words');
    change(sampleReview({ id: 'one', canDecide: false, status: { kind: 'expired', announced: 'CONTINUE' } }));
    expect(field()?.value).toBe('My words');
    press('x');
    await settle();
    expect(fake.decisions).toEqual([]);
  });

  it('is decided once, however often and long a key is pressed, and the next one not with it', async () => {
    await open(sampleReview({ id: 'one' }), sampleReview({ id: 'two', order: 2 }));
    press('a', { repeat: true });
    expect(fake.decisions).toEqual([]);
    press('a');
    press('a');
    expect(fake.decisions).toHaveLength(1);
    await settle();
    const nowMs = vi.spyOn(performance, 'now').mockReturnValue(1_000_000);
    change(sampleReview({ id: 'one', canDecide: false, status: { kind: 'sent' } }));
    press('a');
    button('Approve A')?.click();
    expect(fake.decisions).toHaveLength(1);
    nowMs.mockReturnValue(1_000_500);
    press('a');
    expect(fake.decisions.map(({ review }) => review)).toEqual(['one', 'two']);
  });

  it('keeps what was written when the field is left, and loses it only when told to', async () => {
    await open(sampleReview({ id: 'one', output: bodyOf('Theirs') }));
    button('Edit E')?.click();
    await settle();
    type('Mine');
    press('Escape');
    expect(field()).toBeNull();
    button('Edit E')?.click();
    await settle();
    expect(field()?.value).toBe('Mine');
    button('Discard changes')?.click();
    button('Edit E')?.click();
    await settle();
    expect(field()?.value).toBe('Theirs');
  });

  it('is not edited where only a part of it can be had', async () => {
    await open(sampleReview({ id: 'one', output: cut }));
    button('Edit E')?.click();
    await settle();
    expect(field()).toBeNull();
    expect(screen.byRole('alert')?.textContent).toContain('The whole output cannot be read');
  });

  it('is not handed the text of another one that was asked for before', async () => {
    fake.bodies.set('b1', 'The beginning and the end');
    await open(
      sampleReview({ id: 'one', taskDescription: 'Draft', output: cut }),
      sampleReview({ id: 'two', taskDescription: 'Translate', order: 2 }),
    );
    button('Edit E')?.click();
    fake.patch('reviews', [{ op: 'remove', collection: 'reviews', id: 'one' }]);
    await settle();
    expect(screen.text()).not.toContain('Draft');
    expect(field()).toBeNull();
  });

  it('says why a decision was not taken', async () => {
    await open(sampleReview({ id: 'one' }));
    fake.fail(new Error('The hub was lost.'));
    button('Approve A')?.click();
    await settle();
    expect(screen.byRole('alert')?.textContent).toBe('The hub was lost.');
  });
});

describe('what was written for a review', () => {
  const draft = (id = 'one') => localStorage.getItem(`rostrum-draft ${id}`);
  async function submit(...others: ReviewEntity[]): Promise<void> {
    await open(sampleReview({ id: 'one' }), ...others);
    button('Edit E')?.click();
    await settle();
    type('My words');
    button('Submit')?.click();
    await settle();
  }

  it('is kept until it has reached its process, and is there where it has not', async () => {
    await submit();
    expect([fake.decisions[0]?.revisedOutput, field()]).toEqual(['My words', null]);
    change(sampleReview({ id: 'one', canDecide: false, status: { kind: 'held', why: 'source-away' } }));
    expect([draft(), button('Show what you wrote')]).toEqual(['My words', undefined]);
    change(sampleReview({ id: 'one', canDecide: false, status: { kind: 'refused', reason: 'unknown review' } }));
    button('Show what you wrote')?.click();
    await settle();
    expect(field()?.value).toBe('My words');
    expect(screen.text()).toContain('What you wrote was not used.');
    button('Discard changes')?.click();
    expect([draft(), field(), button('Show what you wrote')]).toEqual([null, null, undefined]);
  });

  it('is gone once its process has it', async () => {
    await submit();
    change(sampleReview({ id: 'one', canDecide: false, status: { kind: 'sent' } }));
    expect([draft(), localStorage.length]).toEqual([null, 0]);
  });

  it('can be put away where another tab decided meanwhile, and is not taken for what was sent', async () => {
    await open(sampleReview({ id: 'one' }));
    button('Edit E')?.click();
    await settle();
    type('My words');
    change(sampleReview({ id: 'one', canDecide: false, status: { kind: 'sent' } }));
    expect(field()?.value).toBe('My words');
    expect(screen.text()).toContain('It was decided in another tab. What stands above was not sent from this one.');
    expect(button('Submit')).toBeUndefined();
    button('Discard changes')?.click();
    expect([draft(), field()]).toEqual([null, null]);
  });

  it('makes room for what is written later, unless its review is open', async () => {
    const old = Array.from({ length: 30 }, (_, n) => `old ${n}`);
    for (const id of [...old, 'two']) {
      localStorage.setItem(`rostrum-draft ${id}`, 'Before');
      localStorage.setItem(`rostrum-draft-at ${id}`, '1');
    }
    await submit(sampleReview({ id: 'two', order: 2 }));
    expect([old.filter((id) => draft(id) !== null), draft('two'), draft()]).toEqual([[], 'Before', 'My words']);
  });
});

describe('the focus', () => {
  const isInPanel = (): boolean => document.activeElement?.closest('.review') !== null;

  it('stays in the review when its buttons go, and goes along to the next one', async () => {
    await open(sampleReview({ id: 'one' }), sampleReview({ id: 'two', order: 2 }));
    button('Approve A')?.focus();
    change(sampleReview({ id: 'one', canDecide: false, status: { kind: 'sent' } }));
    await settle();
    expect(isInPanel()).toBe(true);
    button('Approve A')?.focus();
    change(sampleReview({ id: 'two', canDecide: false, status: { kind: 'sent' } }));
    await settle();
    expect(isInPanel()).toBe(true);
  });

  it('begins at the beginning of a text, and goes on at the end of what was written', async () => {
    await open(sampleReview({ id: 'one', output: bodyOf('Theirs') }));
    button('Edit E')?.click();
    await settle();
    expect([document.activeElement, field()?.selectionStart]).toEqual([field(), 0]);
    type('Theirs and mine');
    press('Escape');
    button('Edit E')?.click();
    await settle();
    expect(field()?.selectionStart).toBe('Theirs and mine'.length);
  });

  it('is back in the review when the field is left', async () => {
    await open(sampleReview({ id: 'one' }));
    button('Edit E')?.click();
    await settle();
    press('Escape');
    await settle();
    expect(isInPanel()).toBe(true);
  });

  it('is not taken by a draft that nobody asked for', async () => {
    localStorage.setItem('rostrum-draft one', 'Mine');
    await open(sampleReview({ id: 'one' }));
    expect(field()?.value).toBe('Mine');
    expect(document.activeElement).not.toBe(field());
  });
});
