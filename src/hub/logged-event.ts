import type { Instant } from '../protocol/wire/instant.ts';

/** Where an event stands in the history of its producer: by its life, then by its number in it. */
export interface LogPosition {
  readonly epoch: number;
  readonly sequence: number;
}

/**
 * One event as it is kept. `M` is what the keeper makes of its message: the
 * whole decoded message, or the few fields a relay routes by. Where the log has
 * to look into it, it reads the fields by their names on the wire.
 */
export interface LoggedEvent<M extends object = object> extends LogPosition {
  /** As the publisher wrote it. */
  readonly receivedAt: Instant;
  /** By the clock of whoever keeps it, in milliseconds. */
  readonly arrivedAtMs: number;
  /** The envelope or message, verbatim. */
  readonly text: string;
  /** The message's type, `''` if it has none. */
  readonly type: string;
  readonly message: M;
  /** What keeping it costs, as the keeper counts it. */
  readonly bytes: number;
}

/** Below 0 if `a` comes before `b` in the history of their producer. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  return a.epoch - b.epoch || a.sequence - b.sequence;
}

/** The index of the first item of an ascending list that does not come before `position`. */
export function indexOfPosition(items: readonly LogPosition[], position: LogPosition): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && comparePositions(item, position) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A text member of a message, or `undefined` if it is absent or something else. */
export function textField(message: object, name: string): string | undefined {
  const value = (message as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** A number member of a message, or `undefined` if it is absent or something else. */
export function numberField(message: object, name: string): number | undefined {
  const value = (message as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'number' ? value : undefined;
}

/** Names the conversation a message belongs to: one agent role on one task description. */
export function conversationKey(message: object): string {
  const role = textField(message, 'agentRole') ?? '';
  return JSON.stringify([role, textField(message, 'taskDescription') ?? '']);
}

/** Whether two messages have one {@link conversationKey}, without making it. */
export function isSameConversation(a: object, b: object): boolean {
  const isSame = (textField(a, 'taskDescription') ?? '') === (textField(b, 'taskDescription') ?? '');
  return isSame && (textField(a, 'agentRole') ?? '') === (textField(b, 'agentRole') ?? '');
}
