/** One who works in the demo's ensemble. */
export interface DemoAgent {
  readonly role: string;
  readonly goal: string;
  readonly background: string;
  readonly tools: readonly string[];
}

/** A piece of work. Its `context` may hold {@link RELEASE_PLACE} and {@link ANSWER_PLACE}. */
export interface DemoWork {
  readonly agent: DemoAgent;
  readonly description: string;
  readonly expectedOutput: string;
  readonly context: string;
}

/** A tool that an agent asks for, and what it gives back. */
export interface DemoToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly outcome: 'SUCCESS' | 'FAILURE';
  readonly result: string;
  readonly structuredResult?: unknown;
}

/** Where the text stands that the review let through, edited or not. */
export const RELEASE_PLACE = '{{release}}';

/** Where the last answer stands that was given before the work. */
export const ANSWER_PLACE = '{{answer}}';

/**
 * One thing that happens, `afterMs` after the one before. A `task` begins work
 * number `index` (from 1); `ask` and `answer` are an iteration with its model;
 * `stream` lets text run in, a word each `everyMs`; `tool` is a call that took
 * `afterMs`; `delegate` and `delegated` frame work that is handed over; `review`
 * waits for a person; `done` ends the task of that work.
 */
export type DemoStep = { readonly afterMs: number } & (
  | { readonly does: 'task'; readonly index: number; readonly work: DemoWork }
  | { readonly does: 'ask'; readonly work: DemoWork }
  | { readonly does: 'stream'; readonly work: DemoWork; readonly text: string; readonly everyMs: number }
  | {
      readonly does: 'answer';
      readonly work: DemoWork;
      readonly text: string;
      readonly calls?: readonly DemoToolCall[];
      readonly inputTokens: number;
      readonly outputTokens: number;
    }
  | { readonly does: 'tool'; readonly work: DemoWork; readonly index: number; readonly call: DemoToolCall }
  | { readonly does: 'delegate'; readonly from: DemoWork; readonly to: DemoWork }
  | { readonly does: 'delegated'; readonly from: DemoWork; readonly to: DemoWork }
  | { readonly does: 'review'; readonly work: DemoWork; readonly prompt: string; readonly timeoutMs: number }
  | { readonly does: 'done'; readonly index: number; readonly work: DemoWork }
);

/** A whole run: how many tasks it announces, and what happens in it. */
export interface DemoScript {
  readonly totalTasks: number;
  readonly workflow: string;
  readonly steps: readonly DemoStep[];
}
