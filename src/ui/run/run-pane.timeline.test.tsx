import { describe, expect, test, vi } from 'vitest';
import { setUpRunPane } from '../test-support/open-run-pane.tsx';
import { reviewsView, runView, sampleHead, sampleReview, sampleRun, sampleTask } from '../test-support/run-samples.ts';
import { NOW_MS, ago, waitingRun } from '../test-support/waiting-run.ts';

/** A turn of the wheel; the test's own document knows none with keys. */
function wheel(how: Partial<WheelEvent>): Event {
  const event = new Event('wheel', { bubbles: true, cancelable: true });
  return Object.assign(event, { deltaX: 0, deltaY: 0, clientX: 100, ctrlKey: false, shiftKey: false, ...how });
}

const scene = setUpRunPane();
const { open } = scene;

describe('the timeline', () => {
  test('names every task by its description and state', async () => {
    const shown = await open(waitingRun());
    for (const name of ['Find sources, completed', 'Translate, failed', 'Draft the press release, waiting for you']) {
      expect(shown.byRole('option', name)).toBeDefined();
    }
    expect(shown.root.querySelectorAll('[role=option][tabindex="0"]')).toHaveLength(1);
  });

  test('marks what waits, what failed, what is missing and what has not started', async () => {
    scene.fake.show('reviews', reviewsView([sampleReview({ id: 'r1', deadlineMs: NOW_MS + 298_000 })]));
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
    scene.fake.patch('run', [{ op: 'upsert', collection: 'tasks', entity: task }]);
    expect(shown.byRole('option', 'New one, completed')).toBeDefined();
    scene.fake.patch('run', [{ op: 'upsert', collection: 'tasks', entity: { ...task, state: 'failed' } }]);
    expect(shown.byRole('option', 'New one, failed')).toBeDefined();
    expect(shown.text()).toContain('Other');
  });

  test('goes on showing a run that ends, and begins anew with another run', async () => {
    const shown = await open(waitingRun());
    const run = sampleRun({ state: 'ended', startedAtMs: ago(201), durationMs: 200_000 });
    scene.fake.patch('run', [{ op: 'head', head: sampleHead({ run, runs: [run] }) }]);
    expect(shown.byRole('option', 'Find sources, completed')).toBeDefined();
    expect(shown.root.querySelector('.tl-now')).toBeNull();
    const next = sampleRun({ id: 'r2', number: 2, startedAtMs: ago(3) });
    scene.fake.show(
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
    const screen = await open({ ...view, entities: { ...view.entities, tasks: { ...view.entities.tasks, p: later } } });
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
