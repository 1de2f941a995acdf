import { describe, expect, test } from 'vitest';
import { HubDriver, SOURCE, START_MS } from '../../test/support/hub-driver.ts';
import { producerKey } from '../protocol/tab/keys.ts';
import { keepEvents } from './keep-producer.ts';
import type { RegistryLimits } from './producer-registry.ts';

const TALK = { agentRole: 'A', taskDescription: 'Write' };

function at(second: number): string {
  return new Date(START_MS + second * 1000).toISOString();
}

/** A start, and so many questions of one conversation. */
function messages(questions: number): object[] {
  const started = { type: 'ensemble_started', ensembleId: 'e', startedAt: at(0), totalTasks: 1 };
  const asked = Array.from({ length: questions }, (_, iterationIndex) => ({
    type: 'llm_iteration_started',
    ...TALK,
    iterationIndex,
    messages: [],
  }));
  return [started, ...asked];
}

function envelope(producerId: string, message: object, index: number): object {
  return { type: 'event', producer: { producerId }, sequence: index + 1, receivedAt: at(index), message };
}

function limit(hub: HubDriver, limits: Partial<RegistryLimits>): void {
  hub.do({ kind: 'limited', limits, nowMs: hub.nowMs });
}

/** The numbers of the questions that the log of a producer holds. */
function questions(hub: HubDriver, producerId: string): unknown[] {
  const events = keepEvents(hub.state, producerKey(SOURCE, producerId)).map(({ event }) => event);
  return events
    .filter(({ type }) => type === 'llm_iteration_started')
    .map(({ message }) => Reflect.get(message, 'iterationIndex'));
}

/** A relay with these producers, which have gone, each a minute after the other. */
function withGone(...producerIds: string[]): HubDriver {
  const hub = new HubDriver();
  hub.add();
  const producers = producerIds.map((producerId) => ({ producerId }));
  hub.receive({ type: 'hub_hello', producers });
  for (const producer of producers) {
    hub.wait(60_000);
    hub.receive({ type: 'producer_left', producer, producerId: producer.producerId, leftAt: at(0) });
  }
  return hub;
}

function roster(hub: HubDriver): string[] {
  const { producers } = hub.view<'roster'>({ view: 'roster' }).entities;
  return Object.values(producers).map(({ producerId }) => producerId);
}

describe('limits that are changed', () => {
  test('hold for the iterations of a producer behind a relay, those that are kept and those that come', () => {
    const hub = new HubDriver();
    hub.add();
    const said = messages(6).map((message, index) => envelope('p', message, index));
    hub.receive({ type: 'hub_hello', producers: [{ producerId: 'p' }], snapshotTrace: said.slice(0, 6) });
    expect(questions(hub, 'p')).toEqual([0, 1, 2, 3, 4]);
    limit(hub, { maxIterations: 2 });
    expect(questions(hub, 'p')).toEqual([3, 4]);
    hub.receive(said[6]);
    expect(questions(hub, 'p')).toEqual([4, 5]);
  });

  test('hold for those of an embedded dashboard, and may be wider again', () => {
    const hub = new HubDriver();
    hub.add();
    hub.receive({ type: 'hello', snapshotTrace: [] });
    const said = messages(9);
    for (const message of said.slice(0, 6)) hub.receive(message);
    limit(hub, { maxIterations: 1 });
    expect(questions(hub, 'self')).toEqual([4]);
    limit(hub, { maxIterations: 3 });
    for (const message of said.slice(6)) hub.receive(message);
    expect(questions(hub, 'self')).toEqual([6, 7, 8]);
  });

  test('let producers go at once that have been silent for longer', () => {
    const hub = withGone('a', 'b');
    limit(hub, { evictAfterMs: 60_000 });
    expect(roster(hub)).toEqual(['b']);
  });

  test('let the longest silent producers go at once that are too many', () => {
    const hub = withGone('a', 'b', 'c');
    limit(hub, { maxProducers: 1 });
    expect(roster(hub)).toEqual(['c']);
  });
});
