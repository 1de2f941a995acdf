import type { ProducerWord, RosterEntity } from '../../protocol/tab/roster-model.ts';
import { matchesFilter, parseRosterFilter } from './roster-filter.ts';

/** One row of the roster: a heading or a producer. */
export type RosterRow =
  | { readonly kind: 'group'; readonly id: string; readonly name: string; readonly note: string }
  | { readonly kind: 'producer'; readonly id: string; readonly producer: RosterEntity };

const WAITING_GROUP = 'Waiting for you';
const NO_SERVICE = 'No service name';

/** What stands first within a group: what needs a look. */
const RANK: Record<ProducerWord, number> = {
  'waiting for you': 0,
  running: 1,
  failed: 2,
  idle: 3,
  done: 4,
  gone: 5,
};

/**
 * The roster as rows: those that wait for a person on top, by deadline; the others by service name, with what runs first. Within a state
 * the order is by id, so that rows keep their places while their details change.
 */
export function rosterRows(producers: readonly RosterEntity[], filterText: string): RosterRow[] {
  const filter = parseRosterFilter(filterText);
  const shown = producers.filter((producer) => matchesFilter(producer, filter));
  const waiting = shown.filter((producer) => producer.state === 'waiting for you').sort(byDeadline);
  const others = groupByService(shown.filter((producer) => producer.state !== 'waiting for you'));
  return [
    ...(waiting.length > 0 ? groupRows(WAITING_GROUP, waiting, '') : []),
    ...others.flatMap(([service, members]) => groupRows(service, members, stateNote(members))),
  ];
}

function groupByService(producers: readonly RosterEntity[]): [string, RosterEntity[]][] {
  const groups = new Map<string, RosterEntity[]>();
  for (const producer of producers) {
    const service = producer.serviceName ?? NO_SERVICE;
    const members = groups.get(service);
    if (members === undefined) groups.set(service, [producer]);
    else members.push(producer);
  }
  for (const members of groups.values()) members.sort(byStateThenId);
  return [...groups].sort(([a], [b]) => compareText(a, b));
}

function groupRows(name: string, members: readonly RosterEntity[], note: string): RosterRow[] {
  return [
    { kind: 'group', id: `group ${name}`, name, note },
    ...members.map((producer) => ({ kind: 'producer', id: producer.id, producer }) as const),
  ];
}

/** What a group is mostly about: `2 of 3 running`, `1 failed`, `12 done`. */
function stateNote(members: readonly RosterEntity[]): string {
  const running = members.filter((producer) => producer.state === 'running').length;
  if (running > 0) return running === members.length ? `${running} running` : `${running} of ${members.length} running`;
  const first = members[0]?.state;
  const same = members.filter((producer) => producer.state === first).length;
  return first === undefined ? '' : `${same} ${first}`;
}

function byDeadline(a: RosterEntity, b: RosterEntity): number {
  return (a.nextDeadlineMs ?? Infinity) - (b.nextDeadlineMs ?? Infinity) || compareText(a.id, b.id);
}

function byStateThenId(a: RosterEntity, b: RosterEntity): number {
  return RANK[a.state] - RANK[b.state] || compareText(a.producerId, b.producerId);
}

/** Numbers inside ids count as numbers: svc-a-2 before svc-a-10. One collator for all: making one costs more than comparing. */
const collator = new Intl.Collator('en', { numeric: true });

function compareText(a: string, b: string): number {
  return collator.compare(a, b);
}
