import * as z from 'zod/mini';
import { wholeNumberSchema } from './value-schemas.ts';

/** What a model answered with, as far as is known. The set is open. */
export const RESPONSE_TYPES = ['TOOL_CALLS', 'FINAL_ANSWER'] as const;

/** A tool that a model asks for. `arguments` is JSON text as the model wrote it: it need not parse. */
const toolRequestSchema = z.looseObject({
  name: z.string(),
  arguments: z.nullish(z.string()),
});

/** See {@link toolRequestSchema}. */
export type ToolRequest = z.infer<typeof toolRequestSchema>;

/** One message of a conversation with a model. */
const llmMessageSchema = z.looseObject({
  /** `system`, `user`, `assistant`, `tool`, or unknown text. */
  role: z.string(),
  content: z.nullish(z.string()),
  toolCalls: z.nullish(z.array(toolRequestSchema)),
  toolName: z.nullish(z.string()),
});

/** See {@link llmMessageSchema}. */
export type LlmMessage = z.infer<typeof llmMessageSchema>;

/**
 * A model is asked. The conversation it belongs to is that of `agentRole` on
 * `taskDescription`. `messages` holds the last 20 only: where
 * `totalMessageCount` says more, the frame is a sliding window over the end.
 */
export const llmIterationStartedSchema = z.looseObject({
  type: z.literal('llm_iteration_started'),
  agentRole: z.string(),
  taskDescription: z.string(),
  /** Counts from 0; a return to 0 begins another conversation. */
  iterationIndex: wholeNumberSchema,
  messages: z.array(llmMessageSchema),
  totalMessageCount: z.nullish(z.number()),
});

/** See {@link llmIterationStartedSchema}. */
export type LlmIterationStarted = z.infer<typeof llmIterationStartedSchema>;

/** The model has answered, with text or with tools it wants called. */
export const llmIterationCompletedSchema = z.looseObject({
  type: z.literal('llm_iteration_completed'),
  agentRole: z.string(),
  taskDescription: z.string(),
  iterationIndex: wholeNumberSchema,
  /** One of {@link RESPONSE_TYPES}, or unknown text. */
  responseType: z.string(),
  responseText: z.nullish(z.string()),
  toolRequests: z.nullish(z.array(toolRequestSchema)),
  inputTokens: z.number(),
  outputTokens: z.number(),
  latencyMs: z.number(),
});

/** See {@link llmIterationCompletedSchema}. */
export type LlmIterationCompleted = z.infer<typeof llmIterationCompletedSchema>;

/**
 * One iteration as a greeting carries it for someone who joins late: its
 * question and, unless the model is still at it, its answer.
 */
export const iterationPairSchema = z.looseObject({
  started: llmIterationStartedSchema,
  completed: z.nullish(llmIterationCompletedSchema),
});

/** See {@link iterationPairSchema}. */
export type IterationPair = z.infer<typeof iterationPairSchema>;
