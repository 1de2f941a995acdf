import type { LogOutput } from './event-log.ts';
import type { DroppedBytes } from './viewer-outbox.ts';

/**
 * What a relay counts while it runs, as plain numbers: counting costs an
 * addition, and whoever wants to know reads them (`relay-metrics.ts`). Every
 * number only grows.
 */
export class RelayCounters {
  /** Envelopes taken from sockets, and by POST. */
  readonly events = { socket: 0, post: 0 };
  /** What was not taken, by the code of its error. */
  readonly refused = new Map<string, number>();
  /** Frames for all viewers, times the viewers. */
  framesSent = 0;
  /** How often a publisher was not read for a while, because too much waited for viewers. */
  pauses = 0;
  /** Events that were here before. */
  repeats = 0;
  /** Events that came after they had been declared missing, or after newer ones. */
  late = 0;
  /** Numbers that were declared missing. */
  missing = 0;
  /** Kept events that retention let go. */
  letGo = 0;
  /** Producers that were let go, by reason. */
  readonly evicted = new Map<string, number>();
  /** Greetings written, first and fresh ones, and their bytes. */
  greetings = 0;
  greetingBytes = 0;
  /** What slow viewers were not told, in bytes. */
  readonly droppedBytes: DroppedBytes = { token: 0, queue: 0 };
  /** Viewers that were closed because they could not keep up. */
  tooSlow = 0;
  /** Decisions, by what became of them at once: the state of the review, or the code of the refusal. */
  readonly decisions = new Map<string, number>();
}

/** Adds to a count that is kept by name. */
export function countIn(counts: Map<string, number>, name: string, by = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}

/** Counts what came of something that the log took in or let go. */
export function countOutput(counters: RelayCounters, output: LogOutput): void {
  switch (output.kind) {
    case 'event':
      counters.letGo += output.outcome.letGo;
      if (output.late) counters.late += 1;
      break;
    case 'hole':
      counters.missing += output.to - output.from + 1;
      break;
    case 'repeat':
      counters.repeats += 1;
      break;
    case 'evicted':
      countIn(counters.evicted, output.reason);
      break;
    case 'let-go':
      counters.letGo += output.letGo;
      break;
    default:
  }
}
