import type { Body } from './body.ts';
import type { RunKey } from './keys.ts';

/** The run that a conversation or tool view shows. */
export interface RunPartHead {
  readonly run?: RunKey;
}

/** One agent on one task description, `n` counting up when its iterations begin again at 0. */
export interface ConversationEntity {
  readonly id: string;
  readonly order: number;
  readonly agentRole: string;
  readonly description: string;
  readonly n: number;
  readonly taskId?: string;
  readonly state: 'running' | 'completed' | 'ended';
  /** Messages before the first that is known (the wire carries only the last 20). */
  readonly messagesNotSeen: number;
  /** What streams in right now; empty when nothing does. Grows by `append`. */
  readonly streaming: string;
  /** How many characters of the stream came before `streaming`'s first (a snapshot carries only its end). */
  readonly streamingSkippedChars: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A tool call that a model asked for, inside a message or an answer. */
export interface ToolRequest {
  readonly name: string;
  readonly arguments: Body;
}

/** One message of what went in, at its position in the conversation. */
export interface ConversationMessageEntity {
  readonly id: string;
  readonly order: number;
  readonly conversationId: string;
  /** 0-based position in the whole conversation. */
  readonly position: number;
  readonly role: string;
  readonly content?: Body;
  readonly toolRequests: readonly ToolRequest[];
  readonly toolName?: string;
}

/** One LLM iteration: what it was given is the messages up to `messageCount`; what it answered is here. */
export interface IterationEntity {
  readonly id: string;
  readonly order: number;
  readonly conversationId: string;
  readonly iterationIndex: number;
  readonly state: 'running' | 'completed' | 'ended';
  /** Messages of the conversation that went in: positions below this. */
  readonly messageCount: number;
  readonly responseType?: string;
  readonly response?: Body;
  readonly toolRequests: readonly ToolRequest[];
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly latencyMs?: number;
}

/** One tool call with what went in and came out. */
export interface ToolCallEntity {
  readonly id: string;
  readonly order: number;
  readonly taskId?: string;
  readonly taskDescription?: string;
  readonly agentRole: string;
  readonly toolName: string;
  readonly outcome?: string;
  readonly durationMs: number;
  readonly atMs: number;
  readonly isEstimated: boolean;
  readonly arguments?: Body;
  readonly result?: Body;
  readonly structuredResult?: Body;
}
