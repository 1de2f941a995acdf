import type { ConversationMessageEntity } from '../../protocol/tab/conversation-model.ts';
import type { RunState } from '../run-state.ts';
import { conversationEntity, iterationEntity, messageEntity } from './conversation-entities.ts';
import { runPartHead } from './run-part-head.ts';
import {
  type CollectionSpec,
  type RunRequest,
  RunPartFeed,
  type RunSource,
  type RunViewSpec,
  collectionOf,
} from './run-part-feed.ts';
import type { ViewFeed } from './view-feed.ts';

/** Messages are kept with their conversation; a message's id names it: `m3.17` is message 17 of conversation `c3`. */
const MESSAGES: CollectionSpec<ConversationMessageEntity> = {
  marks: 'messages',
  one: (run, id) => {
    const [conversationNumber = '', position = ''] = id.slice(1).split('.');
    const conversation = run.conversations.get(`c${conversationNumber}`);
    const message = conversation?.messages.get(Number(position));
    if (conversation === undefined || message === undefined) return undefined;
    return messageEntity(run, conversation, message);
  },
  all: allMessages,
};

const CONVERSATION_VIEW: RunViewSpec<'conversation'> = {
  view: 'conversation',
  isHeadLive: false,
  head: runPartHead,
  collections: {
    conversations: collectionOf('conversations', (run) => run.conversations, conversationEntity),
    messages: MESSAGES,
    iterations: collectionOf('conversationIterations', (run) => run.iterations, iterationEntity),
  },
};

/** What the agents of one run and their models say to each other. */
export function createConversationFeed(source: RunSource, request: RunRequest): ViewFeed<'conversation'> {
  return new RunPartFeed(CONVERSATION_VIEW, source, request);
}

function* allMessages(run: RunState): Iterable<ConversationMessageEntity> {
  for (const conversation of run.conversations.values()) {
    for (const message of conversation.messages.values()) yield messageEntity(run, conversation, message);
  }
}
