import { describe, expect, it } from 'vitest';
import { BEGIN_MS, LiveStory } from '../../../test/support/live-story.ts';
import {
  delegationStarted,
  ensembleStarted,
  taskCompleted,
  taskStarted,
  toolCalled,
} from '../../../test/support/messages.ts';

function taskOfCall(tale: LiveStory): string | undefined {
  return Object.values(tale.tools().entities.toolCalls).at(-1)?.taskId;
}

function story(): LiveStory {
  return new LiveStory()
    .say(ensembleStarted('e'))
    .say(taskStarted(1))
    .say(taskStarted(2))
    .say(taskStarted(3, { agentRole: 'Agent 1' }));
}

describe('a tool call', () => {
  it('belongs to the newest task of its number, running or not', () => {
    const tale = story().say(taskCompleted(2));
    expect(taskOfCall(tale.say(toolCalled('a', { taskIndex: 2 })))).toBe('t2');
  });

  it('without a number belongs to the newest running task of its role', () => {
    const tale = story();
    expect(taskOfCall(tale.say(toolCalled('a')))).toBe('t3');
    tale.say(taskCompleted(3, { agentRole: 'Agent 1' }));
    expect(taskOfCall(tale.say(toolCalled('a')))).toBe('t1');
  });

  it('of a worker belongs to the task that delegated to it', () => {
    const tale = story().say(delegationStarted('d', { delegatingAgentRole: 'Agent 2', workerRole: 'Worker' }));
    expect(taskOfCall(tale.say(toolCalled('a', { agentRole: 'Worker' })))).toBe('t2');
  });

  it('of anybody else belongs to the newest running task', () => {
    const tale = story();
    expect(taskOfCall(tale.say(toolCalled('a', { agentRole: 'Nobody' })))).toBe('t3');
    tale.say(taskCompleted(3));
    expect(taskOfCall(tale.say(toolCalled('a', { agentRole: 'Nobody' })))).toBe('t2');
  });

  it('with a number that is not known is looked up like one without', () => {
    expect(taskOfCall(story().say(toolCalled('a', { taskIndex: 9, agentRole: 'Agent 2' })))).toBe('t2');
  });

  it('belongs to no task where none runs', () => {
    expect(taskOfCall(new LiveStory().say(toolCalled('a')))).toBeUndefined();
  });

  it('shows as a mark at its end, and with what went in and came out', () => {
    const tale = story().say(
      toolCalled('search', {
        durationMs: -3,
        outcome: 'FAILURE',
        toolArguments: '{"q":1}',
        toolResult: 'none',
        structuredResult: { hits: 0 },
      }),
      { ms: 7000 },
    );
    const mark = {
      id: 'x1',
      order: 1,
      taskId: 't3',
      agentRole: 'Agent 1',
      toolName: 'search',
      outcome: 'FAILURE',
      durationMs: 0,
      atMs: BEGIN_MS + 7000,
      isEstimated: false,
    };
    expect(tale.timeline().entities.toolMarks).toEqual({ x1: mark });
    expect(tale.tools()).toEqual({
      head: { run: 'r1' },
      entities: {
        toolCalls: {
          x1: {
            ...mark,
            taskDescription: 'Task 3',
            arguments: { text: '{"q":1}', totalChars: 7 },
            result: { text: 'none', totalChars: 4 },
            structuredResult: { text: '{\n  "hits": 0\n}', totalChars: 15 },
          },
        },
      },
    });
    expect(tale.timeline().head?.toolCalls).toBe(1);
  });
});
