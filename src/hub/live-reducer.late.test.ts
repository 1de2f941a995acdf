import { describe, expect, it } from 'vitest';
import { lateGreeting, recordedEvents } from '../../test/support/live-events.ts';
import { viewsOf, PRODUCER } from '../../test/support/live-story.ts';
import type { ViewData } from '../protocol/tab/view-data.ts';
import { liveReducer } from './live-reducer.ts';
import { type LiveState, createLiveState } from './live-state.ts';
import { fillIterations } from './live/fill-iterations.ts';

const WITH_LATE = ['hierarchical', 'pipeline', 'sequential', 'tools'];

/**
 * What a greeting cannot tell, by entity: when tools, delegations and iterations were, and in which order the conversations
 * of different agents began. A greeting repeats no token; no recording has any left over in the end.
 */
const UNTOLD: Record<string, readonly string[]> = {
  toolMarks: ['atMs', 'isEstimated'],
  toolCalls: ['atMs', 'isEstimated'],
  delegations: ['startedAtMs', 'endedAtMs', 'isEstimated'],
  iterations: ['id', 'order', 'conversationId', 'startedAtMs', 'endedAtMs', 'isEstimated'],
  conversations: ['id', 'order'],
  messages: ['id', 'conversationId'],
};

/** Runs of which a greeting lacks the iterations, and with them tokens per conversation: all but the newest. */
const WITHOUT_ITERATIONS = ['messages', 'iterations', 'conversations'];

function live(name: string): LiveState {
  const state = createLiveState(PRODUCER);
  for (const event of recordedEvents(`embedded-${name}`)) liveReducer(state, event, []);
  return state;
}

function late(name: string): LiveState {
  const state = createLiveState(PRODUCER);
  const { events, pairs } = lateGreeting(`embedded-${name}`);
  for (const event of events) liveReducer(state, event, []);
  fillIterations(state, pairs, []);
  return state;
}

/** And what of a task comes from its iterations: how many they were, and the answer. */
const UNTOLD_WITHOUT_ITERATIONS = ['iterations', 'output'];

type Views = [ViewData<'run'>, ViewData<'conversation'>, ViewData<'tools'>][];

/** All that a greeting can tell of each run, in an order of its own. */
function told(state: LiveState): unknown[] {
  const views = viewsOf(state) as Views;
  return views.map(([run, conversation, tools], index) => {
    const isNewest = index === views.length - 1;
    const all: Record<string, Record<string, object>> = {
      ...conversation.entities,
      ...tools.entities,
      ...run.entities,
      answers: conversation.entities.iterations,
    };
    const names = Object.keys(all).filter((name) => isNewest || !WITHOUT_ITERATIONS.concat('answers').includes(name));
    return {
      head: run.head,
      ...Object.fromEntries(names.map((name) => [name, comparable(name, Object.values(all[name] ?? {}), isNewest)])),
    };
  });
}

function comparable(name: string, entities: readonly object[], isNewest: boolean): string[] {
  const untold = [
    ...(UNTOLD[name === 'answers' ? 'iterations' : name] ?? []),
    ...(name === 'tasks' && !isNewest ? UNTOLD_WITHOUT_ITERATIONS : []),
  ];
  const rest = entities.map((entity) => Object.entries(entity).filter(([member]) => !untold.includes(member)));
  return rest.map((members) => JSON.stringify([...members].sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
}

describe('a late joiner of an embedded dashboard', () => {
  it.each(WITH_LATE)('knows of %s what a viewer from the beginning knows', (name) => {
    expect(told(late(name))).toEqual(told(live(name)));
  });

  it.each(WITH_LATE)('marks the times of %s that it guesses, and guesses them inside the task', (name) => {
    const views = viewsOf(late(name)) as Views;
    let guesses = 0;
    for (const [{ entities }] of views) {
      const spans = [
        ...Object.values(entities.toolMarks).map((mark) => ({ ...mark, startedAtMs: mark.atMs, endedAtMs: mark.atMs })),
        ...Object.values(entities.delegations),
        ...Object.values(entities.iterations),
      ];
      for (const { taskId = '', isEstimated, startedAtMs, endedAtMs = 0 } of spans) {
        const task = entities.tasks[taskId];
        guesses += 1;
        expect(isEstimated).toBe(true);
        expect(startedAtMs).toBeGreaterThanOrEqual(task?.startedAtMs ?? Infinity);
        expect(endedAtMs).toBeLessThanOrEqual((task?.endedAtMs ?? 0) + 1);
      }
    }
    expect(guesses).toBeGreaterThan(0);
  });

  it('does not count an iteration twice that it has live as well', () => {
    const state = live('hierarchical');
    const before = viewsOf(state);
    const changes: unknown[] = [];
    fillIterations(state, lateGreeting('embedded-hierarchical').pairs, changes as []);
    expect(viewsOf(state)).toEqual(before);
    expect(changes).toEqual([]);
  });
});
