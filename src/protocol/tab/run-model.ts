import type { Body, BodyRef } from './body.ts';
import type { ReviewKey, RunKey } from './keys.ts';
import type { RosterEntity } from './roster-model.ts';

/** How a run stands. `lost-touch`: its process died or restarted without a word. */
export type RunStateWord = 'running' | 'waiting' | 'failed' | 'ended' | 'lost-touch';

/** One line of the run picker, newest last. */
export interface RunSummary {
  readonly id: RunKey;
  readonly number: number;
  readonly state: RunStateWord;
  readonly startedAtMs?: number;
  readonly durationMs?: number;
  readonly exitReason?: string;
  readonly tasksFinished: number;
  readonly tasksTotal: number;
}

/** The header of one run, with its producer. Times are ms since the Unix epoch. */
export interface RunHead {
  readonly producer: RosterEntity;
  readonly runs: readonly RunSummary[];
  /** The run that is shown; absent while the producer has none. */
  readonly run?: RunSummary;
  readonly ensembleId?: string;
  readonly workflow?: string;
  /** What to call the run: the current task's description, or how it ended. */
  readonly title: string;
  readonly tokens: number;
  readonly toolCalls: number;
  /** Tasks that were announced (`totalTasks`) and have not started. */
  readonly tasksPending: number;
  /** How many of its events are shown no longer, because so many are not kept; absent while all of them are. */
  readonly letGo?: number;
  /** Why it failed, where it did. */
  readonly failure?: Body;
}

/** A task's state, as the word that the screen shows. `ended`: it was running when its run ended. */
export type TaskWord = 'pending' | 'running' | 'waiting for you' | 'completed' | 'failed' | 'ended';

/** One bar of the timeline. A task without a start (known only from a review before it) has no `startedAtMs`. */
export interface TaskEntity {
  readonly id: string;
  readonly order: number;
  readonly taskIndex: number;
  readonly description: string;
  readonly agentRole: string;
  readonly state: TaskWord;
  readonly startedAtMs?: number;
  /** Where the bar locks: the start plus `durationMs` where that was said, else the end's own instant. */
  readonly endedAtMs?: number;
  readonly durationMs?: number;
  readonly failure?: Body;
  readonly toolCalls: number;
  readonly iterations: number;
  /** What to hand to `read` for the prompt that it was given, where that was said. */
  readonly context?: BodyRef;
  /** What to hand to `read` for what it came to, once it has ended and said something. */
  readonly output?: BodyRef;
}

/** One tool call as a mark. `atMs` is its end; `isEstimated` where only its place among other messages is known. */
export interface ToolMarkEntity {
  readonly id: string;
  readonly order: number;
  readonly taskId?: string;
  readonly agentRole: string;
  readonly toolName: string;
  readonly outcome?: string;
  readonly atMs: number;
  readonly isEstimated: boolean;
  readonly durationMs: number;
}

/** Work that one agent handed to another, nested under the task that delegated. */
export interface DelegationEntity {
  readonly id: string;
  readonly order: number;
  readonly taskId?: string;
  readonly delegatingRole: string;
  readonly workerRole: string;
  readonly description: string;
  readonly state: 'running' | 'completed' | 'failed' | 'ended';
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly durationMs?: number;
  readonly isEstimated: boolean;
  readonly failure?: Body;
}

/** The span of one LLM iteration, drawn small below its task. */
export interface IterationSpanEntity {
  readonly id: string;
  readonly order: number;
  readonly taskId?: string;
  readonly agentRole: string;
  readonly iterationIndex: number;
  readonly state: 'running' | 'completed' | 'ended';
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly isEstimated: boolean;
}

/** The time that a task waited for a person. */
export interface ReviewWaitEntity {
  readonly id: string;
  readonly order: number;
  readonly review: ReviewKey;
  readonly taskId?: string;
  readonly fromMs: number;
  readonly toMs?: number;
  readonly isOpen: boolean;
}

/** A place where events are known to be missing, or were never seen. */
export interface GapEntity {
  readonly id: string;
  readonly order: number;
  readonly kind: 'missing' | 'not-seen';
  readonly events: number;
  /** The time of the event after the gap. */
  readonly atMs: number;
}
