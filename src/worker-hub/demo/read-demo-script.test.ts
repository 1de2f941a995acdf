import { describe, expect, it } from 'vitest';
import { PRESS_DESK_TEXT } from '../../../test/support/press-desk.ts';
import { readDemoScript } from './read-demo-script.ts';

describe('readDemoScript', () => {
  it('puts each part where it is named, alone and in lists, and always the same one', () => {
    const work = { description: 'Draft' };
    const call = { name: 'search' };
    const { steps, ...rest } = readDemoScript(
      JSON.stringify({
        totalTasks: 1,
        workflow: 'SEQUENTIAL',
        parts: { '@draft': work, '@search': call, '@text': 'three' },
        steps: [
          { does: 'answer', afterMs: 5, work: '@draft', text: '@text', calls: ['@search'] },
          { does: 'ask', afterMs: 6, work: '@draft' },
        ],
      }),
    );
    expect(rest).toEqual({ totalTasks: 1, workflow: 'SEQUENTIAL' });
    expect(steps).toEqual([
      { does: 'answer', afterMs: 5, work, text: 'three', calls: [call] },
      { does: 'ask', afterMs: 6, work },
    ]);
    const [first, second] = steps.map((step) => 'work' in step && step.work);
    expect(first).toBe(second);
  });

  it('reads what comes with the page, down to the last name', () => {
    expect(JSON.stringify(readDemoScript(PRESS_DESK_TEXT))).not.toContain('"@');
  });

  it.each(['<!doctype html>', '{}', 'null'])('throws on %j, which is no script', (text) => {
    expect(() => readDemoScript(text)).toThrow();
  });
});
