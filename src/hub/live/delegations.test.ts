import { describe, expect, it } from 'vitest';
import { BEGIN_MS, LiveStory, instant } from '../../../test/support/live-story.ts';
import {
  asked,
  delegationCompleted,
  delegationFailed,
  delegationStarted,
  ensembleStarted,
  taskCompleted,
  taskInput,
  taskStarted,
  token,
} from '../../../test/support/messages.ts';

function story(): LiveStory {
  return new LiveStory()
    .say(ensembleStarted('e'))
    .say(taskStarted(1))
    .say(taskStarted(2))
    .say(delegationStarted('a'), { ms: 5000 });
}

describe('a delegation', () => {
  it('stands under the task of the role that delegated', () => {
    expect(story().timeline().entities.delegations).toEqual({
      d1: {
        id: 'd1',
        order: 1,
        taskId: 't1',
        delegatingRole: 'Agent 1',
        workerRole: 'Worker',
        description: 'Part a',
        state: 'running',
        startedAtMs: BEGIN_MS + 5000,
        isEstimated: false,
      },
    });
  });

  it('of a worker stands under the task of the one who delegated to it', () => {
    const tale = story().say(delegationStarted('b', { delegatingAgentRole: 'Worker', workerRole: 'Helper' }));
    expect(tale.timeline().entities.delegations['d2']).toMatchObject({ taskId: 't1', delegatingRole: 'Worker' });
    tale.say(delegationFailed('a'));
    expect(tale.timeline().entities.delegations['d2']?.state).toBe('ended');
  });

  it('locks at the duration that its end says', () => {
    const tale = story().say(delegationCompleted('a', { durationMs: 40 }), { ms: 5060 });
    expect(tale.timeline().entities.delegations['d1']).toMatchObject({
      state: 'completed',
      endedAtMs: BEGIN_MS + 5040,
      durationMs: 40,
    });
  });

  it('fails with its reason, and its run goes on', () => {
    const tale = story().say(delegationFailed('a', { reason: 'too hard' }), { ms: 5060 });
    expect(tale.timeline().entities.delegations['d1']).toMatchObject({
      state: 'failed',
      endedAtMs: BEGIN_MS + 5060,
      durationMs: 60,
      failure: { text: 'too hard' },
    });
    expect(tale.run().state).toBe('running');
  });

  it('of which only the end is known began its duration before it', () => {
    const tale = story().say(delegationCompleted('z', { durationMs: 40 }), { ms: 5060 });
    expect(tale.timeline().entities.delegations['d2']).toMatchObject({
      state: 'completed',
      startedAtMs: BEGIN_MS + 5020,
      endedAtMs: BEGIN_MS + 5060,
    });
  });

  it('that is started twice while it runs is one; started again later it is another', () => {
    const tale = story().say(delegationStarted('a')).say(delegationCompleted('a')).say(delegationStarted('a'));
    expect(Object.values(tale.timeline().entities.delegations).map(({ state }) => state)).toEqual([
      'completed',
      'running',
    ]);
  });

  it('owns what its worker is given, says and streams', () => {
    const work = { agentRole: 'Worker', taskDescription: 'Part a' };
    const tale = story().say(taskInput(0, work)).say(asked(0, work)).say(token('Well', work));
    expect(tale.run().delegations.get('d1')?.input?.taskDescription).toBe('Part a');
    expect(tale.run().conversations.get('c1')?.owner?.id).toBe('d1');
    expect(tale.conversation().entities.conversations['c1']).toMatchObject({ taskId: 't1', streaming: 'Well' });
  });

  it('ends with the task above it, and with those below it', () => {
    const tale = story()
      .say(delegationStarted('b', { delegatingAgentRole: 'Worker', workerRole: 'Helper' }))
      .say(taskCompleted(1, { completedAt: instant(9000) }));
    expect(
      Object.values(tale.timeline().entities.delegations).map(({ state, endedAtMs }) => [state, endedAtMs]),
    ).toEqual([
      ['ended', BEGIN_MS + 9000],
      ['ended', BEGIN_MS + 9000],
    ]);
  });

  it('may be nested as deep as anybody likes', { timeout: 120_000 }, () => {
    const tale = new LiveStory().say(taskStarted(1));
    for (let depth = 0; depth < 12_000; depth += 1) {
      tale.say(delegationStarted(`d${depth}`, { delegatingAgentRole: `w${depth - 1}`, workerRole: `w${depth}` }));
    }
    tale.say(taskCompleted(1));
    expect(tale.run().openParts).toBe(0);
  });
});
