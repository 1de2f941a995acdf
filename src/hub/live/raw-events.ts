import type { DecodedMessage } from '../../protocol/wire/ensemble-message.ts';
import type { Step } from './step.ts';

/** A message whose type means nothing to this version, as it came. */
export interface RawEvent {
  readonly type: string;
  readonly atMs: number;
  readonly message: Readonly<Record<string, unknown>>;
}

/** Keeps and counts a message of an unknown type. */
export function keepRaw(step: Step, decoded: Extract<DecodedMessage, { kind: 'unknown' }>): void {
  step.run.unknown += 1;
  step.run.rawEvents.push({ type: decoded.type, atMs: step.at.atMs, message: decoded.message });
}

/** Counts a message that could not be read. */
export function countUnreadable(step: Step): void {
  step.run.unreadable += 1;
}
