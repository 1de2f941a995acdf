import type { TypedMessage } from './embedded-merge.ts';
import type { EmbeddedWire } from './hub-state.ts';
import type { LoggedEvent } from './logged-event.ts';

/** A message of an embedded dashboard that has no number yet, and when it arrived. */
export interface UnnumberedMessage {
  readonly typed: TypedMessage;
  readonly bytes: number;
  readonly nowMs: number;
}

/** Gives a message of an embedded dashboard the next number of the life that goes on. */
export function numberMessage(wire: EmbeddedWire, message: UnnumberedMessage): LoggedEvent {
  const sequence = wire.nextSequence;
  wire.nextSequence += 1;
  return toEvent(message, { epoch: wire.epoch, sequence });
}

/** The event that a message is at a place. An embedded dashboard stamps nothing: its arrival is all that is known. */
export function toEvent(
  { typed, bytes, nowMs }: UnnumberedMessage,
  { epoch, sequence }: { readonly epoch: number; readonly sequence: number },
): LoggedEvent {
  const { type, message } = typed;
  // The text is not kept here: the decoded message holds all of it.
  return { epoch, sequence, receivedAt: { ms: nowMs, ns: 0 }, arrivedAtMs: nowMs, text: '', type, message, bytes };
}
