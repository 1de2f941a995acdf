import type {
  ConversationEntity,
  ConversationMessageEntity,
  IterationEntity,
} from '../../protocol/tab/conversation-model.ts';
import type { ViewData } from '../../protocol/tab/view-data.ts';

/** One row of the conversation page. Rows name entities; what they say is read when they are drawn. */
export type ConversationRow =
  | { readonly kind: 'head'; readonly id: string; readonly conversation: string }
  | { readonly kind: 'not-seen'; readonly id: string; readonly count: number }
  | { readonly kind: 'message'; readonly id: string; readonly message: string }
  | { readonly kind: 'answer'; readonly id: string; readonly iteration: string; readonly conversation: string };

/**
 * Everything that was said, in order: conversation by conversation, what went in before what came out. An answer comes back as the next message
 * of what goes in; it is shown once, as the answer.
 */
export function conversationRows(view: ViewData<'conversation'>): ConversationRow[] {
  const messages = groupByConversation(Object.values(view.entities.messages), (a, b) => a.position - b.position);
  const iterations = groupByConversation(
    Object.values(view.entities.iterations),
    (a, b) => a.iterationIndex - b.iterationIndex,
  );
  return conversationsInOrder(view).flatMap((conversation) =>
    rowsOf(conversation, messages.get(conversation.id) ?? [], iterations.get(conversation.id) ?? []),
  );
}

/** The conversations in the order in which they began. */
export function conversationsInOrder(view: ViewData<'conversation'>): ConversationEntity[] {
  return Object.values(view.entities.conversations).sort((a, b) => a.order - b.order);
}

function groupByConversation<T extends { readonly conversationId: string }>(
  entities: readonly T[],
  compare: (a: T, b: T) => number,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entity of entities) {
    const group = groups.get(entity.conversationId);
    if (group === undefined) groups.set(entity.conversationId, [entity]);
    else group.push(entity);
  }
  for (const group of groups.values()) group.sort(compare);
  return groups;
}

function rowsOf(
  conversation: ConversationEntity,
  messages: readonly ConversationMessageEntity[],
  iterations: readonly IterationEntity[],
): ConversationRow[] {
  const { id, messagesNotSeen } = conversation;
  const rows: ConversationRow[] = [{ kind: 'head', id: `head ${id}`, conversation: id }];
  if (messagesNotSeen > 0) rows.push({ kind: 'not-seen', id: `not-seen ${id}`, count: messagesNotSeen });
  const answered = new Set(iterations.filter(hasAnswer).map((iteration) => iteration.messageCount));
  let next = 0;
  const takeBelow = (position: number): void => {
    for (let message = messages[next]; message !== undefined && message.position < position; message = messages[next]) {
      if (!isEcho(message, answered)) rows.push({ kind: 'message', id: `message ${message.id}`, message: message.id });
      next += 1;
    }
  };
  for (const iteration of iterations) {
    takeBelow(iteration.messageCount);
    rows.push({ kind: 'answer', id: `answer ${iteration.id}`, iteration: iteration.id, conversation: id });
  }
  takeBelow(Infinity);
  return rows;
}

function hasAnswer(iteration: IterationEntity): boolean {
  return iteration.response !== undefined || iteration.toolRequests.length > 0;
}

/** The answer of the iteration that was given everything before it. */
function isEcho(message: ConversationMessageEntity, answered: ReadonlySet<number>): boolean {
  return (message.role === 'assistant' || message.role === 'ai') && answered.has(message.position);
}
