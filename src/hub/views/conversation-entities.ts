import { BODY_PREVIEW_CHARS } from '../../protocol/tab/body.ts';
import type {
  ConversationEntity,
  ConversationMessageEntity,
  IterationEntity,
  ToolRequest as ToolRequestEntity,
} from '../../protocol/tab/conversation-model.ts';
import type { ToolRequest } from '../../protocol/wire/llm-iteration.ts';
import type { ConversationState, IterationState, MessageState } from '../live/conversation-state.ts';
import { taskOf } from '../live/work-state.ts';
import type { RunState } from '../run-state.ts';
import { bodyOf } from './body.ts';
import { defined } from './defined.ts';

/** A conversation, with the end of what streams in. */
export function conversationEntity(run: RunState, conversation: ConversationState): ConversationEntity {
  const skipped = Math.max(0, conversation.streaming.length - BODY_PREVIEW_CHARS);
  const isCut = conversation.phase === 'running' && !run.isAlive(conversation.lastStep);
  return {
    id: conversation.id,
    order: conversation.order,
    agentRole: conversation.role,
    description: conversation.description,
    n: conversation.n,
    state: isCut ? 'ended' : conversation.phase,
    messagesNotSeen: conversation.firstPosition ?? 0,
    streaming: conversation.streaming.slice(skipped),
    streamingSkippedChars: skipped,
    inputTokens: conversation.inputTokens,
    outputTokens: conversation.outputTokens,
    ...defined({ taskId: taskOf(conversation.owner)?.id }),
  };
}

/** One message of a conversation. */
export function messageEntity(
  run: RunState,
  conversation: ConversationState,
  { id, position, message }: MessageState,
): ConversationMessageEntity {
  return {
    id,
    order: position,
    conversationId: conversation.id,
    position,
    role: message.role,
    toolRequests: toolRequests(run, id, message.toolCalls ?? []),
    ...defined({ content: bodyOf(run, id, 'content'), toolName: message.toolName ?? undefined }),
  };
}

/** One iteration with its answer. */
export function iterationEntity(run: RunState, iteration: IterationState): IterationEntity {
  const { completed, conversation } = iteration;
  const isCut = iteration.phase === 'running' && !run.isAlive(conversation.lastStep);
  return {
    id: iteration.id,
    order: iteration.order,
    conversationId: conversation.id,
    iterationIndex: iteration.index,
    state: isCut ? 'ended' : iteration.phase,
    messageCount: iteration.messageCount,
    toolRequests: toolRequests(run, iteration.id, completed?.toolRequests ?? []),
    ...defined({
      responseType: completed?.responseType,
      response: bodyOf(run, iteration.id, 'response'),
      inputTokens: completed?.inputTokens,
      outputTokens: completed?.outputTokens,
      latencyMs: completed?.latencyMs,
    }),
  };
}

function toolRequests(run: RunState, id: string, requests: readonly ToolRequest[]): ToolRequestEntity[] {
  return requests.map((request, index) => ({
    name: request.name,
    arguments: bodyOf(run, id, `request${index}`) ?? { text: '', totalChars: 0 },
  }));
}
