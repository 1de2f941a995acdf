import * as z from 'zod/mini';
import { wholeNumberSchema } from './value-schemas.ts';

/** How a tool call ended, as far as is known. The set is open. */
export const TOOL_OUTCOMES = ['SUCCESS', 'FAILURE'] as const;

/**
 * A tool was called and has returned. There is no message for its beginning:
 * it began `durationMs` before this one.
 */
export const toolCalledSchema = z.looseObject({
  type: z.literal('tool_called'),
  agentRole: z.string(),
  /** 0 where the sender does not know the task: then the newest running one of that role is meant. */
  taskIndex: wholeNumberSchema,
  toolName: z.string(),
  durationMs: z.number(),
  /** One of {@link TOOL_OUTCOMES}, or unknown text. */
  outcome: z.nullish(z.string()),
  /** JSON text, as the model wrote it: it need not parse. */
  toolArguments: z.nullish(z.string()),
  toolResult: z.nullish(z.string()),
  /** Any JSON value. */
  structuredResult: z.optional(z.unknown()),
});

/** See {@link toolCalledSchema}. */
export type ToolCalled = z.infer<typeof toolCalledSchema>;
