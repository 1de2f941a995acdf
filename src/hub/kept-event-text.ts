import { isRecord } from '../protocol/wire/wire-value.ts';
import type { KeptEvent } from './logged-change.ts';

/**
 * An event as text, to be stored beside others of its life: its number, its own time (milliseconds and nanoseconds), its
 * arrival, whether it is untimed, and the message itself.
 */
export function keptEventText({ event, isUntimed }: KeptEvent): string {
  const { sequence, receivedAt, arrivedAtMs, message } = event;
  return JSON.stringify([sequence, receivedAt.ms, receivedAt.ns, arrivedAtMs, isUntimed ? 1 : 0, message]);
}

/** The event in such a text; `undefined` if there is none in it. Never throws. */
export function readKeptEvent(epoch: number, text: string): KeptEvent | undefined {
  const parts = parseArray(text);
  if (parts?.length !== 6) return undefined;
  const [sequence, ms, ns, arrivedAtMs, untimed, message] = parts;
  if (!isWhole(sequence) || !isWhole(ms) || !isWhole(ns) || !isFinite(arrivedAtMs) || !isRecord(message)) {
    return undefined;
  }
  const { type } = message;
  return {
    event: {
      epoch,
      sequence,
      receivedAt: { ms, ns },
      arrivedAtMs,
      text: '',
      type: typeof type === 'string' ? type : '',
      message,
      bytes: text.length,
    },
    isUntimed: untimed === 1,
  };
}

function parseArray(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}
