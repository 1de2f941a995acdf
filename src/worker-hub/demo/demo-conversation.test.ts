import { describe, expect, it } from 'vitest';
import { DemoConversation, toToolRequest } from './demo-conversation.ts';
import type { DemoToolCall, DemoWork } from './demo-step.ts';

const CALL: DemoToolCall = { name: 'search', arguments: { q: 'tide' }, outcome: 'SUCCESS', result: 'three' };
const WORK: DemoWork = {
  agent: { role: 'Writer', goal: 'write', background: 'old hand', tools: [] },
  description: 'Draft',
  expectedOutput: 'A page',
  context: 'unused',
};

describe('DemoConversation', () => {
  it('grows by what is said, and counts the iterations', () => {
    const conversation = new DemoConversation(WORK, 'the facts');
    expect(conversation.asked()).toEqual({
      messages: [
        { role: 'system', content: 'You are Writer.\nold hand\n\nYour personal goal is: write' },
        { role: 'user', content: '## Task\nDraft\n\nthe facts\n\n## Expected Output\nA page' },
      ],
      totalMessageCount: 2,
    });
    conversation.answered('Let me look.', [CALL]);
    conversation.returned('search', 'three');
    expect(conversation.iterationIndex).toBe(1);
    expect(conversation.asked().messages.slice(2)).toEqual([
      { role: 'assistant', content: 'Let me look.', toolCalls: [{ name: 'search', arguments: '{"q":"tide"}' }] },
      { role: 'tool', content: 'three', toolName: 'search' },
    ]);
  });

  it('carries only the last twenty messages, and says how many there are', () => {
    const conversation = new DemoConversation(WORK, '');
    for (let n = 0; n < 30; n += 1) conversation.answered(`${n}`, []);
    const { messages, totalMessageCount } = conversation.asked();
    expect([messages.length, totalMessageCount, messages[0]?.content]).toEqual([20, 32, '10']);
  });
});

describe('toToolRequest', () => {
  it('writes the arguments as JSON text', () => {
    expect(toToolRequest(CALL)).toEqual({ name: 'search', arguments: '{"q":"tide"}' });
  });
});
