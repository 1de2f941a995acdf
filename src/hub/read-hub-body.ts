import type { BodyRef } from '../protocol/tab/body.ts';
import type { ProducerKey } from '../protocol/tab/keys.ts';
import { findProducer, type HubState } from './hub-state.ts';
import { readBody } from './read-body.ts';
import { REVIEW_BODY_PREFIX } from './select-review.ts';

/** The whole text of a body that a view carries the beginning of; `undefined` when it is not kept any more. */
export function readHubBody(state: HubState, producer: ProducerKey, ref: BodyRef): string | undefined {
  const found = findProducer(state, producer);
  if (found === undefined) {
    const opened = state.history.opened.get(producer);
    return opened === undefined ? undefined : readBody(opened.live, ref);
  }
  if (!ref.startsWith(REVIEW_BODY_PREFIX)) return readBody(found.live, ref);
  const slot = found.reviews.get(ref.slice(REVIEW_BODY_PREFIX.length));
  return slot?.record.request.taskOutput ?? undefined;
}
