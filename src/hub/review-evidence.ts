import type { Happened, ReviewRecord, ReviewState, WinningDecision } from './review-record.ts';

/** Where an event stands in what its producer said. */
export interface Position {
  readonly epoch: number;
  readonly sequence: number;
}

/** Whether the producer said `a` before `b`, whatever the order of their arrival. */
export function isBefore(a: Position, b: Position): boolean {
  return a.epoch === b.epoch ? a.sequence < b.sequence : a.epoch < b.epoch;
}

/** What a task did. `iterated`: it asked its model, or its model answered. */
export type TaskStep = 'started' | 'iterated' | 'completed' | 'failed';

/**
 * What a producer did that may show what became of a review: a step of the reviewed
 * task; the end of its run, with the exit reason if one was said; or a new life of its process.
 */
export type Signal =
  | { readonly kind: 'task'; readonly step: TaskStep }
  | { readonly kind: 'run'; readonly exitReason: string | undefined }
  | { readonly kind: 'restart' };

/** A signal, and when it was: both in milliseconds since the Unix epoch. */
export interface Evidence {
  readonly signal: Signal;
  /** By the clock that deadlines are measured with. */
  readonly atMs: number;
  /** By the clock of this ledger, as near as that is known: decisions are dated with it. */
  readonly localMs: number;
}

/**
 * How far from the deadline a decision must have been handed over to count as in time
 * without better proof, in milliseconds: a delivery takes less, and clocks differ by less.
 */
export const DECISION_MARGIN_MS = 2_000;

/**
 * Whether a step of the reviewed task shows that the process no longer waits. Before
 * execution the task has yet to start; during execution it asks its model next; after
 * execution (and for a timing that is not known) nothing is left but to complete.
 */
export function showsProgress(timing: string, step: TaskStep): boolean {
  if (step === 'failed') return true;
  if (timing === 'BEFORE_EXECUTION') return step === 'started';
  if (timing === 'DURING_EXECUTION') return step === 'iterated' || step === 'completed';
  return step === 'completed';
}

/** What the signal says about a review that ran out of time; `undefined` if it does not say. */
export function happenedBy(signal: Signal): Happened | undefined {
  if (signal.kind === 'restart') return undefined;
  if (signal.kind === 'task') return signal.step === 'failed' ? 'failed' : 'continued';
  switch (signal.exitReason) {
    case 'COMPLETED':
      return 'continued';
    case 'USER_EXIT_EARLY':
    case 'TIMEOUT':
      return 'exited';
    case 'ERROR':
      return 'failed';
    default:
      return undefined;
  }
}

/** What the word of a process about its own time-out means; `undefined` for a word that is not known. */
export function happenedByAction(action: string): Happened | undefined {
  switch (action.toUpperCase()) {
    case 'CONTINUE':
      return 'continued';
    case 'EXIT_EARLY':
      return 'exited';
    case 'FAIL':
      return 'failed';
    default:
      return undefined;
  }
}

/** The state of a review whose time ran out. */
export function expired(record: ReviewRecord, happened?: Happened): ReviewState {
  const announced = record.request.onTimeout;
  return happened === undefined ? { kind: 'expired', announced } : { kind: 'expired', announced, happened };
}

/** The state of a review whose decision came when the process no longer waited for it. */
export function tooLate(happened?: Happened): ReviewState {
  const reason = 'too late';
  return happened === undefined ? { kind: 'refused', reason } : { kind: 'refused', reason, happened };
}

/**
 * Where a review stands after evidence of its own task, run or process; `undefined` if
 * the evidence changes nothing. `sentAtMs` is when the decision was last handed over.
 */
export function judge(record: ReviewRecord, evidence: Evidence, sentAtMs: number | undefined): ReviewState | undefined {
  const { state, decision } = record;
  switch (state.kind) {
    case 'open':
      return judgeUndecided(record, evidence);
    case 'unknown':
      return decision === undefined ? judgeUndecided(record, evidence) : undefined;
    case 'held':
      return evidence.signal.kind === 'task'
        ? tooLate(happenedBy(evidence.signal))
        : { kind: 'refused', reason: 'cancelled' };
    case 'sending':
    case 'decided':
    case 'sent':
      return decision === undefined
        ? judgeUndecided(record, evidence)
        : judgeSent({ record, decision, sentAtMs: sentAtMs ?? decision.atMs }, evidence);
    case 'expired':
      return judgeExpired(record, evidence);
    case 'refused':
      return state.reason === 'too late' && state.happened === undefined
        ? tooLate(happenedBy(evidence.signal))
        : undefined;
    case 'applied':
    case 'closed':
      return undefined;
  }
}

function judgeUndecided(record: ReviewRecord, evidence: Evidence): ReviewState {
  if (evidence.signal.kind === 'restart' || isBeforeDeadline(record, evidence)) {
    return { kind: 'closed', inferred: true };
  }
  return expired(record, happenedBy(evidence.signal));
}

/** An expiry is only our clock's word: evidence that is older than the deadline shows that somebody answered in time. */
function judgeExpired(record: ReviewRecord, evidence: Evidence): ReviewState | undefined {
  if (isBeforeDeadline(record, evidence)) return { kind: 'closed', inferred: true };
  const happened = happenedBy(evidence.signal);
  return happened === undefined ? undefined : expired(record, happened);
}

interface Sent {
  readonly record: ReviewRecord;
  readonly decision: WinningDecision;
  readonly sentAtMs: number;
}

function judgeSent(sent: Sent, evidence: Evidence): ReviewState {
  const { signal } = evidence;
  if (signal.kind === 'restart') return { kind: 'unknown' };
  // What was done before the decision was made cannot be its effect: it was answered elsewhere.
  if (evidence.localMs < sent.decision.atMs - DECISION_MARGIN_MS) return tooLate(happenedBy(signal));
  if (sent.decision.decision === 'EXIT_EARLY') {
    const proof = proofOfExit(signal);
    if (proof === 'against') return tooLate(happenedBy(signal));
    if (proof === 'none') return { kind: 'unknown' };
  }
  const { deadlineMs } = sent.record;
  const wasWellBefore = deadlineMs !== undefined && deadlineMs - sent.sentAtMs > DECISION_MARGIN_MS;
  return isBeforeDeadline(sent.record, evidence) || wasWellBefore
    ? { kind: 'applied', proof: 'inferred' }
    : { kind: 'unknown' };
}

/** Only a run that says so has exited early by a decision; a run that never said how it ended proves nothing. */
function proofOfExit(signal: Exclude<Signal, { kind: 'restart' }>): 'for' | 'against' | 'none' {
  if (signal.kind === 'task') return 'against';
  if (signal.exitReason === 'USER_EXIT_EARLY') return 'for';
  return signal.exitReason === 'COMPLETED' || signal.exitReason === 'TIMEOUT' ? 'against' : 'none';
}

function isBeforeDeadline(record: ReviewRecord, evidence: Evidence): boolean {
  return record.deadlineMs === undefined || evidence.atMs < record.deadlineMs;
}
