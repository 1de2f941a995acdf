import type { LoggedEvent } from './logged-event.ts';
import { RetainedLog } from './retained-log.ts';

/**
 * What is kept of a run that is over: no token whose answer is there, and the newest iterations of each conversation. The
 * same rules as in memory, but for their limit on bytes.
 */
export function compactEvents(events: readonly LoggedEvent[], maxIterations: number): Set<LoggedEvent> {
  const log = new RetainedLog({
    maxRuns: Infinity,
    maxBytes: Infinity,
    maxIterations,
    keepsTokens: true,
    isReviewOpen: () => true,
  });
  for (const event of events) log.add(event);
  return new Set(log.events());
}
