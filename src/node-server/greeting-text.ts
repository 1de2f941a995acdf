import type { LoggedIteration } from '../hub/log-run.ts';
import type { LoggedEvent } from '../hub/logged-event.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import { topLevelValueText } from '../protocol/wire/json-slice.ts';

/** One producer of the roster, as a greeting names it. */
export interface GreetedProducer {
  readonly info: ProducerInfo;
  /** The iterations of its newest run. */
  readonly iterations: readonly LoggedIteration<object>[];
}

/**
 * The text of a `hub_hello`, in parts: who is there, in the order of the roster,
 * and all events that are kept, in the order given. Envelopes and messages stand
 * in it as they came, and are not copied before they are sent: they may be many
 * megabytes. A member that would be empty is left out.
 */
export function hubHelloParts(producers: readonly GreetedProducer[], events: readonly LoggedEvent[]): string[] {
  const parts = ['{"type":"hub_hello"'];
  if (producers.length > 0) parts.push(`,"producers":${JSON.stringify(producers.map(({ info }) => info))}`);
  for (const [index, { text }] of events.entries()) parts.push(index === 0 ? ',"snapshotTrace":[' : ',', text);
  if (events.length > 0) parts.push(']');
  const iterations = producers.map(iterationsText).filter((text) => text !== '');
  if (iterations.length > 0) parts.push(`,"iterationsByProducer":{${iterations.join(',')}}`);
  parts.push('}');
  return parts;
}

function iterationsText({ info, iterations }: GreetedProducer): string {
  const pairs = iterations.map(pairText).filter((text) => text !== '');
  return pairs.length === 0 ? '' : `${JSON.stringify(info.producerId)}:[${pairs.join(',')}]`;
}

/** `''` for an answer whose question is not kept: the wire has no form for it. */
function pairText({ started, completed }: LoggedIteration<object>): string {
  if (started === undefined) return '';
  const answer = completed === undefined ? '' : `,"completed":${messageText(completed)}`;
  return `{"started":${messageText(started)}${answer}}`;
}

function messageText(event: LoggedEvent): string {
  return topLevelValueText(event.text, 'message') ?? 'null';
}
