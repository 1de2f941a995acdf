import type { KeptProducer, KeptReview, KeptRun } from '../../hub/kept-producer.ts';
import type { LogPosition } from '../../hub/logged-event.ts';

/** A place in terms of the storage, where lives of earlier visits of the same producer come before those that the hub counts. */
export function shiftPlace({ epoch, sequence }: LogPosition, by: number): LogPosition {
  return { epoch: epoch + by, sequence };
}

/** The same for all places of a producer. */
export function shiftProducer(kept: KeptProducer, by: number): KeptProducer {
  if (by === 0) return kept;
  return {
    ...kept,
    lives: kept.lives.map((life) => ({ ...life, epoch: life.epoch + by })),
    gaps: kept.gaps.map((gap) => ({ ...gap, note: { ...gap.note, epoch: gap.note.epoch + by } })),
    lost: kept.lost.map((lost) => ({ ...lost, begins: shiftPlace(lost.begins, by) })),
  };
}

/** The same for a run. */
export function shiftRun(kept: KeptRun, by: number): KeptRun {
  return by === 0 ? kept : { ...kept, begins: shiftPlace(kept.begins, by) };
}

/** The same for a review. */
export function shiftReview(kept: KeptReview, by: number): KeptReview {
  return by === 0 ? kept : { ...kept, record: { ...kept.record, epoch: kept.record.epoch + by } };
}
