import { describe, expect, test } from 'vitest';
import { setUpRunPane } from '../test-support/open-run-pane.tsx';
import { settle } from '../test-support/render-at.tsx';
import { bodyOf, runView, sampleHead, sampleRun } from '../test-support/run-samples.ts';
import { ago, waitingRun } from '../test-support/waiting-run.ts';

const scene = setUpRunPane();
const { open } = scene;

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
    expect(scene.fake.requests().map(({ view }) => view)).toContain('tools');
    expect(scene.fake.requests().map(({ view }) => view)).not.toContain('conversation');
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
