import type { LlmIterationCompleted } from '../../protocol/wire/llm-iteration.ts';
import type { TaskInput } from '../../protocol/wire/task.ts';
import type { CarriedTaskSums } from './carry-sums.ts';
import type { ConversationState } from './conversation-state.ts';
import type { WaitState } from './wait-state.ts';

/**
 * How far a piece of work is by its own messages. `ended`: something around it ended first. Whether its run is still alive
 * is the run's to say, so that a run which is lost and found again needs no repair.
 */
export type WorkPhase = 'unstarted' | 'running' | 'completed' | 'failed' | 'ended';

interface WorkBase {
  readonly id: string;
  readonly order: number;
  /** The step of the run in which it was last heard of. */
  lastStep: number;
  phase: WorkPhase;
  endedAtMs: number | undefined;
  durationMs: number | undefined;
  failure: string | undefined;
  input: TaskInput | undefined;
  finalAnswer: LlmIterationCompleted | undefined;
  /** Its conversation that began last. */
  conversation: ConversationState | undefined;
  /** What goes on in it; made when needed, there may be thousands of tasks. */
  openConversations: Set<ConversationState> | undefined;
  openDelegations: Set<DelegationState> | undefined;
}

/** A task of a run. */
export interface TaskState extends WorkBase {
  readonly kind: 'task';
  readonly description: string;
  taskIndex: number;
  role: string;
  /** The start as the wire wrote it: part of the task's identity. */
  startedAt: string | undefined;
  /** `undefined` for a task that is only known from a review before it. */
  startedAtMs: number | undefined;
  toolCalls: number;
  /** What its end said; `undefined` before. */
  saidToolCalls: number | undefined;
  lastTool: string | undefined;
  iterations: number;
  readonly carried: CarriedTaskSums;
  /** What a person was shown as its output. */
  reviewedOutput: string | undefined;
  openWaits: Set<WaitState> | undefined;
}

/** Work that one role handed to another. */
export interface DelegationState extends WorkBase {
  readonly kind: 'delegation';
  readonly delegationId: string;
  readonly delegatingRole: string;
  /** The worker's. */
  readonly role: string;
  readonly description: string;
  /** The task under which it stands. */
  readonly task: TaskState | undefined;
  /** The work that delegated: a task, or a delegation whose worker delegates further. */
  readonly parent: Work | undefined;
  startedAtMs: number;
  isEstimated: boolean;
}

/** One role works on one description. */
export type Work = TaskState | DelegationState;

/** Whether it may still be meant by messages that come. */
export function isOpenWork(work: Work): boolean {
  return work.phase === 'running' || work.phase === 'unstarted';
}

/** The task that a piece of work belongs to. */
export function taskOf(work: Work | undefined): TaskState | undefined {
  return work?.kind === 'delegation' ? work.task : work;
}

/** A task that nothing is known of but who and what. */
export function createTask(order: number, who: { taskIndex: number; description: string; role: string }): TaskState {
  return {
    kind: 'task',
    ...workBase(`t${order}`, order),
    ...who,
    startedAt: undefined,
    startedAtMs: undefined,
    toolCalls: 0,
    saidToolCalls: undefined,
    lastTool: undefined,
    iterations: 0,
    carried: { toolCalls: 0, iterations: 0 },
    reviewedOutput: undefined,
    openWaits: undefined,
  };
}

/** What makes a delegation, beside its number. */
export type DelegationFacts = Pick<
  DelegationState,
  'delegationId' | 'delegatingRole' | 'role' | 'description' | 'parent' | 'startedAtMs' | 'isEstimated'
>;

/** A delegation that runs. */
export function createDelegation(order: number, facts: DelegationFacts): DelegationState {
  return {
    kind: 'delegation',
    ...workBase(`d${order}`, order),
    ...facts,
    phase: 'running',
    task: taskOf(facts.parent),
  };
}

function workBase(id: string, order: number): WorkBase {
  return {
    id,
    order,
    lastStep: 0,
    phase: 'unstarted',
    endedAtMs: undefined,
    durationMs: undefined,
    failure: undefined,
    input: undefined,
    finalAnswer: undefined,
    conversation: undefined,
    openConversations: undefined,
    openDelegations: undefined,
  };
}
