import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ViewData } from '../../protocol/tab/view-data.ts';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt, settle } from '../test-support/render-at.tsx';
import type { Screen } from '../test-support/render-at.tsx';
import {
  PRODUCER,
  bodyOf,
  reviewsView,
  runView,
  sampleHead,
  sampleMark,
  sampleProducer,
  sampleReview,
  sampleRun,
  sampleTask,
} from '../test-support/run-samples.ts';
import { RunPane } from './run-pane.tsx';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');
const ago = (seconds: number): number => NOW_MS - seconds * 1000;

/** A turn of the wheel; the test's own document knows none with keys. */
function wheel(how: Partial<WheelEvent>): Event {
  const event = new Event('wheel', { bubbles: true, cancelable: true });
  return Object.assign(event, { deltaX: 0, deltaY: 0, clientX: 100, ctrlKey: false, shiftKey: false, ...how });
}

let screen: Screen | undefined;
let fake: FakeHub;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS, toFake: ['Date'] });
  fake = new FakeHub();
});

afterEach(() => {
  screen?.dispose();
  vi.useRealTimers();
});

function waitingRun(): ViewData<'run'> {
  const run = sampleRun({ state: 'waiting', startedAtMs: ago(201) });
  const producer = sampleProducer({ state: 'waiting for you', sinceMs: ago(134), missing: 3, runs: 3 });
  return runView(sampleHead({ run, runs: [run], producer, tasksPending: 2 }), {
    tasks: [
      sampleTask({ id: 'a', order: 1, description: 'Find sources', startedAtMs: ago(200), endedAtMs: ago(150) }),
      sampleTask({
        id: 'f',
        order: 2,
        description: 'Translate',
        state: 'failed',
        failure: bodyOf('model refused'),
        startedAtMs: ago(149),
        endedAtMs: ago(120),
      }),
      {
        id: 'w',
        order: 3,
        taskIndex: 3,
        description: 'Draft the press release',
        agentRole: 'Writer',
        state: 'waiting for you',
        startedAtMs: ago(140),
        toolCalls: 0,
        iterations: 0,
      },
    ],
    toolMarks: [sampleMark({ id: 'm', taskId: 'f', toolName: 'flaky_api', outcome: 'FAILURE', atMs: ago(120) })],
    waits: [{ id: 'wait', order: 1, review: 'r1', taskId: 'w', fromMs: ago(134), isOpen: true }],
    gaps: [{ id: 'g', order: 1, kind: 'missing', events: 3, atMs: ago(100) }],
  });
}

async function open(view: ViewData<'run'>, tab: 'timeline' | 'conversation' | 'tools' = 'timeline'): Promise<Screen> {
  fake.show('run', view);
  screen = await renderAt(fake, () => <RunPane producer={PRODUCER} run={undefined} tab={tab} />);
  return screen;
}

