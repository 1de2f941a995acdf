import type { DropReason, DroppedRuns, HistoryHead, HistoryRun } from '../../protocol/tab/history-model.ts';
import { countOf } from '../format/count.ts';
import { ageOf, measuredDuration } from '../format/duration.ts';
import { sizeText } from '../format/size.ts';
import { runStateView } from '../run/run-words.ts';

/** Who ran it: its service, its producer, how it worked. */
export function whoText({ serviceName, producerId, sourceLabel, workflow }: HistoryRun): string {
  const producer = producerId === 'self' ? sourceLabel : producerId;
  const service = serviceName === producer ? undefined : serviceName;
  return [service, producer, workflow?.toLowerCase()].filter((part) => part !== undefined).join(' · ');
}

/** How it stands, with the reason of its end where that is not simply that it completed. */
export function endText({ state, exitReason }: HistoryRun): string {
  const { word } = runStateView(state);
  if (exitReason === undefined || exitReason === 'COMPLETED' || exitReason === 'ERROR') return word;
  return `${word} · ${exitReason.toLowerCase().replaceAll('_', ' ')}`;
}

/** Why nothing of the history can be changed; empty where it can. */
export function unchangeableText(storage: HistoryHead['storage']): string {
  return storage === 'memory' ? 'The storage of this page does not work, so that nothing of it can be changed.' : '';
}

/** Why a run cannot be deleted yet; empty where it can. */
export function undeletableText({ isOpen }: HistoryRun, storage: HistoryHead['storage']): string {
  const unchangeable = unchangeableText(storage);
  if (unchangeable !== '') return unchangeable;
  return isOpen
    ? 'Its process may still add to it. It can be deleted once it has ended, or its producer or source has gone.'
    : '';
}

/** When it began, else when it was heard of last. */
export function whenText({ startedAtMs, lastAtMs }: HistoryRun, nowMs: number): string {
  const age = ageOf(nowMs - (startedAtMs ?? lastAtMs));
  return age === 'now' ? 'just now' : `${age} ago`;
}

/** How long it took; a dash where that is not known. */
export function tookText({ durationMs }: HistoryRun): string {
  return durationMs === undefined || durationMs < 0 ? '–' : measuredDuration(durationMs);
}

/** What the history takes of what it may take: `12 runs, 3.2 MB of 512 MB`. */
export function useText({ runs, bytes, limitBytes }: HistoryHead): string {
  return `${countOf(runs, 'run')}, ${sizeText(bytes)} of ${sizeText(limitBytes)}`;
}

const REASONS: Record<DropReason, string> = {
  age: 'were too old',
  runs: 'were more than are kept of one producer',
  producers: 'were of producers that had been silent for long',
  bytes: 'did not fit into the limit of storage',
  full: 'had to go because the storage was full',
  copy: 'were copies of runs that are kept',
};

/** Which runs were let go, and why, a sentence; empty where none was. */
export function droppedText(dropped: DroppedRuns): string {
  const parts = (Object.keys(REASONS) as DropReason[])
    .filter((reason) => (dropped[reason] ?? 0) > 0)
    .map((reason) => `${dropped[reason] ?? 0} ${REASONS[reason]}`);
  return parts.length === 0 ? '' : `Let go so far: ${parts.join('; ')}.`;
}
