/** What decides whether the next start begins another run. */
export interface RunPhase {
  readonly hadTask: boolean;
  readonly hasEnded: boolean;
}

/** A run of which nothing is known yet. */
export const NEW_RUN: RunPhase = { hadTask: false, hasEnded: false };

const TASK_TYPES: ReadonlySet<string> = new Set(['task_started', 'task_completed', 'task_failed']);

/** The types that decide where runs begin: a late one may move the boundaries after it. */
export const BOUNDARY_TYPES: ReadonlySet<string> = new Set([...TASK_TYPES, 'ensemble_started', 'ensemble_completed']);

/**
 * Whether a message of this type begins another run. A start does, if the run
 * before it had a task or has ended; else it is the start of that very run.
 */
export function beginsRun(type: string, current: RunPhase): boolean {
  return type === 'ensemble_started' && (current.hadTask || current.hasEnded);
}

/** The phase of a run after a message of this type. */
export function advanceRun(current: RunPhase, type: string): RunPhase {
  if (TASK_TYPES.has(type)) return current.hadTask ? current : { ...current, hadTask: true };
  if (type === 'ensemble_completed') return current.hasEnded ? current : { ...current, hasEnded: true };
  return current;
}

/**
 * Cuts messages in order into runs. `isCut(item, previous)` says where a run
 * ends for another reason than its messages (another life of the process).
 */
export function splitRuns<T extends { readonly type: string }>(
  items: readonly T[],
  isCut: (item: T, previous: T) => boolean = () => false,
): T[][] {
  const runs: T[][] = [];
  let phase = NEW_RUN;
  let previous: T | undefined;
  for (const item of items) {
    const current = runs.at(-1);
    const isNew = previous === undefined || beginsRun(item.type, phase) || isCut(item, previous);
    phase = advanceRun(isNew ? NEW_RUN : phase, item.type);
    if (isNew || current === undefined) runs.push([item]);
    else current.push(item);
    previous = item;
  }
  return runs;
}

/** How many lives are known to have begun at 1: more than the sequencer tells apart. */
const MAX_FRESH_EPOCHS = 128;

/** Notes that a life is known from its beginning, so that a run begins with it; of the lives before it only the newest are remembered. */
export function noteFreshEpoch(fresh: Set<number>, epoch: number): void {
  fresh.add(epoch);
  for (const oldest of fresh) {
    if (fresh.size <= MAX_FRESH_EPOCHS) return;
    fresh.delete(oldest);
  }
}
