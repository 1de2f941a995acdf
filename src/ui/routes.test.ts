import { describe, expect, it } from 'vitest';
import { historyKeyOf, historyPath, producerPath, runTabOf } from './routes.ts';

describe('producerPath', () => {
  it('keeps both halves of the key apart, whatever they hold', () => {
    expect(producerPath('ws://localhost:7400/ws svc a/1')).toBe(
      '/producer/ws%3A%2F%2Flocalhost%3A7400%2Fws/svc%20a%2F1',
    );
  });

  it('names a run and a tab where they are not the usual ones', () => {
    expect(producerPath('demo: self', { run: 'r2', tab: 'tools' })).toBe('/producer/demo%3A/self?run=r2&tab=tools');
    expect(producerPath('demo: self', { tab: 'timeline' })).toBe('/producer/demo%3A/self');
  });
});

describe('runTabOf', () => {
  it('takes anything unknown for the timeline', () => {
    expect([undefined, 'tools', 'conversation', 'nonsense'].map(runTabOf)).toEqual([
      'timeline',
      'tools',
      'conversation',
      'timeline',
    ]);
  });
});

describe('historyPath', () => {
  it('names a run, and is read back, whatever the key holds', () => {
    const id = 'ws://localhost:7400/ws svc a/1 2.17';
    expect(historyPath(id)).toBe('/history/ws%3A%2F%2Flocalhost%3A7400%2Fws/svc%20a%2F1/2.17');
    const [, , source = '', producer = '', place = ''] = historyPath(id).split('/');
    expect(historyKeyOf({ source, producer, place })).toBe(id);
    expect(historyKeyOf({})).toBe('  ');
  });
});
