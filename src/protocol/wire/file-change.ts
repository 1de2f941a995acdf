import * as z from 'zod/mini';

/** What happened to a file, as far as is known. The set is open. */
export const CHANGE_TYPES = ['CREATED', 'MODIFIED', 'DELETED'] as const;

/** An agent has written or deleted a file. */
export const fileChangedSchema = z.looseObject({
  type: z.literal('file_changed'),
  agentRole: z.string(),
  filePath: z.string(),
  /** One of {@link CHANGE_TYPES}, or unknown text. */
  changeType: z.string(),
  linesAdded: z.number(),
  linesRemoved: z.number(),
  /** Instant, ISO 8601. */
  timestamp: z.string(),
});

/** See {@link fileChangedSchema}. */
export type FileChanged = z.infer<typeof fileChangedSchema>;
