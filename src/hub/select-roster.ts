import type { ProducerWord, RosterEntity } from '../protocol/tab/roster-model.ts';
import type { ReviewEntity } from '../protocol/tab/review-model.ts';
import type { HubProducer, HubSource } from './hub-state.ts';
import { currentTask } from './live/current-task.ts';
import type { RunState } from './run-state.ts';
import { withoutUndefined } from './without-undefined.ts';

/** How much of peers' text goes into a line of the roster, in characters. */
const DETAIL_MAX_CHARS = 160;

/** A producer's line in the roster. It costs as much as the producer has open reviews, whatever else there is of it. */
export function selectRoster(source: HubSource, producer: HubProducer): RosterEntity {
  const run = producer.live.runs.at(-1);
  const open = openReviewsOf(producer);
  const state = wordOf({ run, hasOpenReview: open.length > 0, isReachable: isReachable(source, producer) });
  const { info } = producer;
  return withoutUndefined({
    id: producer.key,
    sourceId: producer.sourceId,
    producerId: producer.producerId,
    serviceName: serviceNameOf(source, producer),
    instanceId: info?.instanceId ?? undefined,
    host: info?.host ?? undefined,
    version: info?.version ?? undefined,
    tags: Object.entries(info?.tags ?? {}),
    state,
    detail: detailOf(state, producer, open[0]),
    sinceMs: sinceOf(state, producer, open[0]),
    lastSeenMs: producer.lastSeenMs,
    runs: producer.live.runs.length,
    openReviews: open.length,
    nextDeadlineMs: earliest(open.map(({ deadlineMs }) => deadlineMs)),
    tasksFinished: run?.tasksFinished ?? 0,
    tasksTotal: run?.tasksTotal ?? 0,
    missing: producer.missing,
    unreadable: producer.unreadable,
  });
}

/** What its service is called; an embedded dashboard does not say, so it goes by the name of its source. */
export function serviceNameOf(source: HubSource, producer: HubProducer): string | undefined {
  return producer.info?.serviceName ?? (source.wire?.kind === 'embedded' ? source.label : undefined);
}

/** Whether the process can be there: one that only posts is never known to be gone. */
export function isReachable(source: HubSource, producer: HubProducer): boolean {
  if (source.wire?.kind !== 'hub') return source.connectionId !== undefined;
  return source.wire.registry.get(producer.producerId)?.presence.kind !== 'gone';
}

function wordOf(facts: {
  readonly run: RunState | undefined;
  readonly hasOpenReview: boolean;
  readonly isReachable: boolean;
}): ProducerWord {
  const { run, hasOpenReview } = facts;
  if (hasOpenReview) return 'waiting for you';
  if (facts.isReachable && (run?.state === 'running' || run?.state === 'waiting')) return 'running';
  if (run?.state === 'failed') return 'failed';
  if (!facts.isReachable) return 'gone';
  return run?.state === 'ended' ? 'done' : 'idle';
}

function detailOf(state: ProducerWord, producer: HubProducer, review: ReviewEntity | undefined): string {
  const run = producer.live.runs.at(-1);
  switch (state) {
    case 'waiting for you':
      return `Review: ${oneLine(review?.taskDescription ?? '')}`;
    case 'running':
      return runningLine(run);
    case 'failed':
      return `Failed: ${oneLine(run?.failure ?? run?.exitReason ?? 'no reason was given')}`;
    case 'done':
      return endedLine(run);
    case 'gone':
      return `${count(producer.live.runs.length, 'run')} kept`;
    case 'idle':
      return run === undefined ? 'No run yet' : 'The process began again and has said nothing yet';
  }
}

function runningLine(run: RunState | undefined): string {
  const task = run === undefined ? undefined : currentTask(run);
  if (task === undefined) return run?.workflow === undefined ? 'Running' : `Running · ${run.workflow.toLowerCase()}`;
  const description = oneLine(task.description);
  return task.tool === undefined ? description : `${description} · ${oneLine(task.tool)}`;
}

function endedLine(run: RunState | undefined): string {
  if (run === undefined) return '';
  const how = run.exitReason === undefined || run.exitReason === 'COMPLETED' ? '' : `${exitWords(run.exitReason)} · `;
  const tokens = run.tokens > 0 ? ` · ${run.tokens.toLocaleString('en')} tokens` : '';
  return `${how}${count(run.tasksFinished, 'task')}${tokens}`;
}

/** `USER_EXIT_EARLY` reads better in words; so does whatever a later version says. */
function exitWords(exitReason: string): string {
  const words = exitReason.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Peers' text may be of any length and have line breaks; the roster has one line for it. */
function oneLine(text: string): string {
  const line = text
    .slice(0, 2 * DETAIL_MAX_CHARS)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length <= DETAIL_MAX_CHARS ? line : `${line.slice(0, DETAIL_MAX_CHARS - 1)}…`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

function sinceOf(state: ProducerWord, producer: HubProducer, review: ReviewEntity | undefined): number | undefined {
  const run = producer.live.runs.at(-1);
  switch (state) {
    case 'waiting for you':
      return review?.requestedAtMs;
    case 'running':
      return run?.startedAtMs;
    case 'failed':
    case 'done':
      return run?.endedAtMs;
    case 'gone':
      return producer.lastSeenMs;
    case 'idle':
      return undefined;
  }
}

/** The open reviews of a producer, the most urgent first. */
function openReviewsOf(producer: HubProducer): ReviewEntity[] {
  const open = [...producer.openReviews].map(({ entity }) => entity);
  return open.sort((a, b) => (a.deadlineMs ?? Infinity) - (b.deadlineMs ?? Infinity) || a.order - b.order);
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
