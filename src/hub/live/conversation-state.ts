import type { LlmIterationCompleted, LlmMessage } from '../../protocol/wire/llm-iteration.ts';
import type { Work } from './work-state.ts';

/** `ended`: what it belongs to ended first, or the next one began. */
export type TalkPhase = 'running' | 'completed' | 'ended';

/** One message of what went in. */
export interface MessageState {
  readonly id: string;
  readonly position: number;
  readonly message: LlmMessage;
}

/** One question to the model and its answer. */
export interface IterationState {
  readonly id: string;
  readonly order: number;
  readonly conversation: ConversationState;
  readonly index: number;
  phase: TalkPhase;
  /** Messages of the conversation that went in: positions below this. */
  messageCount: number;
  completed: LlmIterationCompleted | undefined;
  /** What had been streamed when it ended without an answer. */
  streamed: string;
  startedAtMs: number;
  endedAtMs: number | undefined;
  isEstimated: boolean;
}

/** What one role and its model say to each other about one description. */
export interface ConversationState {
  readonly id: string;
  readonly order: number;
  readonly role: string;
  readonly description: string;
  readonly n: number;
  owner: Work | undefined;
  /** The one before, of the same role on the same description. */
  readonly previous: ConversationState | undefined;
  phase: TalkPhase;
  lastStep: number;
  /** By position. */
  readonly messages: Map<number, MessageState>;
  /** The lowest position that is known. */
  firstPosition: number | undefined;
  /** One above the highest position that is known. */
  endPosition: number;
  /** By index. */
  readonly iterations: Map<number, IterationState>;
  /** The highest index among them; -1 while there is none. */
  lastIndex: number;
  running: IterationState | undefined;
  /** What has been streamed since the last question. */
  streaming: string;
  inputTokens: number;
  outputTokens: number;
}

/** What makes a conversation, beside its number. */
export type ConversationFacts = Pick<ConversationState, 'role' | 'description' | 'owner' | 'previous'>;

/** A conversation in which nothing has been said. */
export function createConversation(order: number, facts: ConversationFacts): ConversationState {
  return {
    id: `c${order}`,
    order,
    ...facts,
    n: (facts.previous?.n ?? 0) + 1,
    phase: 'running',
    lastStep: 0,
    messages: new Map(),
    firstPosition: undefined,
    endPosition: 0,
    iterations: new Map(),
    lastIndex: -1,
    running: undefined,
    streaming: '',
    inputTokens: 0,
    outputTokens: 0,
  };
}
