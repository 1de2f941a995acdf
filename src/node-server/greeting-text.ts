import type { LoggedEvent } from '../hub/logged-event.ts';
import { conversationKey, numberField } from '../hub/logged-event.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import { topLevelValueText } from '../protocol/wire/json-slice.ts';

/** What is kept of one event, with whose it is. */
export interface KeptEvent {
  readonly producerId: string;
  readonly event: LoggedEvent;
}

interface Pair {
  readonly started: string;
  completed?: string;
}

/**
 * The text of a `hub_hello`: who is there, in the order of the roster, and all
 * that is kept, in the order given. Envelopes and messages stand in it as they
 * came. A member that would be empty is left out.
 */
export function hubHelloText(producers: readonly ProducerInfo[], kept: readonly KeptEvent[]): string {
  const members = ['"type":"hub_hello"'];
  if (producers.length > 0) members.push(`"producers":${JSON.stringify(producers)}`);
  if (kept.length > 0) members.push(`"snapshotTrace":[${kept.map(({ event }) => event.text).join(',')}]`);
  const iterations = iterationsText(kept);
  if (iterations !== '') members.push(`"iterationsByProducer":{${iterations}}`);
  return `{${members.join(',')}}`;
}

function iterationsText(kept: readonly KeptEvent[]): string {
  const byProducer = new Map<string, IterationPairs>();
  for (const { producerId, event } of kept) {
    if (event.type !== 'llm_iteration_started' && event.type !== 'llm_iteration_completed') continue;
    const pairs = byProducer.get(producerId) ?? new IterationPairs();
    byProducer.set(producerId, pairs);
    pairs.take(event);
  }
  return [...byProducer]
    .filter(([, pairs]) => !pairs.isEmpty)
    .map(([producerId, pairs]) => `${JSON.stringify(producerId)}:[${pairs.text()}]`)
    .join(',');
}

/** The iterations of one producer, each question with its answer if that has come. */
class IterationPairs {
  readonly #pairs: Pair[] = [];
  readonly #open = new Map<string, Pair>();

  get isEmpty(): boolean {
    return this.#pairs.length === 0;
  }

  take(event: LoggedEvent): void {
    const text = topLevelValueText(event.text, 'message');
    if (text === undefined) return;
    const key = `${conversationKey(event.message)}${numberField(event.message, 'iterationIndex') ?? ''}`;
    if (event.type === 'llm_iteration_started') {
      const pair = { started: text };
      this.#pairs.push(pair);
      this.#open.set(key, pair);
      return;
    }
    const pair = this.#open.get(key);
    this.#open.delete(key);
    if (pair !== undefined) pair.completed = text;
  }

  text(): string {
    return this.#pairs
      .map(({ started, completed }) =>
        completed === undefined ? `{"started":${started}}` : `{"started":${started},"completed":${completed}}`,
      )
      .join(',');
  }
}
