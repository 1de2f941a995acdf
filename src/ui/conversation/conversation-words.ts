import type { ConversationEntity, IterationEntity } from '../../protocol/tab/conversation-model.ts';
import { countOf, groupDigits } from '../format/count.ts';
import { measuredDuration } from '../format/duration.ts';

/** Who says a message, as the card names it. */
export function speakerOf(role: string, toolName: string | undefined): string {
  if (toolName !== undefined) return `tool ${toolName}`;
  return role;
}

/** What an answer cost: `122 in · 32 out · 36 ms`; empty while it is not known. */
export function costText(iteration: IterationEntity): string {
  const { inputTokens, outputTokens, latencyMs } = iteration;
  return [
    inputTokens === undefined || inputTokens < 0 ? '' : `${groupDigits(inputTokens)} tokens in`,
    outputTokens === undefined || outputTokens < 0 ? '' : `${groupDigits(outputTokens)} out`,
    latencyMs === undefined ? '' : measuredDuration(latencyMs),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** What a conversation is called: its task, and which time it is that this agent is at it. */
export function conversationName(conversation: ConversationEntity): string {
  return conversation.n > 1 ? `${conversation.description} (${conversation.n})` : conversation.description;
}

/** What is said about messages that the wire did not carry. */
export function notSeenText(count: number): string {
  return `${countOf(count, 'earlier message')} ${count === 1 ? 'was' : 'were'} not seen`;
}
