import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MESSAGE_MAX_BYTES } from '../../src/protocol/wire/limits.ts';
import { said } from '../../src/node-server/test-support/said.ts';
import { expectNothingLeftOpen } from '../support/open-resources.ts';
import type { FakePublisher } from '../support/publisher.ts';
import type { FakeViewer } from '../support/viewer.ts';
import { HANG_MS, RelayScene, shown } from './relay-scene.ts';

const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;

describe('faults in human review that cannot happen here', { timeout: HANG_MS }, () => {
  expectNothingLeftOpen();
  let scene: RelayScene;
  let agent: FakePublisher;

  beforeEach(async () => {
    scene = await RelayScene.start();
    agent = await scene.publisher('agent');
    agent.say(said.ensembleStarted());
    agent.say(said.taskStarted());
  });

  afterEach(() => scene.stop());

  async function asks(changes: object = {}): Promise<void> {
    agent.say(said.reviewRequested(changes));
    await scene.heardFrom(agent);
    await stands('open');
  }

  async function stands(state: string, viewer = scene.viewer): Promise<void> {
    await scene.heard(viewer);
    expect(stateOf(viewer)?.['state']).toBe(state);
  }

  /** What was decided has come to the process, once. */
  async function isToldOnce(): Promise<void> {
    await scene.heard();
    await scene.heardFrom(agent);
    expect(agent.decisions).toHaveLength(1);
  }

  function stateOf(viewer: FakeViewer): Readonly<Record<string, unknown>> | undefined {
    return viewer.messagesOf('review_state').at(-1);
  }

  test('A1: a review that has been open for nine silent minutes is answered', async () => {
    await asks({ timeoutMs: 10 * MINUTE_MS });
    await scene.pass(9 * MINUTE_MS);
    expect(scene.watched.count('of a publisher ended')).toBe(0);
    scene.viewer.decide('r1', 'CONTINUE');
    await isToldOnce();
  });

  test('A1: a blocked process that had to reconnect gets its decision though it says nothing', async () => {
    await asks();
    await scene.drop(agent);
    await agent.connect();
    await scene.heard();
    scene.viewer.decide('r1', 'CONTINUE');
    await isToldOnce();
  });

  test('A2: a decision for a process that is away is held, delivered when it is back, and applied once', async () => {
    await asks();
    await scene.drop(agent);
    scene.viewer.decide('r1', 'CONTINUE');
    await stands('held');
    await agent.connect();
    await isToldOnce();
    agent.say({ type: 'task_completed', ...COMPLETED });
    await scene.heardFrom(agent);
    await stands('applied');
    const states = scene.viewer.messagesOf('review_state').map(({ state }) => state);
    expect(states).toEqual(['open', 'held', 'sent', 'applied']);
    await scene.drop(agent);
    await agent.connect();
    await scene.heardFrom(agent);
    expect(agent.decisions).toHaveLength(1);
  });

  test('A4: a review of a MiB is shown and an edit of a MiB arrives', async () => {
    const taskOutput = 'x'.repeat(MIB);
    await asks({ taskOutput });
    expect(shown(scene.viewer).at(-1)?.message).toMatchObject({ taskOutput });
    scene.viewer.decide('r1', 'EDIT', 'y'.repeat(MIB));
    await isToldOnce();
    expect(JSON.parse(agent.decisions[0]?.decisionJson ?? '')).toMatchObject({ revisedOutput: 'y'.repeat(MIB) });
  });

  test('A4: what is larger than a message may be gets a typed refusal on a socket that stays open', async () => {
    const large = 'x'.repeat(MESSAGE_MAX_BYTES + 1);
    agent.sendText(large);
    await agent.until(({ frames }) => frames.length === 1);
    expect(agent.frames[0]).toMatchObject({ type: 'error', code: 'too_large' });
    scene.viewer.decide('r1', 'EDIT', large);
    await scene.viewer.until((seen) => seen.messagesOf('error').length === 1);
    expect(scene.viewer.messagesOf('error')[0]).toMatchObject({ code: 'too_large' });
    await asks();
    expect(scene.viewer.closeCode).toBeUndefined();
  });

  test('A5: every viewer, early or late, sees who decided and what came of it', async () => {
    const other = await scene.join();
    await asks();
    scene.viewer.say({ type: 'review_decision', reviewId: 'r1', decision: 'CONTINUE', by: 'Ann' });
    await isToldOnce();
    agent.say({ type: 'task_completed', ...COMPLETED });
    await scene.heardFrom(agent);
    await stands('applied', other);
    const late = await scene.join();
    await stands('applied', late);
    expect(stateOf(other)).toMatchObject({ by: 'Ann', decision: 'CONTINUE', at: expect.stringMatching(/Z$/) });
    expect(stateOf(late)).toEqual(stateOf(other));
  });

  test('A6: a review is of who announced it first, and no other process is told its decision', async () => {
    await asks();
    const thief = await scene.publisher('thief');
    thief.say(said.ensembleStarted());
    thief.say(said.reviewRequested({ taskOutput: 'stolen' }));
    await scene.heardFrom(thief);
    scene.viewer.decide('r1', 'EDIT', 'private');
    await isToldOnce();
    await scene.heardFrom(thief);
    expect(thief.decisions).toEqual([]);
    expect(thief.frames[0]).toMatchObject({ type: 'error', code: 'review_owned' });
    expect(scene.viewer.texts.join('')).not.toContain('stolen');
  });

  test('A9: viewers that leave decide nothing', async () => {
    await asks({ onTimeout: 'CONTINUE' });
    scene.viewer.close();
    await scene.viewer.closed();
    await scene.heardFrom(agent);
    expect(agent.decisions).toEqual([]);
    const late = await scene.join();
    await stands('open', late);
  });

  test('A9: a time-out is for the process to act on: viewers are told what was announced, the process nothing', async () => {
    await asks({ timeoutMs: MINUTE_MS, onTimeout: 'EXIT_EARLY' });
    await scene.pass(2 * MINUTE_MS);
    await stands('expired');
    expect(stateOf(scene.viewer)).toMatchObject({ announced: 'EXIT_EARLY' });
    expect(stateOf(scene.viewer)).not.toHaveProperty('decision');
    await scene.heardFrom(agent);
    expect(agent.decisions).toEqual([]);
  });
});

const COMPLETED = {
  taskIndex: 1,
  totalTasks: 1,
  taskDescription: 'Draft',
  agentRole: 'Writer',
  completedAt: '2026-01-01T00:00:01Z',
  durationMs: 1000,
  tokenCount: -1,
  toolCallCount: 0,
};
