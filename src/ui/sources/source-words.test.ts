import { describe, expect, it } from 'vitest';
import type { SourceState } from '../../protocol/tab/source-model.ts';
import { sampleSource } from '../test-support/source-samples.ts';
import { byNeed, countsText, isBroken, isPaused, markOf, retryText, sourceReasonText } from './source-words.ts';

const reason = { code: 'nothing-answers', text: 'Nothing answers at localhost:7400.' } as const;
const reconnecting: SourceState = { kind: 'reconnecting', retryAtMs: 10_000, attempt: 2, reason };
const disconnected: SourceState = { kind: 'disconnected', reason };
const paused: SourceState = { kind: 'disconnected', reason: { code: 'paused', text: 'You paused it.' } };
const connected: SourceState = { kind: 'connected', sinceMs: 0 };
const connecting: SourceState = { kind: 'connecting', sinceMs: 0, attempt: 1 };

describe('retryText', () => {
  it('says when the next attempt is, while there will be one', () => {
    expect(retryText(reconnecting, 6_000)).toBe(' in 0:04');
    expect([retryText(reconnecting, 10_000), retryText(connected, 5), retryText(disconnected, 0)]).toEqual([
      '',
      '',
      '',
    ]);
  });
});

describe('sourceReasonText', () => {
  it('is there when it is not connected', () => {
    expect(sourceReasonText(reconnecting)).toBe('Nothing answers at localhost:7400.');
    expect(sourceReasonText(connected)).toBe('');
  });
});

describe('a state', () => {
  it.each([
    [reconnecting, 'reconnecting', true],
    [disconnected, 'disconnected', true],
    [paused, 'paused', false],
    [connected, 'connected', false],
    [connecting, 'connecting', false],
  ])('is marked by what it means for the person: %o', (state, mark, broken) => {
    expect([markOf(state), isBroken(state), isPaused(state)]).toEqual([mark, broken, mark === 'paused']);
  });
});

describe('many sources', () => {
  const sources = [connected, paused, reconnecting, connected, disconnected].map((state, index) =>
    sampleSource({ id: `s${index}`, order: 10 - index, state }),
  );

  it('come in the order of who needs the person', () => {
    expect(byNeed(sources).map(({ id }) => id)).toEqual(['s4', 's2', 's3', 's0', 's1']);
  });

  it('are counted in that order', () => {
    expect(countsText(sources)).toBe('1 disconnected, 1 reconnecting, 2 connected, 1 paused');
    expect(countsText([])).toBe('');
  });
});
