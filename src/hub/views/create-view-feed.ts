import type { ProducerKey } from '../../protocol/tab/keys.ts';
import type { ViewRequest } from '../../protocol/tab/view-data.ts';
import { findProducer, type HubState } from '../hub-state.ts';
import { rosterLine } from '../roster-lines.ts';
import { createAttentionFeed } from './attention-feed.ts';
import { createConversationFeed } from './conversation-feed.ts';
import { createHistoryFeed } from './history-feed.ts';
import { createReviewsFeed } from './reviews-feed.ts';
import { createRosterFeed } from './roster-feed.ts';
import { createRunFeed } from './run-feed.ts';
import type { RunSource } from './run-part-feed.ts';
import { createToolsFeed } from './tools-feed.ts';
import type { ViewFeed } from './view-feed.ts';

/** A feed of any of the views, whichever its request names. */
export type AnyViewFeed = { [V in ViewRequest['view']]: ViewFeed<V> }[ViewRequest['view']];

/** The feed that one subscription asks for. It only reads the state. */
export function createViewFeed(state: HubState, request: ViewRequest): AnyViewFeed {
  switch (request.view) {
    case 'attention':
      return createAttentionFeed(state);
    case 'roster':
      return createRosterFeed(state);
    case 'reviews':
      return createReviewsFeed(state);
    case 'history':
      return createHistoryFeed(state);
    case 'run':
      return createRunFeed(runSource(state, request.producer), request);
    case 'conversation':
      return createConversationFeed(runSource(state, request.producer), request);
    case 'tools':
      return createToolsFeed(runSource(state, request.producer), request);
  }
}

/** Looked up each time: a producer may leave the roster and come back as another object. */
function runSource(state: HubState, producer: ProducerKey): RunSource {
  return {
    live: () => (findProducer(state, producer) ?? state.history.opened.get(producer))?.live,
    roster: () => {
      const known = findProducer(state, producer);
      return known === undefined ? state.history.opened.get(producer)?.roster : rosterLine(state, known);
    },
  };
}
