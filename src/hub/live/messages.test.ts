import { describe, expect, it } from 'vitest';
import { LiveStory, markedIds } from '../../../test/support/live-story.ts';
import { asked, taskStarted } from '../../../test/support/messages.ts';
import { windowOffset } from './messages.ts';

function messages(from: number, to: number): { role: string; content: string }[] {
  const list: { role: string; content: string }[] = [];
  for (let position = from; position < to; position += 1) list.push({ role: 'user', content: `message ${position}` });
  return list;
}

function contents(tale: LiveStory): string[] {
  const entities = Object.values(tale.conversation().entities.messages);
  return entities.map(({ position, content }) => `${position} ${content?.text}`);
}

function notSeen(tale: LiveStory): number | undefined {
  return tale.conversation().entities.conversations['c1']?.messagesNotSeen;
}

describe('the messages of a conversation', () => {
  it('are those of the newest question, at their positions', () => {
    const tale = new LiveStory()
      .say(taskStarted(1))
      .say(asked(0, { messages: messages(0, 2), totalMessageCount: 2 }))
      .say(asked(1, { messages: messages(0, 4), totalMessageCount: 4 }));
    expect(contents(tale)).toEqual(['0 message 0', '1 message 1', '2 message 2', '3 message 3']);
    expect(tale.conversation().entities.messages['m1.3']).toEqual({
      id: 'm1.3',
      order: 3,
      conversationId: 'c1',
      position: 3,
      role: 'user',
      content: { text: 'message 3', totalChars: 9 },
      toolRequests: [],
    });
    expect(tale.conversation().entities.iterations['i2']?.messageCount).toBe(4);
  });

  it('slide: a question that carries the last ones only adds to those that are known', () => {
    const tale = new LiveStory()
      .say(asked(0, { messages: messages(0, 20), totalMessageCount: 20 }))
      .say(asked(1, { messages: messages(2, 22), totalMessageCount: 22 }));
    expect(contents(tale)).toHaveLength(22);
    expect(contents(tale).at(0)).toBe('0 message 0');
    expect(contents(tale).at(-1)).toBe('21 message 21');
    expect(notSeen(tale)).toBe(0);
  });

  it('begin in the middle for who joins late, and say how many came before', () => {
    const tale = new LiveStory().say(asked(7, { messages: messages(30, 50), totalMessageCount: 50 }));
    expect(contents(tale).at(0)).toBe('30 message 30');
    expect(notSeen(tale)).toBe(30);
  });

  it('are marked only where they differ', () => {
    const tale = new LiveStory().say(asked(0, { messages: messages(0, 3) }));
    const before = tale.changes.length;
    tale.say(asked(1, { messages: [...messages(0, 2), { role: 'tool', content: 'other' }] }));
    expect(markedIds(tale.changes.slice(before), 'messages')).toEqual(['m1.2']);
  });

  it.each([
    ['its role', { role: 'tool', content: 'text' }],
    ['its content', { role: 'user', content: 'other' }],
    ['its tool', { role: 'user', content: 'text', toolName: 'search' }],
    ['what it asks for', { role: 'user', content: 'text', toolCalls: [{ name: 'search', arguments: '{}' }] }],
  ])('are other ones when %s differs', (_name, message) => {
    const tale = new LiveStory().say(asked(0, { messages: [{ role: 'user', content: 'text' }] }));
    const before = tale.conversation().entities.messages['m1.0'];
    tale.say(asked(1, { messages: [message] }));
    expect(tale.conversation().entities.messages['m1.0']).not.toEqual(before);
  });

  it('that an agent has forgotten are gone', () => {
    const tale = new LiveStory().say(asked(0, { messages: messages(0, 5) }));
    const before = tale.changes.length;
    tale.say(asked(1, { messages: messages(0, 2) }));
    expect(contents(tale)).toEqual(['0 message 0', '1 message 1']);
    expect(tale.changes.slice(before).filter(({ kind }) => kind === 'removed')).toHaveLength(3);
  });

  it('show which tools they ask for and answer', () => {
    const tale = new LiveStory().say(
      asked(0, {
        messages: [
          { role: 'assistant', content: null, toolCalls: [{ name: 'search', arguments: '{"q":1}' }], toolName: null },
          { role: 'tool', content: 'found', toolName: 'search' },
        ],
      }),
    );
    const { 'm1.0': request, 'm1.1': result } = tale.conversation().entities.messages;
    expect(request?.toolRequests).toEqual([{ name: 'search', arguments: { text: '{"q":1}', totalChars: 7 } }]);
    expect(request).not.toHaveProperty('content');
    expect(request).not.toHaveProperty('toolName');
    expect(result).toMatchObject({ toolName: 'search', content: { text: 'found' } });
  });
});

describe('windowOffset', () => {
  const frame = { type: 'llm_iteration_started', agentRole: '', taskDescription: '', iterationIndex: 0 } as const;

  it.each([
    [undefined, 0],
    [null, 0],
    [2, 0],
    [5, 3],
    [1, 0],
    [-4, 0],
    [5.5, 0],
    [Number.MAX_VALUE, 0],
  ])('with a total of %s is %i', (totalMessageCount, offset) => {
    expect(windowOffset({ ...frame, messages: messages(0, 2), totalMessageCount })).toBe(offset);
  });
});
