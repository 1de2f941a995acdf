import { describe, expect, test } from 'vitest';
import type { DecisionDelivery } from '../protocol/wire/decision-delivery.ts';
import { DecisionRoutes } from './decision-routes.ts';

function publisherOf(id: string) {
  const sent: DecisionDelivery[] = [];
  return { id, sent, deliver: (decision: DecisionDelivery) => void sent.push(decision) };
}

describe('DecisionRoutes', () => {
  test('hands a decision over once on each connection', () => {
    const routes = new DecisionRoutes();
    const publisher = publisherOf('c1');
    const name = routes.open(publisher);
    routes.deliver(name, { reviewId: 'r1', decisionJson: '{"a":"ü"}' });
    routes.deliver(name, { reviewId: 'r1', decisionJson: '{"a":"ü"}' });
    routes.deliver(name, { reviewId: 'r2', decisionJson: '{}' });
    expect(publisher.sent).toEqual([
      { reviewId: 'r1', decisionJson: '{"a":"ü"}' },
      { reviewId: 'r2', decisionJson: '{}' },
    ]);
  });

  test('writes nothing on a connection that has ended', () => {
    const routes = new DecisionRoutes();
    const publisher = publisherOf('c1');
    const name = routes.open(publisher);
    expect(routes.close('c1')).toBe(name);
    expect(routes.close('c1')).toBeUndefined();
    routes.deliver(name, { reviewId: 'r1', decisionJson: '{}' });
    expect(publisher.sent).toEqual([]);
  });

  test('gives a connection that counts again another name, and writes on it what it has not had', () => {
    const routes = new DecisionRoutes();
    const publisher = publisherOf('c1');
    const first = routes.open(publisher);
    routes.deliver(first, { reviewId: 'r1', decisionJson: '{}' });
    const second = routes.reopen('c1') ?? '';
    expect(second).not.toBe(first);
    routes.deliver(first, { reviewId: 'r2', decisionJson: '{}' });
    routes.deliver(second, { reviewId: 'r1', decisionJson: '{}' });
    routes.deliver(second, { reviewId: 'r3', decisionJson: '{}' });
    expect(publisher.sent.map(({ reviewId }) => reviewId)).toEqual(['r1', 'r3']);
    expect(routes.reopen('unknown')).toBeUndefined();
  });

  test('hands over what is decided on the same id once that is another review', () => {
    const routes = new DecisionRoutes();
    const publisher = publisherOf('c1');
    const name = routes.open(publisher);
    routes.deliver(name, { reviewId: 'r1', decisionJson: '1' });
    routes.begunAnew('r1');
    routes.deliver(name, { reviewId: 'r1', decisionJson: '2' });
    expect(publisher.sent.map(({ decisionJson }) => decisionJson)).toEqual(['1', '2']);
  });
});
