import type { LoggedEvent } from '../../src/hub/logged-event.ts';
import { RetainedLog, type RetainedLogOptions } from '../../src/hub/retained-log.ts';

/** A log that was told these events one after the other; no review is open unless it is said. */
export function logOf(events: readonly LoggedEvent[], options: Partial<RetainedLogOptions> = {}): RetainedLog {
  const log = new RetainedLog({ isReviewOpen: () => false, ...options });
  for (const next of events) log.add(next);
  return log;
}

/** Which events these are. */
export function texts(events: readonly LoggedEvent[]): string[] {
  return events.map(({ text }) => text);
}

/** Which events each run of a log has. */
export function runsOf(log: RetainedLog): string[][] {
  return log.runs().map((_, index) => texts(log.eventsOfRun(index)));
}
