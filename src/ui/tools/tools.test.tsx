import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ToolCallEntity } from '../../protocol/tab/conversation-model.ts';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt, settle } from '../test-support/render-at.tsx';
import type { Screen } from '../test-support/render-at.tsx';
import { PRODUCER, bodyOf, sampleToolCall, toolsView } from '../test-support/run-samples.ts';
import { prettyJson } from './pretty-json.ts';
import { inOrder, outcomeOf } from './tool-words.ts';
import { Tools } from './tools.tsx';

let screen: Screen | undefined;
let fake: FakeHub;

beforeEach(() => {
  fake = new FakeHub();
});

afterEach(() => screen?.dispose());

async function open(calls: readonly ToolCallEntity[]): Promise<Screen> {
  fake.show('tools', toolsView(calls));
  screen = await renderAt(fake, () => <Tools producer={PRODUCER} run={undefined} startedAtMs={0} />);
  await settle();
  return screen;
}

function lines(shown: Screen): HTMLElement[] {
  return [...shown.root.querySelectorAll<HTMLElement>('.call-line')];
}

describe('the tool calls', () => {
  test('stand in a line each: tool, agent, task, outcome in words, how long, when', async () => {
    const shown = await open([
      sampleToolCall({ id: 'b', order: 2, toolName: 'flaky_api', outcome: 'FAILURE', durationMs: 2390, atMs: 31_000 }),
      sampleToolCall({ id: 'a', order: 1 }),
    ]);
    expect(lines(shown).map((line) => line.textContent)).toEqual([
      'web_searchResearcher · Find sources about tidessucceeded35 ms0:01',
      'flaky_apiResearcher · Find sources about tidesfailed2.4 s0:31',
    ]);
    expect(shown.root.querySelectorAll('[data-outcome=failed]')).toHaveLength(1);
  });

  test('open to their arguments and results, laid out where they are JSON', async () => {
    const shown = await open([
      sampleToolCall({
        id: 'a',
        result: bodyOf('<b>3</b> results'),
        structuredResult: bodyOf('{"hits":3,"items":[1]}'),
      }),
    ]);
    expect(shown.text()).not.toContain('Arguments');
    lines(shown)[0]?.click();
    const bodies = [...shown.root.querySelectorAll('details pre')].map((pre) => pre.textContent);
    expect(bodies).toEqual([
      '{\n  "input": "tides"\n}',
      '<b>3</b> results',
      '{\n  "hits": 3,\n  "items": [\n    1\n  ]\n}',
    ]);
    lines(shown)[0]?.click();
    expect(shown.root.querySelector('details')).toBeNull();
  });

  test('can be narrowed to those that failed', async () => {
    const shown = await open([
      sampleToolCall({ id: 'a', order: 1 }),
      sampleToolCall({ id: 'b', order: 2, outcome: 'FAILURE' }),
    ]);
    shown.byRole('button', '1 failed')?.click();
    expect(lines(shown)).toHaveLength(1);
    shown.byRole('button', '1 failed')?.click();
    expect(lines(shown)).toHaveLength(2);
  });

  test('are drawn only where they are seen', async () => {
    const shown = await open(
      Array.from({ length: 5000 }, (_, index) => sampleToolCall({ id: `${index}`, order: index })),
    );
    expect(lines(shown).length).toBeLessThan(60);
    expect(shown.root.querySelector('[role=listitem]')?.getAttribute('aria-setsize')).toBe('5000');
    expect(shown.text()).toContain('5,000 calls');
  });

  test('say when there is none', async () => {
    const shown = await open([]);
    expect(shown.text()).toContain('No tool has been called yet in this run.');
  });
});

describe('the words of a call', () => {
  test('tell its outcome; one that is not known is told as it was said', () => {
    expect(outcomeOf({ outcome: 'SUCCESS' })).toEqual({ word: 'succeeded', glyph: 'done' });
    expect(outcomeOf({ outcome: 'FAILURE' })).toEqual({ word: 'failed', glyph: 'failed' });
    expect(outcomeOf({ outcome: 'CACHED' })).toEqual({ word: 'cached', glyph: 'done' });
    expect(outcomeOf({})).toEqual({ word: 'no outcome said', glyph: 'idle' });
  });

  test('calls stand in the order of the run', () => {
    const calls = [sampleToolCall({ id: 'b', order: 2 }), sampleToolCall({ id: 'a', order: 1 })];
    expect(inOrder(calls).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

describe('JSON', () => {
  test('is laid out where it is an object or a list, and left alone where it is not', () => {
    expect(prettyJson(' {"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(prettyJson('{broken')).toBeUndefined();
    expect(prettyJson('42')).toBeUndefined();
    expect(prettyJson('plain')).toBeUndefined();
    expect(prettyJson(`["${'x'.repeat(300_000)}"]`)).toBeUndefined();
  });
});
