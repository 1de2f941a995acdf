import type { RunStateWord, RunSummary } from '../../protocol/tab/run-model.ts';
import { countOf, groupDigits } from '../format/count.ts';
import { ageOf, clockDuration } from '../format/duration.ts';
import type { GlyphState } from '../glyphs/state-glyph.tsx';

/** How a run's state is said and drawn. */
export interface RunStateView {
  readonly word: string;
  readonly glyph: GlyphState;
}

const STATES: Record<RunStateWord, RunStateView> = {
  running: { word: 'running', glyph: 'running' },
  waiting: { word: 'waiting for you', glyph: 'waiting' },
  failed: { word: 'failed', glyph: 'failed' },
  ended: { word: 'done', glyph: 'done' },
  'lost-touch': { word: 'lost touch', glyph: 'gone' },
};

/** A run's state as a word and a glyph. */
export function runStateView(state: RunStateWord): RunStateView {
  return STATES[state];
}

/** How long the run took, or takes so far, ms; undefined where that is not known. */
export function elapsedMs(run: RunSummary, nowMs: number): number | undefined {
  if (run.durationMs !== undefined) return run.durationMs;
  // A failed run whose end is not known goes on beside what failed.
  const isLive = run.state === 'running' || run.state === 'waiting' || run.state === 'failed';
  return isLive && run.startedAtMs !== undefined ? Math.max(0, nowMs - run.startedAtMs) : undefined;
}

/** The state with how long it has lasted: `waiting for you · 2:14`, `done · 6 min ago`. */
export function stateText(run: RunSummary, sinceMs: number | undefined, nowMs: number): string {
  const { word } = STATES[run.state];
  if (run.state === 'waiting') return sinceMs === undefined ? word : `${word} · ${clockDuration(nowMs - sinceMs)}`;
  if (run.state === 'running') return word;
  const endMs = run.startedAtMs === undefined ? undefined : run.startedAtMs + (run.durationMs ?? 0);
  if (endMs === undefined || run.durationMs === undefined) return word;
  const age = ageOf(nowMs - endMs);
  return age === 'now' ? `${word} · just now` : `${word} · ${age} ago`;
}

/** How many of the tasks are finished: `2 of 4`. */
export function tasksFigure(run: Pick<RunSummary, 'tasksFinished' | 'tasksTotal'>): string {
  return `${groupDigits(run.tasksFinished)} of ${groupDigits(run.tasksTotal)}`;
}

/** One line of the run picker. */
export function runChoice(run: RunSummary, total: number): string {
  const done = countOf(run.tasksTotal, 'task');
  return `run ${run.number} of ${total} · ${STATES[run.state].word} · ${done}`;
}

/** How an ensemble says it ended, in words where they are known. */
export function exitText(exitReason: string): string {
  switch (exitReason) {
    case 'COMPLETED':
      return 'Ended: every task was done.';
    case 'USER_EXIT_EARLY':
      return 'Ended: somebody chose to exit early.';
    case 'TIMEOUT':
      return 'Ended: a review was not answered in time.';
    case 'ERROR':
      return 'Ended: an error stopped it.';
    default:
      return `Ended: ${exitReason}.`;
  }
}
