import type { ToolCallEntity } from '../../protocol/tab/conversation-model.ts';
import type { GlyphState } from '../glyphs/state-glyph.tsx';
import { isFailedOutcome } from '../timeline/span-of-entity.ts';

/** How a call ended, as a glyph and a word: the known outcomes in our words, others in the producer's own. */
export interface OutcomeView {
  readonly word: string;
  readonly glyph: GlyphState;
}

/** The outcome of a call. */
export function outcomeOf(call: Pick<ToolCallEntity, 'outcome'>): OutcomeView {
  const { outcome } = call;
  if (outcome === undefined) return { word: 'no outcome said', glyph: 'idle' };
  if (isFailedOutcome(outcome)) return { word: 'failed', glyph: 'failed' };
  return { word: outcome === 'SUCCESS' ? 'succeeded' : outcome.toLowerCase(), glyph: 'done' };
}

/** Calls in the order in which they ended. */
export function inOrder(calls: readonly ToolCallEntity[]): ToolCallEntity[] {
  return [...calls].sort((a, b) => a.order - b.order);
}
