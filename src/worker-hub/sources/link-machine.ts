import type { SourceReason } from '../../protocol/tab/source-model.ts';
import { closeMeaning } from '../../protocol/wire/close-codes.ts';
import { PING_INTERVAL_MS, RECONNECT_DELAYS_MS, SILENCE_LIMIT_MS } from '../../protocol/wire/limits.ts';
import type { LinkConnected, LinkEffect, LinkEvent, LinkState, LinkStep } from './link-state.ts';
import { brokeOff, looking, notAnEnsemble, refusedAfterOpen, silent, wentSilent } from './reasons.ts';

/** How long a socket may take to open, ms: the longest round trip that is still bearable, several times over. */
export const OPEN_LIMIT_MS = 15_000;

/** How long an open socket may take to greet, ms: a greeting of many megabytes over a slow network. */
export const GREETING_LIMIT_MS = 60_000;

/** How long a connection must have lasted for the next failure to count as the first, ms. */
export const STABLE_AFTER_MS = 5_000;

/** How long a connection may take to answer when a tab comes back to it, ms: a phone's sleep leaves dead sockets. */
export const WAKE_LIMIT_MS = 8_000;

/** From how late a timer on it shows that this computer slept, or the hub was frozen, ms: pings were not sent then, nor answers read. */
const OVERSLEPT_MS = 5_000;

/** What the machine needs from outside. */
export interface LinkSurroundings {
  readonly nowMs: number;
  /** From 0 up to, not including, 1: how much of the back-off to wait. */
  readonly random: () => number;
  /** `host:port`, for the sentences. */
  readonly place: string;
  /** Origin of the page, for the sentences. */
  readonly pageOrigin: string;
}

/** The next step of a connection. Pure; an event that means nothing in a state changes nothing. */
export function nextLinkStep(before: LinkState, event: LinkEvent, outside: LinkSurroundings): LinkStep {
  const state = withinReach(before, outside.nowMs);
  switch (event.kind) {
    case 'wake':
      return wake(state, event.isAsked, outside);
    case 'refused':
      return { state: { kind: 'idle', reason: event.reason }, effects: isLive(state) ? ['close'] : [] };
    case 'explained':
      return explained(state, event.reason, event.isFinal);
    case 'time':
      return time(state, outside);
    case 'closed':
      return closed(state, event.code, outside);
    default:
      return heard(state, event, outside);
  }
}

/** When the machine wants to be told the time; undefined while it waits for nothing. */
export function linkDeadlineMs(state: LinkState): number | undefined {
  switch (state.kind) {
    case 'idle':
      return undefined;
    case 'waiting':
      return state.retryAtMs;
    case 'opening':
      return state.sinceMs + OPEN_LIMIT_MS;
    case 'greeting':
      return Math.min(state.pingAtMs, state.sinceMs + GREETING_LIMIT_MS);
    case 'connected':
      return Math.min(state.pingAtMs, state.silentAtMs ?? Infinity);
  }
}

function stay(state: LinkState): LinkStep {
  return { state, effects: [] };
}

function isLive(state: LinkState): boolean {
  return state.kind === 'opening' || state.kind === 'greeting' || state.kind === 'connected';
}

function wake(state: LinkState, isAsked: boolean, { nowMs }: LinkSurroundings): LinkStep {
  // What was too large will be so again, and costs a download each time.
  if (state.kind === 'idle' && state.reason.code === 'too-large' && !isAsked) return stay(state);
  if (state.kind === 'idle') return open(1, nowMs);
  if (state.kind === 'waiting') return openAgain(state, nowMs);
  if (state.kind !== 'connected' || state.silentAtMs === undefined) return stay(state);
  const slept = afterSleep(state, nowMs);
  if (slept !== undefined) return slept;
  const silentAtMs = Math.min(state.silentAtMs, nowMs + WAKE_LIMIT_MS);
  return { state: { ...state, pingAtMs: nowMs + PING_INTERVAL_MS, silentAtMs }, effects: ['ping'] };
}

/**
 * What is to be done where this end slept on an open connection; undefined where it did not. Silence says nothing then, and an
 * embedded dashboard that is left without need answers its open reviews.
 */
function afterSleep(state: LinkState, nowMs: number): LinkStep | undefined {
  if (state.kind !== 'greeting' && state.kind !== 'connected') return undefined;
  if (nowMs - (linkDeadlineMs(state) ?? nowMs) < OVERSLEPT_MS) return undefined;
  const pingAtMs = nowMs + PING_INTERVAL_MS;
  if (state.kind === 'greeting') return { state: { ...state, sinceMs: nowMs, pingAtMs }, effects: ['ping'] };
  const isWatched = state.silentAtMs !== undefined && { silentAtMs: nowMs + WAKE_LIMIT_MS };
  return { state: { ...state, pingAtMs, ...isWatched }, effects: ['ping'] };
}

/** The state with no moment further away than when it was planned, which it would be once the clock was set back. */
function withinReach(state: LinkState, nowMs: number): LinkState {
  if (state.kind === 'idle') return state;
  const longestMs = state.kind === 'waiting' ? (RECONNECT_DELAYS_MS.at(-1) ?? 0) : PING_INTERVAL_MS;
  if ((linkDeadlineMs(state) ?? 0) <= nowMs + longestMs) return state;
  if (state.kind === 'waiting') return { ...state, retryAtMs: nowMs + longestMs };
  if (state.kind === 'opening') return { ...state, sinceMs: nowMs };
  // When it was asked last nobody knows now.
  const moved = { sinceMs: nowMs, pingAtMs: nowMs };
  if (state.kind === 'greeting' || state.silentAtMs === undefined) return { ...state, ...moved };
  return { ...state, ...moved, silentAtMs: nowMs + SILENCE_LIMIT_MS };
}

