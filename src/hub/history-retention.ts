import type { DropReason } from '../protocol/tab/history-model.ts';

/** Limits of what a browser keeps; each can be set. */
export interface HistoryLimits {
  /** Producers that are not connected. */
  readonly maxProducers: number;
  /** Runs of a producer. */
  readonly maxRuns: number;
  readonly maxBytes: number;
  /** How long a run is kept after its last event, in milliseconds. */
  readonly maxAgeMs: number;
}

/** What the policy needs to know of a run. */
export interface KeptWeight {
  readonly id: string;
  readonly producer: string;
  /** What it is called by its process, and when it began: two with the same are copies of one run. */
  readonly ensembleId?: string | undefined;
  readonly startedAtMs?: number | undefined;
  readonly events: number;
  readonly bytes: number;
  /** When its last event arrived, in milliseconds since the Unix epoch. */
  readonly lastAtMs: number;
  readonly isPinned: boolean;
  /** It is the newest of a producer that is connected: it may go on at any moment. */
  readonly isLive: boolean;
}

/** A run to let go, and why. */
export interface Drop {
  readonly id: string;
  readonly reason: DropReason;
}

/**
 * Which runs to let go, in this order: all but the fullest copy of a run, those that are too old, the oldest of a producer
 * with too many, those of the longest silent producers above the limit, and the oldest until the rest fits. Pinned runs and
 * live ones are never let go, and count where they take room.
 */
export function planRetention(runs: readonly KeptWeight[], limits: HistoryLimits, nowMs: number): Drop[] {
  const left = new Map(runs.map((run) => [run.id, run]));
  const drops: Drop[] = [];
  const drop = (reason: DropReason, going: readonly KeptWeight[]): void => {
    for (const { id } of going) if (left.delete(id)) drops.push({ id, reason });
  };
  drop('copy', copiesOf(runs));
  drop(
    'age',
    removable([...left.values()]).filter(({ lastAtMs }) => nowMs - lastAtMs > limits.maxAgeMs),
  );
  for (const ofOne of byProducer(left).values()) drop('runs', oldest(removable(ofOne), ofOne.length - limits.maxRuns));
  drop('producers', ofSilent(byProducer(left), limits.maxProducers));
  drop('bytes', oldestUntilFits([...left.values()], limits.maxBytes));
  return drops;
}

/** The oldest runs that together take this share of all, for when the storage says that it is full. */
export function planShare(runs: readonly KeptWeight[], share: number): Drop[] {
  const wanted = sumOf(runs) * (1 - share);
  return oldestUntilFits(runs, wanted).map(({ id }) => ({ id, reason: 'full' }));
}

function removable(runs: readonly KeptWeight[]): KeptWeight[] {
  return runs.filter(({ isPinned, isLive }) => !isPinned && !isLive);
}

function copiesOf(runs: readonly KeptWeight[]): KeptWeight[] {
  const best = new Map<string, KeptWeight>();
  const copies: KeptWeight[] = [];
  for (const run of runs) {
    if (run.ensembleId === undefined || run.startedAtMs === undefined) continue;
    const name = JSON.stringify([run.producer, run.ensembleId, run.startedAtMs]);
    const other = best.get(name);
    const better = other !== undefined && isBetter(other, run) ? other : run;
    best.set(name, better);
    if (other !== undefined) copies.push(better === run ? other : run);
  }
  return removable(copies);
}

function isBetter(a: KeptWeight, b: KeptWeight): boolean {
  if (a.isLive !== b.isLive) return a.isLive;
  if (a.isPinned !== b.isPinned) return a.isPinned;
  return a.events >= b.events;
}

function byProducer(runs: ReadonlyMap<string, KeptWeight>): Map<string, KeptWeight[]> {
  const grouped = new Map<string, KeptWeight[]>();
  for (const run of runs.values()) {
    const group = grouped.get(run.producer);
    if (group === undefined) grouped.set(run.producer, [run]);
    else group.push(run);
  }
  return grouped;
}

function oldest(runs: readonly KeptWeight[], count: number): KeptWeight[] {
  return [...runs].sort(byAge).slice(0, Math.max(0, count));
}

/** A producer with a live run is connected, and is not counted. */
function ofSilent(producers: ReadonlyMap<string, readonly KeptWeight[]>, maxProducers: number): KeptWeight[] {
  const silent = [...producers.values()].filter((runs) => !runs.some(({ isLive }) => isLive));
  const excess = silent.length - maxProducers;
  if (excess <= 0) return [];
  const newest = (runs: readonly KeptWeight[]): number => Math.max(...runs.map(({ lastAtMs }) => lastAtMs));
  return silent
    .sort((a, b) => newest(a) - newest(b))
    .slice(0, excess)
    .flatMap(removable);
}

function oldestUntilFits(runs: readonly KeptWeight[], maxBytes: number): KeptWeight[] {
  let excess = sumOf(runs) - maxBytes;
  return removable(runs)
    .sort(byAge)
    .filter(({ bytes }) => {
      if (excess <= 0) return false;
      excess -= bytes;
      return true;
    });
}

function sumOf(runs: readonly KeptWeight[]): number {
  return runs.reduce((sum, { bytes }) => sum + bytes, 0);
}

function byAge(a: KeptWeight, b: KeptWeight): number {
  return a.lastAtMs - b.lastAtMs;
}
