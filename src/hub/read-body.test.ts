import { describe, expect, it } from 'vitest';
import { LiveStory } from '../../test/support/live-story.ts';
import {
  answered,
  asked,
  delegationFailed,
  delegationStarted,
  ensembleStarted,
  reviewRequested,
  taskCompleted,
  taskFailed,
  taskInput,
  taskStarted,
  token,
  toolCalled,
} from '../../test/support/messages.ts';
import type { Body } from '../protocol/tab/body.ts';
import { bodyText, taskOutput } from './live/body-text.ts';
import { readBody } from './read-body.ts';

function long(letter: string): string {
  return letter.repeat(5000);
}

const STORY = new LiveStory()
  .say(ensembleStarted('e'))
  .say(taskStarted(1))
  .say(taskInput(1, { assembledContext: long('p') }))
  .say(
    asked(0, {
      messages: [{ role: 'user', content: long('m'), toolCalls: [{ name: 'a' }, { name: 'b', arguments: long('n') }] }],
    }),
  )
  .say(answered(0, { responseText: long('r'), toolRequests: [{ name: 'c', arguments: long('q') }] }))
  .say(toolCalled('t', { toolArguments: long('x'), toolResult: long('y'), structuredResult: { text: long('z') } }))
  .say(delegationStarted('d'))
  .say(delegationFailed('d', { reason: long('d') }))
  .say(taskFailed(1, { reason: long('f') }));

/** Every body of every view that says there is more. */
function cutBodies(value: unknown): Body[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(cutBodies);
  return 'ref' in value ? [value as Body, ...inner] : inner;
}

describe('readBody', () => {
  it('gives the whole of every text that a view cuts', () => {
    const views = [STORY.timeline(), STORY.conversation(), STORY.tools()];
    const bodies = cutBodies(views);
    expect(bodies.map(({ text }) => text.charAt(0)).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      'd',
      'f',
      'f',
      'm',
      'n',
      'q',
      'r',
      'x',
      'y',
      '{',
    ]);
    for (const { text, totalChars, ref } of bodies) {
      expect(text).toHaveLength(4096);
      const whole = readBody(STORY.live, ref ?? '');
      expect(whole).toHaveLength(totalChars);
      expect(whole?.startsWith(text)).toBe(true);
    }
  });

  it.each(['r9/t1/failure', 'r1/t9/failure', 'r1/t1/nothing', 'r1/m1.9/content', 'r1/m1/request9', 'r1', '', 'r1/q/q'])(
    'gives nothing for %j',
    (ref) => {
      expect(readBody(STORY.live, ref)).toBeUndefined();
    },
  );

  it('gives what a task was given and what it came to', () => {
    const { context = '', output = '' } = STORY.timeline().entities.tasks['t1'] ?? {};
    expect(readBody(STORY.live, context)).toBe(long('p'));
    expect(readBody(STORY.live, output)).toBe(long('r'));
  });
});

describe('bodyText', () => {
  it('names the arguments of tools that are asked for by their place', () => {
    expect(bodyText(STORY.run(), 'm1.0', 'request1')).toBe(long('n'));
    expect(bodyText(STORY.run(), 'm1.0', 'request0')).toBeUndefined();
  });

  it('writes a structured result as JSON', () => {
    expect(bodyText(STORY.run(), 'x1', 'structured')).toBe(`{\n  "text": "${long('z')}"\n}`);
  });
});

describe('the output of a task', () => {
  function outputOf(tale: LiveStory): string | undefined {
    const [task] = tale.run().tasks.values();
    return task === undefined ? undefined : taskOutput(task);
  }

  it('is its last final answer, else what was reviewed, else what was streamed', () => {
    const tale = new LiveStory().say(taskStarted(1));
    expect(outputOf(tale)).toBeUndefined();
    expect(outputOf(tale.say(token('strea')).say(token('med')))).toBe('streamed');
    expect(outputOf(tale.say(asked(0)).say(token('and cut')).say(asked(1)))).toBeUndefined();
    expect(outputOf(tale.say(token('again')))).toBe('again');
    expect(outputOf(tale.say(reviewRequested('v', { taskOutput: 'reviewed' })))).toBe('reviewed');
    tale.say(answered(0, { responseType: 'TOOL_CALLS', responseText: 'not this' }));
    expect(outputOf(tale)).toBe('reviewed');
    expect(outputOf(tale.say(answered(1, { responseText: 'answered' })))).toBe('answered');
    expect(outputOf(tale.say(answered(2, { responseText: 'answered again' })))).toBe('answered again');
  });

  it('is shown once it has ended, where there is any', () => {
    const tale = new LiveStory().say(taskStarted(1)).say(answered(0));
    expect(tale.timeline().entities.tasks['t1']).not.toHaveProperty('output');
    expect(tale.say(taskCompleted(1)).timeline().entities.tasks['t1']?.output).toBe('r1/t1/output');
    tale.say(taskStarted(2)).say(taskCompleted(2));
    expect(tale.timeline().entities.tasks['t2']).not.toHaveProperty('output');
    expect(tale.timeline().entities.tasks['t2']).not.toHaveProperty('context');
  });

  it('is what was streamed before it ended', () => {
    const tale = new LiveStory().say(taskStarted(1)).say(asked(0)).say(token('streamed')).say(taskFailed(1));
    expect(outputOf(tale)).toBe('streamed');
  });
});
