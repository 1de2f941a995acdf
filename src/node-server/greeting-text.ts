import type { LoggedIteration } from '../hub/log-conversations.ts';
import type { LoggedEvent } from '../hub/logged-event.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import { topLevelValueText } from '../protocol/wire/json-slice.ts';
import type { LongText } from './long-frames.ts';

/** One producer of the roster, as a greeting names it. */
export interface GreetedProducer {
  readonly info: ProducerInfo;
  /** The iterations of its newest run. */
  readonly iterations: readonly LoggedIteration<object>[];
}

/**
 * The text of a `hub_hello`, in parts: who is there, in the order of the roster,
 * and all events that are kept, in the order given. Envelopes and messages stand
 * in it as they came. A member that would be empty is left out.
 */
export function hubHelloText(producers: readonly GreetedProducer[], events: readonly LoggedEvent[]): LongText {
  const roster = producers.length === 0 ? '' : `,"producers":${JSON.stringify(producers.map(({ info }) => info))}`;
  const iterations = producers.map(iterationsText).filter((text) => text !== '');
  const pairs = iterations.length === 0 ? '' : `,"iterationsByProducer":{${iterations.join(',')}}`;
  const trace = events.length === 0 ? [] : [',"snapshotTrace":[', events, ']'];
  return [`{"type":"hub_hello"${roster}`, ...trace, `${pairs}}`];
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
