import type { SourceState } from '../../protocol/tab/source-model.ts';
import { clockCountdown } from '../format/duration.ts';

/** A source's state in words, with the next attempt: `connected`, `reconnecting in 0:04`. */
export function sourceStateText(state: SourceState, nowMs: number): string {
  if (state.kind !== 'reconnecting') return state.kind;
  const left = state.retryAtMs - nowMs;
  return left > 0 ? `reconnecting in ${clockCountdown(left)}` : 'reconnecting';
}

/** Why it is not connected; empty where it is. */
export function sourceReasonText(state: SourceState): string {
  return 'reason' in state ? state.reason.text : '';
}
