import type { SourceEntity, SourceState } from '../../protocol/tab/source-model.ts';
import { clockCountdown } from '../format/duration.ts';

/** When a source is tried again, as words behind its state: ` in 0:04`; empty while no attempt is due. */
export function retryText(state: SourceState, nowMs: number): string {
  const left = state.kind === 'reconnecting' ? state.retryAtMs - nowMs : 0;
  return left > 0 ? ` in ${clockCountdown(left)}` : '';
}

/** Why it is not connected; empty where it is. */
export function sourceReasonText(state: SourceState): string {
  return 'reason' in state ? state.reason.text : '';
}

/** True for a source that the user has paused. */
export function isPaused(state: SourceState): boolean {
  return state.kind === 'disconnected' && state.reason.code === 'paused';
}

/** True for a source whose connection is for another hub to make, if any. */
export function isElsewhere(state: SourceState): boolean {
  return state.kind === 'disconnected' && state.reason.code === 'standby';
}

/** True for a source that should be connected and is not, other than for the moment that a first attempt takes. */
export function isBroken(state: SourceState): boolean {
  return state.kind === 'reconnecting' || (state.kind === 'disconnected' && !isPaused(state));
}

/** The mark of a state, which a word stands beside. */
export type SourceMark = SourceState['kind'] | 'paused';

/** Which mark a source has. */
export function markOf(state: SourceState): SourceMark {
  return isPaused(state) ? 'paused' : state.kind;
}

const BY_NEED: readonly SourceMark[] = ['disconnected', 'reconnecting', 'connecting', 'connected', 'paused'];

/** Sources with those first that need the person; otherwise in their order. */
export function byNeed(sources: readonly SourceEntity[]): readonly SourceEntity[] {
  const rank = ({ state }: SourceEntity): number => BY_NEED.indexOf(markOf(state));
  return [...sources].sort((a, b) => rank(a) - rank(b) || a.order - b.order);
}

/** How many sources are in each state, as words: `17 connected, 2 reconnecting`; the states that need the person first. */
export function countsText(sources: readonly SourceEntity[]): string {
  const count = (mark: SourceMark): number => sources.filter(({ state }) => markOf(state) === mark).length;
  return BY_NEED.filter((mark) => count(mark) > 0)
    .map((mark) => `${count(mark)} ${mark}`)
    .join(', ');
}
