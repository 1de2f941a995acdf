import * as z from 'zod/mini';

/** When in the life of its task a review stands, as far as is known. The set is open. */
export const TIMINGS = ['BEFORE_EXECUTION', 'DURING_EXECUTION', 'AFTER_EXECUTION'] as const;

/** What a review announces for the case that nobody answers, as far as is known. The set is open. */
export const TIMEOUT_ACTIONS = ['CONTINUE', 'EXIT_EARLY', 'FAIL'] as const;

/** What a person can decide. The set is closed: to a JVM process any other word means *exit early*. */
export const DECISIONS = ['CONTINUE', 'EDIT', 'EXIT_EARLY'] as const;

/** One of {@link DECISIONS}. */
export type Decision = (typeof DECISIONS)[number];

/**
 * A process stands still and asks a person. A review before execution comes
 * ahead of the `task_started` of its task and has no output to show.
 */
export const reviewRequestedSchema = z.looseObject({
  type: z.literal('review_requested'),
  reviewId: z.string(),
  taskDescription: z.string(),
  taskOutput: z.nullish(z.string()),
  /** One of {@link TIMINGS}, or unknown text. */
  timing: z.string(),
  prompt: z.nullish(z.string()),
  /** Milliseconds from the request until the process goes on by itself; 0 = it waits for ever. */
  timeoutMs: z.number(),
  /** One of {@link TIMEOUT_ACTIONS}, or unknown text. Announced, not promised: see {@link reviewTimedOutSchema}. */
  onTimeout: z.string(),
  requiredRole: z.nullish(z.string()),
});

/** See {@link reviewRequestedSchema}. */
export type ReviewRequested = z.infer<typeof reviewRequestedSchema>;

/**
 * Nobody answered in time. `action` is what did happen, which need not be what
 * the review announced. Only an embedded dashboard sends it.
 */
export const reviewTimedOutSchema = z.looseObject({
  type: z.literal('review_timed_out'),
  reviewId: z.string(),
  /** One of {@link TIMEOUT_ACTIONS}, or unknown text. */
  action: z.string(),
});

/** See {@link reviewTimedOutSchema}. */
export type ReviewTimedOut = z.infer<typeof reviewTimedOutSchema>;

/**
 * A person has decided; sent by a viewer. `revisedOutput` goes with an edit, and
 * nothing on the wire repeats it afterwards: only whoever sent it knows it.
 * `decision` is any text here, so that a wrong word can be refused by name with
 * {@link parseDecision}, and must be refused before it reaches a process.
 */
export const reviewDecisionSchema = z.looseObject({
  type: z.literal('review_decision'),
  reviewId: z.string(),
  decision: z.string(),
  revisedOutput: z.nullish(z.string()),
  /** The name of the decider for the other viewers: from a viewer of ours to a relay of ours, never on to a process. */
  by: z.nullish(z.string()),
});

/** See {@link reviewDecisionSchema}. */
export type ReviewDecision = z.infer<typeof reviewDecisionSchema>;

/**
 * The decision that a word means, or `undefined` if it means none. Upper and
 * lower case are alike, and `approve` is another word for `CONTINUE`. Nothing
 * else is forgiven, spaces neither: what a JVM process does not recognise ends
 * its run. Pass on what this returns rather than the word.
 */
export function parseDecision(text: string): Decision | undefined {
  const word = text.toLowerCase();
  if (word === 'approve') return 'CONTINUE';
  return DECISIONS.find((decision) => decision.toLowerCase() === word);
}
