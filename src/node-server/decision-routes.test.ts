import { describe, expect, test } from 'vitest';
import { DecisionRoutes } from './decision-routes.ts';

function linkOf(id: string) {
  const sent: string[] = [];
  return { id, sent, send: (text: string) => void sent.push(text) };
}

describe('DecisionRoutes', () => {
  test('writes a decision in the form of the wire, once on each link', () => {
    const routes = new DecisionRoutes();
    const link = linkOf('c1');
    const name = routes.open(link);
    routes.deliver(name, 'r1', '{"a":"ü"}');
    routes.deliver(name, 'r1', '{"a":"ü"}');
    routes.deliver(name, 'r2', '{}');
    expect(link.sent).toEqual([
      '{"reviewId":"r1","decisionJson":"{\\"a\\":\\"ü\\"}"}',
      '{"reviewId":"r2","decisionJson":"{}"}',
    ]);
  });

  test('writes nothing on a link that has ended', () => {
    const routes = new DecisionRoutes();
    const link = linkOf('c1');
    const name = routes.open(link);
    expect(routes.close('c1')).toBe(name);
    expect(routes.close('c1')).toBeUndefined();
    routes.deliver(name, 'r1', '{}');
    expect(link.sent).toEqual([]);
  });

  test('gives a link that counts again another name, and writes on it what it has not had', () => {
    const routes = new DecisionRoutes();
    const link = linkOf('c1');
    const first = routes.open(link);
    routes.deliver(first, 'r1', '{}');
    const second = routes.reopen('c1') ?? '';
    expect(second).not.toBe(first);
    routes.deliver(first, 'r2', '{}');
    routes.deliver(second, 'r1', '{}');
    routes.deliver(second, 'r3', '{}');
    expect(link.sent.map((text) => (JSON.parse(text) as { reviewId: string }).reviewId)).toEqual(['r1', 'r3']);
    expect(routes.reopen('unknown')).toBeUndefined();
  });
});
