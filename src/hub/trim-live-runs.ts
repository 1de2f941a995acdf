import { reduceAgainFrom, type HubWork } from './hub-work.ts';
import { comparePositions } from './logged-event.ts';
import { logOf, type Whose } from './producer-log.ts';

/**
 * How many events that its log has let go a run may still stand on: so many, and twice as many as are kept. To read a kept event
 * again costs twice what a new one does, so that this adds no more than an event's cost to each.
 */
const SLACK_EVENTS = 2_048;
const SLACK_SHARE = 2;
/** How many have gone before that is looked at: nearly every event of a long conversation lets another one go. */
const LOOK_EVENTS = 64;

/**
 * Lets the state of a run go of what its log has let go, once that is much: the run is reduced again from what is kept. So a run
 * that goes on for days takes no more memory than its log may hold, and an event costs the same on average.
 */
export function trimLiveRuns(work: HubWork, { source, producer }: Whose, letGo: number): void {
  producer.letGoUnseen += letGo;
  if (producer.letGoUnseen < LOOK_EVENTS) return;
  producer.letGoUnseen = 0;
  for (const kept of logOf(source, producer)?.runs() ?? []) {
    const run = producer.live.runs.find(({ begins }) => comparePositions(begins, kept.begins) === 0);
    const isMuch = run !== undefined && kept.letGo - run.letGo > SLACK_EVENTS + kept.eventCount * SLACK_SHARE;
    if (isMuch) return reduceAgainFrom(work, producer, kept.begins);
  }
}
