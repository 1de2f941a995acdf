import { describe, expect, it } from 'vitest';
import { createOrders } from './create-orders.ts';

describe('createOrders', () => {
  it('says why the last one was not done, until another one is', async () => {
    let answer = (): Promise<unknown> => Promise.reject(new Error('The hub was lost.'));
    const { order, undone } = createOrders((() => answer()) as unknown as Parameters<typeof createOrders>[0]);
    expect(await order((api) => api.runDemo())).toBeUndefined();
    expect(undone()).toBe('That was not done. The hub was lost.');
    answer = () => Promise.resolve('done');
    expect(await order((api) => api.runDemo())).toBe('done');
    expect(undone()).toBeUndefined();
  });
});
