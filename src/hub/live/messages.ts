import type { LlmIterationStarted, LlmMessage, ToolRequest } from '../../protocol/wire/llm-iteration.ts';
import type { ConversationState } from './conversation-state.ts';
import { mark, markRemoved, type Place } from './step.ts';

/**
 * Takes over the messages that a question carries: all there are, or where `totalMessageCount` says that there are more, the
 * last of them. Returns how many messages went in, as far as is known. Costs as much as the frame carries.
 */
export function takeMessages(place: Place, conversation: ConversationState, frame: LlmIterationStarted): number {
  const offset = windowOffset(frame);
  const end = offset + frame.messages.length;
  dropFrom(place, conversation, end);
  frame.messages.forEach((message, index) => putMessage(place, conversation, { position: offset + index, message }));
  conversation.endPosition = end;
  return end;
}

/** How many messages stand before the first that a frame carries. */
export function windowOffset(frame: LlmIterationStarted): number {
  const total = frame.totalMessageCount ?? 0;
  return Number.isSafeInteger(total) ? Math.max(0, total - frame.messages.length) : 0;
}

/** Adds or replaces one message; one that says the same stays as it is. */
export function putMessage(
  place: Place,
  conversation: ConversationState,
  { position, message }: { readonly position: number; readonly message: LlmMessage },
): void {
  const known = conversation.messages.get(position);
  if (known !== undefined && isSame(known.message, message)) return;
  const id = `m${conversation.order}.${position}`;
  conversation.messages.set(position, { id, position, message });
  conversation.firstPosition = Math.min(conversation.firstPosition ?? position, position);
  mark(place, 'messages', id);
}

/** What an agent forgot, or said differently in a shorter list, is not part of the conversation any more. */
function dropFrom(place: Place, conversation: ConversationState, end: number): void {
  if (conversation.endPosition <= end) return;
  for (const { position, id } of conversation.messages.values()) {
    if (position < end) continue;
    conversation.messages.delete(position);
    markRemoved(place, 'messages', id);
  }
  if ((conversation.firstPosition ?? 0) >= end) conversation.firstPosition = undefined;
}

function isSame(a: LlmMessage, b: LlmMessage): boolean {
  return (
    a.role === b.role &&
    (a.content ?? undefined) === (b.content ?? undefined) &&
    (a.toolName ?? undefined) === (b.toolName ?? undefined) &&
    areSameRequests(a.toolCalls ?? [], b.toolCalls ?? [])
  );
}

function areSameRequests(a: readonly ToolRequest[], b: readonly ToolRequest[]): boolean {
  return (
    a.length === b.length &&
    a.every((request, index) => request.name === b[index]?.name && request.arguments === b[index]?.arguments)
  );
}
