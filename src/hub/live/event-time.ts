import type { Change } from '../change.ts';
import type { EnsembleMessage } from '../../protocol/wire/ensemble-message.ts';
import { parseInstant } from '../../protocol/wire/instant.ts';
import type { LiveEvent, LiveState, Unplaced } from '../live-state.ts';
import { mark, type Place, type Step } from './step.ts';

/** When something happened, in milliseconds since the Unix epoch. */
export interface Moment {
  readonly atMs: number;
  /** Only its place among others is known, and `atMs` lies between them. */
  readonly isEstimated: boolean;
}

/**
 * When an event happened: the instant that its message carries, else when the event was said or arrived, else a guess: no
 * earlier than what is known of the events before it, until {@link Unplaced} things are placed by an event behind them.
 */
export function momentOf(live: LiveState, event: LiveEvent, changes: Change[]): Moment {
  const ownMs = event.message.kind === 'known' ? ownInstantMs(event.message.message) : undefined;
  if (ownMs === undefined && !event.isTimeKnown) {
    return { atMs: live.knownMs ?? event.atMs, isEstimated: true };
  }
  const atMs = ownMs ?? event.atMs;
  if (live.unplaced.length > 0) placeUnplaced(live, atMs, changes);
  live.knownMs = live.knownMs === undefined ? atMs : Math.max(live.knownMs, atMs);
  return { atMs, isEstimated: false };
}

/** Remembers that something stands at an estimated time, to be placed when the next time is known. */
export function placeLater(step: Step, kind: Unplaced['kind'], id: string): void {
  if (step.at.isEstimated) step.live.unplaced.push({ run: step.run, kind, id, latestMs: step.eventAtMs });
}

function ownInstantMs(message: EnsembleMessage): number | undefined {
  const text = ownInstant(message);
  return typeof text === 'string' ? parseInstant(text)?.ms : undefined;
}

function ownInstant(message: EnsembleMessage): string | null | undefined {
  switch (message.type) {
    case 'ensemble_started':
    case 'task_started':
      return message.startedAt;
    case 'task_completed':
    case 'ensemble_completed':
      return message.completedAt;
    case 'task_failed':
      return message.failedAt;
    case 'task_input':
      return message.sentAt;
    case 'file_changed':
      return message.timestamp;
    default:
      return undefined;
  }
}

/** Spreads what waits evenly between the last time that was known and this one, in its order. */
function placeUnplaced(live: LiveState, nextMs: number, changes: Change[]): void {
  const waiting = live.unplaced;
  live.unplaced = [];
  const fromMs = live.knownMs ?? nextMs;
  waiting.forEach((item, index) => {
    const toMs = Math.max(fromMs, Math.min(nextMs, item.latestMs));
    const atMs = Math.round(fromMs + ((toMs - fromMs) * (index + 1)) / (waiting.length + 1));
    moveTo({ live, run: item.run, changes }, item, atMs);
  });
}

function moveTo(place: Place, item: Unplaced, atMs: number): void {
  if (item.kind === 'toolCall') moveToolCall(place, item.id, atMs);
  else if (item.kind === 'delegation') moveSpan(place.run.delegations.get(item.id), atMs);
  else moveSpan(place.run.iterations.get(item.id), atMs);
  if (item.kind !== 'toolCall') mark(place, item.kind === 'delegation' ? 'delegations' : 'iterations', item.id);
}

function moveToolCall(place: Place, id: string, atMs: number): void {
  const call = place.run.toolCalls.get(id);
  if (call === undefined) return;
  call.atMs = atMs;
  mark(place, 'toolMarks', id);
  mark(place, 'toolCalls', id);
}

function moveSpan(span: { startedAtMs: number; endedAtMs: number | undefined } | undefined, atMs: number): void {
  if (span === undefined) return;
  if (span.endedAtMs !== undefined) span.endedAtMs += atMs - span.startedAtMs;
  span.startedAtMs = atMs;
}
