import type { RunKey } from '../protocol/tab/keys.ts';
import type { RunStateWord } from '../protocol/tab/run-model.ts';
import type { FileChanged } from '../protocol/wire/file-change.ts';
import type { MetricsSnapshot } from '../protocol/wire/metrics.ts';
import type { IterationPair } from '../protocol/wire/llm-iteration.ts';
import type { CarriedSums } from './live/carry-sums.ts';
import type { ConversationState, IterationState } from './live/conversation-state.ts';
import type { GapState } from './live/gaps.ts';
import type { RawEvent } from './live/raw-events.ts';
import type { ToolCallState } from './live/tool-calls.ts';
import type { WaitState } from './live/wait-state.ts';
import { WorkIndex } from './live/work-index.ts';
import type { DelegationState, TaskState } from './live/work-state.ts';
import type { LogPosition } from './logged-event.ts';
import { NEW_RUN, type RunPhase as CutPhase } from './run-boundary.ts';

/** How a run stands by its own messages. */
export type RunPhase =
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly atMs: number; readonly step: number }
  | { readonly kind: 'ended'; readonly atMs: number };

/** One run of one producer, normalised: entities by id, and indexes that tell which of them a message means. */
export class RunState {
  readonly key: RunKey;
  readonly number: number;
  /** Where its first event stands. */
  readonly begins: LogPosition;
  /** What decides whether the next start begins another run. */
  cut: CutPhase = NEW_RUN;

  /** The life of the process that spoke last in it. */
  lastEpoch = 0;

  ensembleId: string | undefined;
  workflow: string | undefined;
  startedAtMs: number | undefined;
  /** What its end said; `undefined` before. */
  durationMs: number | undefined;
  exitReason: string | undefined;
  saidTokens: number | undefined;
  saidToolCalls: number | undefined;
  /** Why it failed, where it did. */
  failure: string | undefined;
  phase: RunPhase = { kind: 'running' };
  /** Since when nothing can be heard of its process; taken back when it is heard of again. */
  lostAtMs: number | undefined;
  /** Counts the events of this run. */
  step = 0;
  /** How many events retention has let go on which this state stands no longer. What they counted is still in the sums. */
  letGo = 0;

  announcedTasks = 0;
  tasksStarted = 0;
  tasksFinished = 0;
  tasksFailed = 0;
  inputTokens = 0;
  outputTokens = 0;
  toolCallsSeen = 0;
  readonly carried: CarriedSums = { inputTokens: 0, outputTokens: 0, toolCallsSeen: 0, unknown: 0, unreadable: 0 };
  unknown = 0;
  unreadable = 0;
  /** Pieces of work and conversations that run: what changes its look when the run ends around it. */
  openParts = 0;

  readonly index = new WorkIndex();
  readonly tasks = new Map<string, TaskState>();
  lastTask: TaskState | undefined;
  readonly delegations = new Map<string, DelegationState>();
  /** By the id that the wire gave; the newest where one is used twice. */
  readonly delegationsByWireId = new Map<string, DelegationState>();
  readonly toolCalls = new Map<string, ToolCallState>();
  readonly conversations = new Map<string, ConversationState>();
  readonly iterations = new Map<string, IterationState>();
  readonly waits = new Map<string, WaitState>();
  readonly waitsByReview = new Map<string, WaitState>();
  readonly openWaits = new Set<WaitState>();
  gapsNoted = 0;
  readonly gaps = new Map<string, GapState>();
  readonly files: FileChanged[] = [];
  /** The newest, by role and task index. */
  readonly metrics = new Map<string, Map<number, MetricsSnapshot>>();
  readonly rawEvents: RawEvent[] = [];
  /** What a greeting filled in: it is not among the events, and is needed when they are reduced again. */
  readonly fillers: IterationPair[] = [];

  constructor(number: number, begins: LogPosition) {
    this.key = `r${number}`;
    this.number = number;
    this.begins = { epoch: begins.epoch, sequence: begins.sequence };
  }

  /** How it stands, as one word. */
  get state(): RunStateWord {
    if (this.phase.kind === 'ended') return this.#hasFailed() ? 'failed' : 'ended';
    if (this.phase.kind === 'failed') return 'failed';
    if (this.lostAtMs !== undefined) return 'lost-touch';
    return this.openWaits.size > 0 ? 'waiting' : 'running';
  }

  /** When it was over, if it is. */
  get endedAtMs(): number | undefined {
    return this.phase.kind === 'running' ? this.lostAtMs : this.phase.atMs;
  }

  /** Tokens in and out: what its end said, else what its iterations said. */
  get tokens(): number {
    return this.saidTokens ?? this.inputTokens + this.outputTokens;
  }

  /** What its end said, else how many were seen. */
  get toolCallCount(): number {
    return this.saidToolCalls ?? this.toolCallsSeen;
  }

  /** How many tasks it has or will have, as far as it said. */
  get tasksTotal(): number {
    return Math.max(this.announcedTasks, this.tasksStarted);
  }

  /**
   * Whether something that was last heard of in `lastStep` can be alive. A failure ends what runs beside it, unless it is
   * heard of again: some runs go on after a failed task.
   */
  isAlive(lastStep: number): boolean {
    if (this.lostAtMs !== undefined || this.phase.kind === 'ended') return false;
    return this.phase.kind === 'running' || lastStep > this.phase.step;
  }

  /** A process that says it completed after a failed task has got over it. */
  #hasFailed(): boolean {
    return this.exitReason === 'ERROR' || (this.tasksFailed > 0 && this.exitReason !== 'COMPLETED');
  }
}
