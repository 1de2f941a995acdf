import type { HistoryHead, HistoryKey, HistoryRun } from '../protocol/tab/history-model.ts';
import { producerKey, type ProducerKey } from '../protocol/tab/keys.ts';
import type { ProducerWord, RosterEntity } from '../protocol/tab/roster-model.ts';
import type { RunStateWord } from '../protocol/tab/run-model.ts';
import { decodeEnsembleMessage } from '../protocol/wire/ensemble-message.ts';
import type { HubWork } from './hub-work.ts';
import type { KeptReview } from './kept-producer.ts';
import { createLiveState, type LiveState } from './live-state.ts';
import { liveReducer } from './live-reducer.ts';
import { fillIterations } from './live/fill-iterations.ts';
import { setReviewWait } from './live/review-waits.ts';
import { loseTouch } from './live/touch.ts';
import type { KeptEvent, KeptFiller } from './logged-change.ts';
import { comparePositions } from './logged-event.ts';

/** The history, as the hub's storage tells it: the lines, and the runs that somebody has opened. */
export interface HistoryState {
  head: HistoryHead;
  readonly runs: Map<HistoryKey, HistoryRun>;
  /** Oldest first; they are in no roster and no inbox. */
  readonly opened: Map<ProducerKey, OpenedProducer>;
}

/** A run that was opened from the history, under a producer of its own. */
export interface OpenedProducer {
  readonly live: LiveState;
  readonly roster: RosterEntity;
}

/** One run out of the storage. */
export interface OpenedRunRecords {
  readonly run: HistoryRun;
  readonly number: number;
  /** Whether its source stamps what it says; an embedded dashboard does not. */
  readonly isStamped: boolean;
  readonly events: readonly KeptEvent[];
  readonly fillers: readonly KeptFiller[];
  readonly reviews: readonly KeptReview[];
}

/** How many opened runs are held at once. */
const MAX_OPENED = 4;

/** No history yet. */
export function createHistoryState(): HistoryState {
  const head: HistoryHead = {
    storage: 'opening',
    bytes: 0,
    limitBytes: 0,
    runs: 0,
    pinned: 0,
    dropped: {},
    damaged: 0,
  };
  return { head, runs: new Map(), opened: new Map() };
}

/** The storage says how the history is now: its head, the lines that differ, and those that are gone. */
export function setHistory(
  work: HubWork,
  told: { readonly head: HistoryHead; readonly runs: readonly HistoryRun[]; readonly gone: readonly HistoryKey[] },
): void {
  const { history } = work.state;
  history.head = told.head;
  for (const run of told.runs) history.runs.set(run.id, run);
  for (const id of told.gone) history.runs.delete(id);
  work.changes.push({ kind: 'history', runs: [...told.runs.map(({ id }) => id), ...told.gone] });
}

/** The key under which the views of a run out of the history are to be had. */
export function openedKey(id: HistoryKey): ProducerKey {
  return producerKey('history:', id);
}

/** Reduces a run out of the history, by the same steps as when it was live, for views to show. */
export function openRun(work: HubWork, records: OpenedRunRecords): void {
  const { opened } = work.state.history;
  const key = openedKey(records.run.id);
  const live = createLiveState(key);
  live.runsBegun = records.number - 1;
  reduceRecords(work, live, records);
  opened.delete(key);
  opened.set(key, { live, roster: rosterOf(key, records.run) });
  for (const oldest of opened.keys()) if (opened.size > MAX_OPENED) opened.delete(oldest);
  const run = live.runs.at(-1);
  if (run !== undefined) work.changes.push({ kind: 'run-reset', producer: key, run: run.key });
}

function reduceRecords(work: HubWork, live: LiveState, records: OpenedRunRecords): void {
  const { run, isStamped, events, reviews } = records;
  const fillers = [...records.fillers];
  for (const { event, isUntimed } of events) {
    while (fillers[0] !== undefined && comparePositions(fillers[0].after, event) < 0) {
      fillIterations(
        live,
        fillers.splice(0, 1).map(({ pair }) => pair),
        work.changes,
      );
    }
    const { epoch, sequence, type, receivedAt, arrivedAtMs } = event;
    const atMs = isStamped ? receivedAt.ms : arrivedAtMs;
    const message = decodeEnsembleMessage(event.message);
    liveReducer(live, { epoch, sequence, type, atMs, isTimeKnown: !isUntimed, message }, work.changes);
  }
  fillIterations(
    live,
    fillers.map(({ pair }) => pair),
    work.changes,
  );
  for (const review of reviews) showWait(work, live, review);
  if (run.state === 'lost-touch') loseTouch(live, run.lastAtMs, work.changes);
}

function showWait(work: HubWork, live: LiveState, { record, endedAtMs }: KeptReview): void {
  const { reviewId, request, requestedAt } = record;
  const told = {
    review: `${live.producer} ${reviewId}`,
    reviewId,
    taskDescription: request.taskDescription,
    fromMs: requestedAt.ms,
    toMs: endedAtMs ?? record.changedAtMs,
    isOpen: false,
    position: record,
  };
  setReviewWait(live, told, work.changes);
}

function rosterOf(id: ProducerKey, run: HistoryRun): RosterEntity {
  const { sourceId, producerId, serviceName, lastAtMs, tasksFinished, tasksTotal } = run;
  return {
    id,
    sourceId,
    producerId,
    ...(serviceName === undefined ? {} : { serviceName }),
    tags: [],
    state: WORDS[run.state],
    detail: run.title,
    lastSeenMs: lastAtMs,
    runs: 1,
    openReviews: 0,
    tasksFinished,
    tasksTotal,
    missing: 0,
    unreadable: 0,
  };
}

const WORDS: Record<RunStateWord, ProducerWord> = {
  running: 'gone',
  waiting: 'gone',
  'lost-touch': 'gone',
  failed: 'failed',
  ended: 'done',
};
