import { decodeEnsembleMessage } from '../protocol/wire/ensemble-message.ts';
import { type RunInstruction, type TypedMessage, weaveRun } from './embedded-merge.ts';
import { toEvent } from './embedded-numbers.ts';
import type { EmbeddedWire, HubProducer, HubSource } from './hub-state.ts';
import { reduceAgainFrom, type HubWork } from './hub-work.ts';
import type { LoggedEvent, LogPosition } from './logged-event.ts';
import { countEvent, hearEvent } from './producer-events.ts';
import type { RetainedLog } from './retained-log.ts';

/** A greeting that does not simply go on where the log ends. */
export interface Rebuild {
  readonly producer: HubProducer;
  readonly instructions: readonly RunInstruction[];
  readonly log: RetainedLog;
  readonly bytes: number;
}

/**
 * Puts messages of a greeting into runs that are not the newest, or in the place of what was known. The log is made anew
 * with all numbers counted again, since they are the hub's own; what the live state makes of it follows from the log.
 */
export function rebuildRuns(
  work: HubWork,
  { source, wire }: { source: HubSource; wire: EmbeddedWire },
  rebuild: Rebuild,
): void {
  const { producer, log } = rebuild;
  const added = new Set<LoggedEvent>();
  const known = wire.log.runs().map((_, index) => [...wire.log.eventsOfRun(index)]);
  const make = (typed: TypedMessage, place: LogPosition): LoggedEvent => {
    wire.untimed.add(typed.message);
    const event = toEvent({ typed, bytes: rebuild.bytes, nowMs: work.nowMs }, place);
    added.add(event);
    return event;
  };
  const { runs, first } = putTogether(known, rebuild.instructions, make);
  const numbered = renumber(runs, known.flat());
  for (const run of numbered) {
    for (const { event } of run) log.add(event);
  }
  wire.log = log;
  work.logged.push({ kind: 'renumbered', producer: producer.key });
  continueNumbers(wire, log);
  const beginning = numbered[first]?.[0]?.event;
  if (beginning !== undefined) reduceAgainFrom(work, producer, beginning);
  for (const { event, before } of numbered.flat()) {
    if (!added.has(before)) continue;
    const decoded = decodeEnsembleMessage(event.message);
    countEvent(work, { source, producer }, decoded);
    hearEvent(work, { source, producer }, { event, decoded });
  }
}

type MakeEvent = (typed: TypedMessage, place: LogPosition) => LoggedEvent;

/** The runs as they are now, oldest first, and the index of the first that is not what it was. */
function putTogether(
  known: readonly LoggedEvent[][],
  instructions: readonly RunInstruction[],
  make: MakeEvent,
): { runs: LoggedEvent[][]; first: number } {
  const runs: LoggedEvent[][] = [];
  let first = Infinity;
  for (const [index, events] of known.entries()) {
    let run = events;
    for (const instruction of instructions) {
      const place = events[0] ?? { epoch: 1, sequence: 1 };
      if (instruction.kind === 'new' && instruction.beforeRun === index) {
        first = Math.min(first, runs.length);
        runs.push(instruction.messages.map((message) => make(message, place)));
      }
      if ((instruction.kind !== 'append' && instruction.kind !== 'replace') || instruction.runIndex !== index) continue;
      first = Math.min(first, runs.length);
      run = mendRun(events, instruction, make);
    }
    runs.push(run);
  }
  return { runs, first };
}

function mendRun(
  events: readonly LoggedEvent[],
  { kind, messages }: Extract<RunInstruction, { kind: 'append' | 'replace' }>,
  make: MakeEvent,
): LoggedEvent[] {
  const place = events.at(-1) ?? { epoch: 1, sequence: 1 };
  if (kind === 'append') return [...events, ...messages.map((message) => make(message, place))];
  return weaveRun(events, messages).map((woven) => {
    const known = woven.index === undefined ? undefined : events[woven.index];
    return known ?? make({ type: woven.type, message: woven.message }, place);
  });
}

interface Renumbered {
  readonly event: LoggedEvent;
  readonly before: LoggedEvent;
}

/** Counts each life anew from the number that it began with: a life that began at 1 goes on doing so, and no other does. */
function renumber(runs: readonly (readonly LoggedEvent[])[], known: readonly LoggedEvent[]): Renumbered[][] {
  const next = new Map<number, number>();
  for (const { epoch, sequence } of [...known, ...runs.flat()]) {
    next.set(epoch, Math.min(next.get(epoch) ?? sequence, sequence));
  }
  return runs.map((run) =>
    run.map((before) => {
      const sequence = next.get(before.epoch) ?? 1;
      next.set(before.epoch, sequence + 1);
      return { before, event: { ...before, sequence } };
    }),
  );
}

/** Never a number again that was used: the ledger remembers the old ones. */
function continueNumbers(wire: EmbeddedWire, log: RetainedLog): void {
  const newest = log.events().at(-1);
  if (newest?.epoch === wire.epoch) wire.nextSequence = Math.max(wire.nextSequence, newest.sequence + 1);
}
