import { describe, expect, test } from 'vitest';
import { envelope, SAID } from '../../test/support/envelopes.ts';
import { HubDriver, SOURCE, START_MS } from '../../test/support/hub-driver.ts';
import { isReachable } from './select-roster.ts';

function hubOf(...said: readonly unknown[]): HubDriver {
  const hub = new HubDriver();
  hub.add();
  hub.receive({ type: 'hub_hello', producers: [{ producerId: 'p', serviceName: 'press' }] });
  said.forEach((message, index) => hub.receive(envelope({ producerId: 'p', sequence: index + 1 }, message)));
  return hub;
}

function leave(hub: HubDriver): void {
  hub.receive({ type: 'producer_left', producerId: 'p', leftAt: new Date(START_MS + 900).toISOString() });
}

function toolCalled(): Record<string, unknown> {
  return {
    type: 'tool_called',
    agentRole: 'Writer',
    taskIndex: 1,
    toolName: 'web_search',
    durationMs: 1,
    outcome: 'SUCCESS',
  };
}

const RUNNING = [SAID.runStarted(), SAID.taskStarted()];
const ENDED = [...RUNNING, SAID.taskCompleted(), SAID.runEnded()];

describe('the word and the line of a producer', () => {
  test.each([
    ['idle', 'No run yet', hubOf()],
    ['running', 'Running · sequential', hubOf(SAID.runStarted())],
    ['running', 'Running', hubOf({ type: 'profile_applied' })],
    ['running', 'Draft', hubOf(...RUNNING)],
    ['running', 'Draft · web_search', hubOf(...RUNNING, toolCalled())],
    ['waiting for you', 'Review: Draft', hubOf(...RUNNING, SAID.review())],
    ['failed', 'Failed: model refused', hubOf(...RUNNING, SAID.taskFailed('model\n refused'))],
    ['failed', 'Failed: ERROR', hubOf(...RUNNING, SAID.runEnded('e1', 'ERROR'))],
    ['done', '1 task · 580 tokens', hubOf(...ENDED)],
    ['done', 'User exit early · 0 tasks · 580 tokens', hubOf(...RUNNING, SAID.runEnded('e1', 'USER_EXIT_EARLY'))],
  ])('%s: %s', (state, detail, hub) => {
    expect(hub.producer('p')).toMatchObject({ state, detail });
    expect(hub.view<'roster'>({ view: 'roster' }).head.counts).toEqual({
      'waiting for you': 0,
      running: 0,
      failed: 0,
      done: 0,
      gone: 0,
      idle: 0,
      [state]: 1,
    });
  });

  test.each([
    ['gone', '1 run kept', RUNNING],
    ['gone', '1 run kept', ENDED],
    ['gone', '0 runs kept', []],
    ['failed', 'Failed: no', [...RUNNING, SAID.taskFailed('no')]],
    ['waiting for you', 'Review: Draft', [...RUNNING, SAID.review()]],
  ])('%s: %s, once it has left', (state, detail, said) => {
    const hub = hubOf(...said);
    leave(hub);
    expect(hub.producer('p')).toMatchObject({ state, detail });
  });

  test('says whatever is long in one short line', () => {
    const hub = hubOf(SAID.runStarted(), SAID.taskStarted(1, `a\n${'b '.repeat(50_000)}`));
    const detail = hub.producer('p')?.detail ?? '';
    expect(detail).toMatch(/^a (b )+.*…$/);
    expect(detail.length).toBeLessThanOrEqual(160);
  });

  test('names the most urgent review of several', () => {
    const hub = hubOf(
      ...RUNNING,
      SAID.review('r1', { timeoutMs: 0 }),
      SAID.review('r2', { taskDescription: 'Sooner' }),
    );
    expect(hub.producer('p')).toMatchObject({
      detail: 'Review: Sooner',
      openReviews: 2,
      nextDeadlineMs: START_MS + 20_004,
      sinceMs: START_MS + 4,
    });
  });
});

describe('times and counts of a producer', () => {
  test('say since when it is as it is', () => {
    expect(hubOf(...RUNNING).producer('p')?.sinceMs).toBe(START_MS);
    expect(hubOf(...RUNNING, SAID.taskFailed('no')).producer('p')?.sinceMs).toBe(START_MS + 50);
    expect(hubOf(...ENDED).producer('p')?.sinceMs).toBe(START_MS + 100);
    const hub = hubOf(...RUNNING);
    hub.wait(1000);
    leave(hub);
    expect(hub.producer('p')).toMatchObject({ sinceMs: START_MS + 900, lastSeenMs: START_MS + 900 });
  });

  test('count its newest run', () => {
    expect(hubOf(SAID.runStarted('e1', 4)).producer('p')).toMatchObject({ runs: 1, tasksFinished: 0, tasksTotal: 4 });
    expect(hubOf(...ENDED).producer('p')).toMatchObject({ runs: 1, tasksFinished: 1, tasksTotal: 1 });
  });

  test('carry what it says of itself, and leave out what it does not say', () => {
    const hub = hubOf();
    expect(hub.producer('p')).toEqual({
      id: `${SOURCE} p`,
      sourceId: SOURCE,
      producerId: 'p',
      serviceName: 'press',
      tags: [],
      state: 'idle',
      detail: 'No run yet',
      lastSeenMs: 0,
      runs: 0,
      openReviews: 0,
      tasksFinished: 0,
      tasksTotal: 0,
      missing: 0,
      unreadable: 0,
    });
    const producer = {
      producerId: 'p',
      serviceName: 'other',
      instanceId: 'i',
      host: 'h',
      version: '2',
      tags: { a: 'b' },
    };
    hub.receive({ type: 'producer_joined', producer });
    expect(hub.producer('p')).toMatchObject({
      serviceName: 'other',
      instanceId: 'i',
      host: 'h',
      version: '2',
      tags: [['a', 'b']],
    });
  });
});

test('a producer can be reached until it has left', () => {
  const hub = hubOf();
  const source = hub.state.sources.get(SOURCE);
  const producer = source?.producers.get('p');
  if (source === undefined || producer === undefined) throw new Error('there is no producer');
  expect(isReachable(source, producer)).toBe(true);
  leave(hub);
  expect(isReachable(source, producer)).toBe(false);
});