function open(attempt: number, nowMs: number): LinkStep {
  return { state: { kind: 'opening', sinceMs: nowMs, attempt }, effects: ['open'] };
}

function openAgain({ attempt, reason }: Extract<LinkState, { kind: 'waiting' }>, nowMs: number): LinkStep {
  return { state: { kind: 'opening', sinceMs: nowMs, attempt: attempt + 1, before: reason }, effects: ['open'] };
}

/** Until it is known why an attempt failed, the reason of the one before it is the best guess, and the screen stays calm. */
function unexplained({ before }: Extract<LinkState, { kind: 'opening' }>, place: string): SourceReason {
  return before ?? looking(place);
}

function explained(state: LinkState, reason: SourceReason, isFinal: boolean): LinkStep {
  if (state.kind !== 'waiting' || (!isFinal && state.reason.text === reason.text)) return stay(state);
  return stay(isFinal ? { kind: 'idle', reason } : { ...state, reason });
}

function time(state: LinkState, outside: LinkSurroundings): LinkStep {
  const { nowMs, place } = outside;
  if (state.kind === 'idle' || nowMs < (linkDeadlineMs(state) ?? Infinity)) return stay(state);
  if (state.kind === 'waiting') return openAgain(state, nowMs);
  const slept = afterSleep(state, nowMs);
  if (slept !== undefined) return slept;
  if (state.kind === 'opening')
    return retry(state, { reason: unexplained(state, place), effects: ['close', 'explain'] }, outside);
  if (state.kind === 'greeting' && nowMs >= state.sinceMs + GREETING_LIMIT_MS) {
    return retry(state, { reason: silent(place), effects: ['close'], isSlow: true }, outside);
  }
  if (state.kind === 'connected' && nowMs >= (state.silentAtMs ?? Infinity)) {
    return retry(state, { reason: wentSilent(place), effects: ['close'] }, outside);
  }
  return { state: { ...state, pingAtMs: nowMs + PING_INTERVAL_MS }, effects: ['ping'] };
}

function closed(state: LinkState, code: number, outside: LinkSurroundings): LinkStep {
  if (state.kind === 'opening')
    return retry(state, { reason: unexplained(state, outside.place), effects: ['explain'] }, outside);
  if (state.kind !== 'greeting' && state.kind !== 'connected') return stay(state);
  const meaning = closeMeaning(code);
  if (code === 1008) return stay({ kind: 'idle', reason: refusedAfterOpen(outside.place, outside.pageOrigin) });
  const reason = brokeOff(outside.place, meaning);
  return meaning.retry ? retry(state, { reason, effects: [] }, outside) : stay({ kind: 'idle', reason });
}

function heard(
  state: LinkState,
  event: Extract<LinkEvent, { kind: 'opened' | 'greeted' | 'heard' | 'not-an-ensemble' }>,
  outside: LinkSurroundings,
): LinkStep {
  const { nowMs } = outside;
  if (event.kind === 'opened' && state.kind === 'opening') {
    return stay({ kind: 'greeting', sinceMs: nowMs, attempt: state.attempt, pingAtMs: nowMs + PING_INTERVAL_MS });
  }
  if (event.kind === 'greeted' && state.kind === 'greeting') {
    return stay({ kind: 'connected', sinceMs: nowMs, attempt: state.attempt, pingAtMs: state.pingAtMs });
  }
  if (event.kind === 'not-an-ensemble' && state.kind === 'greeting') {
    return retry(state, { reason: notAnEnsemble(outside.place), effects: ['close'], isSlow: true }, outside);
  }
  if (event.kind === 'heard' && state.kind === 'connected') return stay(alive(state, event.isSign, nowMs));
  return stay(state);
}

function alive(state: LinkConnected, isSign: boolean, nowMs: number): LinkState {
  if (!isSign && state.silentAtMs === undefined) return state;
  return { ...state, silentAtMs: nowMs + SILENCE_LIMIT_MS };
}

interface Failure {
  readonly reason: SourceReason;
  readonly effects: readonly LinkEffect[];
  /** What is there now will hardly become an ensemble within seconds. */
  readonly isSlow?: boolean;
}

function retry(
  state: Extract<LinkState, { attempt: number }>,
  failure: Failure,
  { nowMs, random }: LinkSurroundings,
): LinkStep {
  const lasted = state.kind === 'connected' && nowMs - state.sinceMs >= STABLE_AFTER_MS;
  const attempt = lasted ? 0 : state.attempt;
  const last = RECONNECT_DELAYS_MS.length - 1;
  const delayMs = RECONNECT_DELAYS_MS[Math.min(Math.max(0, attempt - 1), last)] ?? 0;
  const waitMs = failure.isSlow === true ? (RECONNECT_DELAYS_MS[last] ?? 0) : random() * delayMs;
  return {
    state: { kind: 'waiting', retryAtMs: nowMs + waitMs, attempt, reason: failure.reason },
    effects: failure.effects,
  };
}
