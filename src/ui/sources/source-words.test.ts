import { describe, expect, it } from 'vitest';
import { sourceReasonText, sourceStateText } from './source-words.ts';

const reason = { code: 'nothing-answers', text: 'Nothing answers at localhost:7400.' } as const;
const reconnecting = { kind: 'reconnecting', retryAtMs: 10_000, attempt: 2, reason } as const;

describe('sourceStateText', () => {
  it('says the state, and when the next attempt is', () => {
    expect(sourceStateText({ kind: 'connected', sinceMs: 0 }, 5)).toBe('connected');
    expect(sourceStateText(reconnecting, 6_000)).toBe('reconnecting in 0:04');
    expect(sourceStateText(reconnecting, 10_000)).toBe('reconnecting');
    expect(sourceStateText({ kind: 'disconnected', reason }, 0)).toBe('disconnected');
  });
});

describe('sourceReasonText', () => {
  it('is there when it is not connected', () => {
    expect(sourceReasonText(reconnecting)).toBe('Nothing answers at localhost:7400.');
    expect(sourceReasonText({ kind: 'connected', sinceMs: 0 })).toBe('');
  });
});