describe('the header of a run', () => {
  test('says where it is, what it is, how it stands, and its figures', async () => {
    const shown = await open(waitingRun());
    const text = shown.text();
    for (const part of [
      'svc-b',
      'svc-b-1',
      'run 1 of 3',
      'Draft the press release',
      'waiting for you · 2:14',
      '3:21 elapsed',
      '2 of 4 tasks',
      '1,160 tokens',
      '6 tool calls',
      'instance pod-7f',
      'host host-1.local',
      'version 3.6.1',
      'env=prod',
      '3 events missing',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('says why it failed and how it ended', async () => {
    const run = sampleRun({ state: 'failed', startedAtMs: ago(100), durationMs: 40_000, exitReason: 'ERROR' });
    const shown = await open(runView(sampleHead({ run, failure: bodyOf('HTTP 400 <b>refused</b>') })));
    expect(shown.text()).toContain('failed · 1 min ago');
    expect(shown.text()).toContain('HTTP 400 <b>refused</b>');
    expect(shown.text()).toContain('Ended: an error stopped it.');
    expect(shown.text()).toContain('0:40 elapsed');
  });

  test('several runs are picked from a list, the newest first', async () => {
    const run = sampleRun({ id: 'r2', number: 2 });
    const shown = await open(runView(sampleHead({ run, runs: [sampleRun({ id: 'r1' }), run] })));
    const options = [...shown.root.querySelectorAll('option')].map((option) => option.textContent);
    expect(shown.byRole('combobox', 'Run')).toBeDefined();
    expect(options).toEqual(['run 2 of 2 · running · 4 tasks', 'run 1 of 2 · running · 4 tasks']);
  });

  test('a producer without a run says so', async () => {
    const { run: _run, ...head } = sampleHead({ runs: [], title: '' });
    const shown = await open(runView(head));
    expect(shown.text()).toContain('has not started a run yet');
  });

  test('a producer that is not there says so', async () => {
    const shown = await open(runView(undefined));
    expect(shown.text()).toContain('There is no such producer any more.');
  });
});

describe('the timeline', () => {
  test('names every task by its description and state', async () => {
    const shown = await open(waitingRun());
    for (const name of ['Find sources, completed', 'Translate, failed', 'Draft the press release, waiting for you']) {
      expect(shown.byRole('option', name)).toBeDefined();
    }
    expect(shown.root.querySelectorAll('[role=option][tabindex="0"]')).toHaveLength(1);
  });

  test('marks what waits, what failed, what is missing and what has not started', async () => {
    fake.show('reviews', reviewsView([sampleReview({ id: 'r1', deadlineMs: NOW_MS + 298_000 })]));
    const shown = await open(waitingRun());
    expect(shown.root.querySelector('.tl-wait')?.textContent).toContain('auto-continue in 4:58');
    expect(shown.root.querySelector('.tl-mark[data-tone=failed]')).not.toBeNull();
    expect(shown.root.querySelector('.tl-gap')?.textContent).toBe('3 events missing');
    expect(shown.text()).toContain('2 tasks have not started');
    expect(shown.root.querySelector('.tl-now')).not.toBeNull();
  });

  test('draws what it is told where it is told, and all of it once more in small', async () => {
    const shown = await open(waitingRun());
    const [first, last] = ['Find sources, completed', 'Draft the press release, waiting for you'].map((name) => {
      const style = shown.byRole('option', name)?.style;
      const left = Number(/translate\(([\d.]+)px/.exec(style?.transform ?? '')?.[1]);
      return { left, right: left + Number.parseFloat(style?.width ?? '') };
    });
    // 50 s from the first's beginning to its end, 10 s to the second's, which goes on for 140 s until now.
    const scale = ((first?.right ?? 0) - (first?.left ?? 0)) / 50;
    expect((last?.left ?? 0) - (first?.right ?? 0)).toBeCloseTo(10 * scale, 1);
    expect((last?.right ?? 0) - (last?.left ?? 0)).toBeCloseTo(140 * scale, 1);
    expect(shown.root.querySelector('.tl-mini path[data-tone=failed]')?.getAttribute('d')).toMatch(/^M/);
    expect(shown.root.querySelector<HTMLElement>('.tl-mini-frame')?.style.width).toMatch(/px$/);
  });

  test('grows with the patches that come', async () => {
    const shown = await open(waitingRun());
    const task = sampleTask({ id: 'n', order: 9, description: 'New one', agentRole: 'Other', startedAtMs: ago(10) });
    fake.patch('run', [{ op: 'upsert', collection: 'tasks', entity: task }]);
    expect(shown.byRole('option', 'New one, completed')).toBeDefined();
    fake.patch('run', [{ op: 'upsert', collection: 'tasks', entity: { ...task, state: 'failed' } }]);
    expect(shown.byRole('option', 'New one, failed')).toBeDefined();
    expect(shown.text()).toContain('Other');
  });

  test('goes on showing a run that ends, and begins anew with another run', async () => {
    const shown = await open(waitingRun());
    const run = sampleRun({ state: 'ended', startedAtMs: ago(201), durationMs: 200_000 });
    fake.patch('run', [{ op: 'head', head: sampleHead({ run, runs: [run] }) }]);
    expect(shown.byRole('option', 'Find sources, completed')).toBeDefined();
    expect(shown.root.querySelector('.tl-now')).toBeNull();
    const next = sampleRun({ id: 'r2', number: 2, startedAtMs: ago(3) });
    fake.show(
      'run',
      runView(sampleHead({ run: next, runs: [run, next] }), {
        tasks: [sampleTask({ id: 'n', description: 'Newest', startedAtMs: ago(2), endedAtMs: ago(1) })],
      }),
    );
    expect(shown.byRole('option', 'Newest, completed')).toBeDefined();
    expect(shown.byRole('option', 'Find sources, completed')).toBeUndefined();
  });

  test('follows what is latest until somebody pans back, and again when told to', async () => {
    const shown = await open(waitingRun());
    const toggle = shown.byRole('switch', 'Follow latest');
    expect(toggle?.getAttribute('aria-checked')).toBe('true');
    const task = shown.byRole('option', 'Find sources, completed');
    for (let press = 0; press < 9; press += 1) {
      task?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', shiftKey: true, bubbles: true }));
    }
    expect(toggle?.getAttribute('aria-checked')).toBe('false');
    toggle?.click();
    expect(toggle?.getAttribute('aria-checked')).toBe('true');
  });

  test('the wheel zooms with Ctrl and pans sideways, dragging pans, and a drag is no click', async () => {
    const shown = await open(waitingRun());
    const plot = shown.byRole('listbox', 'Tasks');
    const ticks = (): string =>
      [...shown.root.querySelectorAll<HTMLElement>('.tl-axis span')]
        .map((tick) => `${tick.textContent}${tick.style.transform}`)
        .join();
    const seen = [ticks()];
    const act = (event: Event): void => {
      plot?.dispatchEvent(event);
      seen.push(ticks());
    };
    act(wheel({ deltaY: -100, ctrlKey: true }));
    act(wheel({ deltaX: 100 }));
    act(wheel({ deltaY: 100 }));
    expect(seen[1]).not.toBe(seen[0]);
    expect(seen[2]).not.toBe(seen[1]);
    expect(seen[3]).toBe(seen[2]);
    const task = shown.byRole('option', 'Translate, failed');
    const pointer = (kind: string, clientX: number): Event =>
      new PointerEvent(kind, { clientX, button: 0, bubbles: true });
    task?.dispatchEvent(pointer('pointerdown', 100));
    task?.dispatchEvent(pointer('pointermove', 60));
    task?.dispatchEvent(pointer('pointerup', 60));
    task?.click();
    expect(ticks()).not.toBe(seen[2]);
    expect(shown.text()).not.toContain('Why it failed');
    task?.click();
    expect(shown.text()).toContain('Why it failed');
  });

  test('zooms with buttons and fits again', async () => {
    const shown = await open(waitingRun());
    const labels = (): string =>
      [...shown.root.querySelectorAll('.tl-axis span')].map((tick) => tick.textContent).join();
    const whole = labels();
    shown.byRole('button', 'Zoom in')?.click();
    shown.byRole('button', 'Zoom in')?.click();
    expect(labels()).not.toBe(whole);
    shown.byRole('button', 'Fit')?.click();
    expect(labels()).toBe(whole);
    shown.byRole('button', 'Zoom out')?.click();
    expect(labels()).not.toBe(whole);
  });

  test('arrow keys also reach a task that has not started', async () => {
    const view = waitingRun();
    const { startedAtMs: _, ...later } = sampleTask({ id: 'p', order: 4, description: 'Publish', state: 'pending' });
    fake.show('run', { ...view, entities: { ...view.entities, tasks: { ...view.entities.tasks, p: later } } });
    screen = await renderAt(fake, () => <RunPane producer={PRODUCER} run={undefined} tab="timeline" />);
    const first = screen.byRole('option', 'Translate, failed');
    first?.focus();
    first?.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
    await vi.waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('Publish, pending'));
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
    await vi.waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toContain('Draft the press'));
  });

  test('arrow keys move through the tasks in time, Enter picks one', async () => {
    const shown = await open(waitingRun());
    const first = shown.byRole('option', 'Translate, failed');
    first?.focus();
    first?.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
    await vi.waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toContain('Draft the press'));
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
    await vi.waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('Translate, failed'));
    expect(document.activeElement?.getAttribute('aria-selected')).toBe('true');
  });
});

describe('what stands beside the run', () => {
  test('is the open review, with how many more wait', async () => {
    fake.show(
      'reviews',
      reviewsView([sampleReview({ id: 'r1' }), sampleReview({ id: 'r2', producer: 'other', order: 2 })]),
    );
    const shown = await open(waitingRun());
    expect(shown.byRole('button', 'Approve A')).toBeDefined();
    expect(shown.text()).toContain('+1 pending');
  });

  test('shows a task that was picked, and the way back to the review', async () => {
    fake.show('reviews', reviewsView([sampleReview({ id: 'r1' })]));
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
    fake.show('reviews', reviewsView([sampleReview({ id: 'r1' })]));
    const shown = await open(waitingRun());
    const sent = sampleReview({ id: 'r1', canDecide: false, status: { kind: 'sent' } });
    fake.patch('reviews', [{ op: 'upsert', collection: 'reviews', entity: sent }]);
    expect(shown.root.querySelector('.review-status')?.textContent).toBe('sent');
    shown.byRole('button', 'Nothing is left to decide here · close')?.click();
    expect(shown.root.querySelector('.review')).toBeNull();
    fake.patch('reviews', [{ op: 'upsert', collection: 'reviews', entity: sampleReview({ id: 'r1' }) }]);
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

describe('the views of a run', () => {
  test('are tabs; each panel is named by its tab', async () => {
    const shown = await open(waitingRun(), 'tools');
    const tabs = [...shown.root.querySelectorAll('[role=tab]')];
    expect(tabs.map((tab) => [tab.textContent, tab.getAttribute('aria-selected')])).toEqual([
      ['Timeline', 'false'],
      ['Conversation', 'false'],
      ['Tools', 'true'],
    ]);
    expect(shown.byRole('tabpanel')?.getAttribute('aria-labelledby')).toBe('tab-tools');
    await settle();
    expect(fake.requests().map(({ view }) => view)).toContain('tools');
    expect(fake.requests().map(({ view }) => view)).not.toContain('conversation');
  });

  test('live in the address, by click and by key', async () => {
    const shown = await open(waitingRun(), 'tools');
    shown.byRole('tab', 'Conversation')?.click();
    await settle();
    expect(shown.address()).toBe('/?tab=conversation');
    const press = new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true });
    shown.byRole('tab', 'Tools')?.dispatchEvent(press);
    await settle();
    expect(shown.address()).toBe('/');
  });

  test('an earlier run is shown by its address, the newest by none', async () => {
    const run = sampleRun({ id: 'r2', number: 2 });
    const shown = await open(runView(sampleHead({ run, runs: [sampleRun({ id: 'r1' }), run] })));
    const picker = shown.root.querySelector<HTMLSelectElement>('select');
    const pick = async (id: string): Promise<string> => {
      if (picker !== null) picker.value = id;
      picker?.dispatchEvent(new Event('change', { bubbles: true }));
      await settle();
      return shown.address();
    };
    expect(await pick('r1')).toBe('/?run=r1');
    expect(await pick('r2')).toBe('/');
  });
});
