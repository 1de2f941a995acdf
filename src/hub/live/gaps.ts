import type { Change } from '../change.ts';
import type { LiveEvent, LiveState } from '../live-state.ts';
import { mark, markRemoved, type Place } from './step.ts';

/** Events that did not come, as the sequencer declares them. Both ends are in it. */
export interface GapNote {
  readonly kind: 'missing' | 'not-seen';
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
}

/** A gap at its place in a run. */
export interface GapState {
  readonly id: string;
  readonly order: number;
  note: GapNote;
  /** How many of its events have not come late either. */
  events: number;
  /** The time of the event after the gap. */
  readonly atMs: number;
}

/** A gap that waits for the event behind it, and how many of its events have not come late either. */
export interface GapAhead {
  readonly note: GapNote;
  readonly events: number;
}

/** Notes a gap; it is shown with the next event, which stands right behind it and tells its time. */
export function noteGap(live: LiveState, gap: GapNote): void {
  if (gap.to >= gap.from) addGapsAhead(live, [{ note: gap, events: gap.to - gap.from + 1 }]);
}

/** Adds gaps that wait, in the order of their places. */
export function addGapsAhead(live: LiveState, gaps: readonly GapAhead[]): void {
  for (const gap of gaps) live.gapsAhead.push({ note: gap.note, events: gap.events });
  live.gapsAhead.sort((a, b) => a.note.epoch - b.note.epoch || a.note.from - b.note.from);
}

/** Puts the gaps that stand before this event into its run. */
export function placeGaps(place: Place, event: LiveEvent, atMs: number): void {
  const { gapsAhead } = place.live;
  for (;;) {
    const [first] = gapsAhead;
    if (first === undefined || !isBefore(first.note, event)) return;
    gapsAhead.shift();
    addGap(place, first, atMs);
  }
}

/** An event of a gap has come after all: the gap is smaller, or gone. */
export function fillGap(live: LiveState, position: { epoch: number; sequence: number }, changes: Change[]): void {
  for (const run of live.runs) {
    for (const gap of run.gaps.values()) {
      if (isInside(gap.note, position)) shrinkGap({ live, run, changes }, gap, position.sequence);
    }
  }
  live.gapsAhead = live.gapsAhead
    .map((gap) => (isInside(gap.note, position) ? without(gap, position.sequence) : gap))
    .filter(({ events }) => events > 0);
}

/** What was not seen ends where something was seen: what lies behind that is missing, or was excused by a snapshot. */
function without({ note, events }: GapAhead, sequence: number): GapAhead {
  if (note.kind === 'missing') return { note, events: events - 1 };
  return { note: { ...note, to: sequence - 1 }, events: sequence - note.from };
}

function addGap(place: Place, ahead: GapAhead, atMs: number): void {
  const { run } = place;
  run.gapsNoted += 1;
  const order = run.gapsNoted;
  const gap: GapState = { id: `g${order}`, order, ...ahead, atMs };
  run.gaps.set(gap.id, gap);
  mark(place, 'gaps', gap.id);
}

function shrinkGap(place: Place, gap: GapState, sequence: number): void {
  Object.assign(gap, without(gap, sequence));
  if (gap.events > 0) {
    mark(place, 'gaps', gap.id);
    return;
  }
  place.run.gaps.delete(gap.id);
  markRemoved(place, 'gaps', gap.id);
}

function isInside(note: GapNote, position: { epoch: number; sequence: number }): boolean {
  return note.epoch === position.epoch && note.from <= position.sequence && position.sequence <= note.to;
}

function isBefore(note: GapNote, position: { epoch: number; sequence: number }): boolean {
  return note.epoch < position.epoch || (note.epoch === position.epoch && note.to < position.sequence);
}
