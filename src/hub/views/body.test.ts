import { describe, expect, it } from 'vitest';
import { LiveStory } from '../../../test/support/live-story.ts';
import { taskFailed, taskStarted } from '../../../test/support/messages.ts';
import { bodyOf, previewBody } from './body.ts';
import { defined } from './defined.ts';

describe('previewBody', () => {
  it('carries a short text whole', () => {
    expect(previewBody('short', 'ref')).toEqual({ text: 'short', totalChars: 5 });
    expect(previewBody('x'.repeat(4096), 'ref')).not.toHaveProperty('ref');
  });

  it('cuts a long one, and says how long it is and how to get it', () => {
    expect(previewBody('x'.repeat(4097), 'ref')).toEqual({ text: 'x'.repeat(4096), totalChars: 4097, ref: 'ref' });
  });

  it('never cuts a character in two', () => {
    const { text } = previewBody(`${'x'.repeat(4095)}\u{1f600}${'x'.repeat(9)}`, 'ref');
    expect(text).toBe('x'.repeat(4095));
  });
});

describe('bodyOf', () => {
  it('names the run, the thing and the text', () => {
    const run = new LiveStory()
      .say(taskStarted(1))
      .say(taskFailed(1, { reason: 'f'.repeat(5000) }))
      .run();
    expect(bodyOf(run, 't1', 'failure')?.ref).toBe('r1/t1/failure');
    expect(bodyOf(run, 't1', 'output')).toBeUndefined();
  });
});

describe('defined', () => {
  it('leaves out what is undefined and nothing else', () => {
    expect(Object.keys(defined({ a: undefined, b: 0, c: '', d: false, e: null }))).toEqual(['b', 'c', 'd', 'e']);
  });
});
