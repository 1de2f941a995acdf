import type { Body } from '../../protocol/tab/body.ts';
import type {
  ConversationEntity,
  ConversationMessageEntity,
  IterationEntity,
  ToolCallEntity,
} from '../../protocol/tab/conversation-model.ts';
import type { ReviewEntity } from '../../protocol/tab/review-model.ts';
import type { RosterEntity } from '../../protocol/tab/roster-model.ts';
import type {
  IterationSpanEntity,
  RunHead,
  RunSummary,
  TaskEntity,
  ToolMarkEntity,
} from '../../protocol/tab/run-model.ts';
import type { ViewData } from '../../protocol/tab/view-data.ts';

/** The producer of the samples. */
export const PRODUCER = 'ws://localhost:7400/ws svc-b-1';

/** A body that is whole. */
export function bodyOf(text: string): Body {
  return { text, totalChars: text.length };
}

/** A producer that runs; all of it may be said otherwise. */
export function sampleProducer(change: Partial<RosterEntity> = {}): RosterEntity {
  return {
    id: PRODUCER,
    sourceId: 'ws://localhost:7400/ws',
    producerId: 'svc-b-1',
    serviceName: 'svc-b',
    instanceId: 'pod-7f',
    host: 'host-1.local',
    version: '3.6.1',
    tags: [['env', 'prod']],
    state: 'running',
    detail: '',
    lastSeenMs: 0,
    runs: 1,
    openReviews: 0,
    tasksFinished: 0,
    tasksTotal: 0,
    missing: 0,
    unreadable: 0,
    ...change,
  };
}

/** A run that is under way. */
export function sampleRun(change: Partial<RunSummary> = {}): RunSummary {
  return { id: 'r1', number: 1, state: 'running', startedAtMs: 0, tasksFinished: 2, tasksTotal: 4, ...change };
}

/** The head of that run. */
export function sampleHead(change: Partial<RunHead> = {}): RunHead {
  const run = change.run ?? sampleRun();
  return {
    producer: sampleProducer(),
    runs: [run],
    run,
    workflow: 'SEQUENTIAL',
    title: 'Draft the press release',
    tokens: 1160,
    toolCalls: 6,
    tasksPending: 0,
    ...change,
  };
}

/** A task that runs from second 1 to 2. */
export function sampleTask(change: Partial<TaskEntity> & { readonly id: string }): TaskEntity {
  return {
    order: 0,
    taskIndex: 1,
    description: `Task ${change.id}`,
    agentRole: 'Writer',
    state: 'completed',
    startedAtMs: 1000,
    endedAtMs: 2000,
    durationMs: 1000,
    toolCalls: 0,
    iterations: 0,
    ...change,
  };
}

/** A tool call's mark. */
export function sampleMark(change: Partial<ToolMarkEntity> & { readonly id: string }): ToolMarkEntity {
  return {
    order: 0,
    agentRole: 'Writer',
    toolName: 'web_search',
    outcome: 'SUCCESS',
    atMs: 1500,
    isEstimated: false,
    durationMs: 35,
    ...change,
  };
}

/** An iteration's span. */
export function sampleIterationSpan(
  change: Partial<IterationSpanEntity> & { readonly id: string },
): IterationSpanEntity {
  return {
    order: 0,
    agentRole: 'Writer',
    iterationIndex: 0,
    state: 'completed',
    startedAtMs: 1100,
    endedAtMs: 1400,
    isEstimated: false,
    ...change,
  };
}

type Entities<V extends 'run' | 'conversation'> = {
  readonly [C in keyof ViewData<V>['entities']]?: readonly ViewData<V>['entities'][C][string][];
};

function byId<T extends { readonly id: string }>(entities: readonly T[] | undefined): Record<string, T> {
  return Object.fromEntries((entities ?? []).map((entity) => [entity.id, entity]));
}

/** The view of a run with these entities. */
export function runView(head: RunHead | undefined, entities: Entities<'run'> = {}): ViewData<'run'> {
  return {
    head,
    entities: {
      tasks: byId(entities.tasks),
      toolMarks: byId(entities.toolMarks),
      delegations: byId(entities.delegations),
      iterations: byId(entities.iterations),
      waits: byId(entities.waits),
      gaps: byId(entities.gaps),
    },
  };
}

/** The view of a conversation with these entities. */
export function conversationView(entities: Entities<'conversation'>): ViewData<'conversation'> {
  return {
    head: { run: 'r1' },
    entities: {
      conversations: byId(entities.conversations),
      messages: byId(entities.messages),
      iterations: byId(entities.iterations),
    },
  };
}

/** The view of tool calls. */
export function toolsView(calls: readonly ToolCallEntity[]): ViewData<'tools'> {
  return { head: { run: 'r1' }, entities: { toolCalls: byId(calls) } };
}

/** The inbox. */
export function reviewsView(reviews: readonly ReviewEntity[]): ViewData<'reviews'> {
  return {
    head: { open: reviews.filter((review) => review.status.kind === 'open').length },
    entities: { reviews: byId(reviews) },
  };
}

/** A review that waits, of the samples' producer. */
export function sampleReview(change: Partial<ReviewEntity> & { readonly id: string }): ReviewEntity {
  return {
    order: 0,
    reviewId: change.id,
    producer: PRODUCER,
    serviceName: 'svc-b',
    run: 'r1',
    taskDescription: 'Draft the press release',
    agentRole: 'Writer',
    timing: 'AFTER_EXECUTION',
    prompt: 'Publish this?',
    output: bodyOf('# Findings\n\nThe answer is 42.'),
    onTimeout: 'CONTINUE',
    timeoutMs: 300_000,
    requestedAtMs: 0,
    status: { kind: 'open' },
    canDecide: true,
    ...change,
  };
}

/** A conversation that has ended. */
export function sampleConversation(change: Partial<ConversationEntity> & { readonly id: string }): ConversationEntity {
  return {
    order: 0,
    agentRole: 'Researcher',
    description: 'Find sources about tides',
    n: 1,
    state: 'completed',
    messagesNotSeen: 0,
    streaming: '',
    streamingSkippedChars: 0,
    inputTokens: 0,
    outputTokens: 0,
    ...change,
  };
}

/** One message of conversation `c1`. */
export function sampleMessage(
  change: Partial<ConversationMessageEntity> & { readonly id: string },
): ConversationMessageEntity {
  return { order: 0, conversationId: 'c1', position: 0, role: 'user', toolRequests: [], ...change };
}

/** One iteration of conversation `c1`. */
export function sampleIteration(change: Partial<IterationEntity> & { readonly id: string }): IterationEntity {
  return {
    order: 0,
    conversationId: 'c1',
    iterationIndex: 0,
    state: 'completed',
    messageCount: 2,
    toolRequests: [],
    ...change,
  };
}

/** One tool call that succeeded. */
export function sampleToolCall(change: Partial<ToolCallEntity> & { readonly id: string }): ToolCallEntity {
  return {
    order: 0,
    agentRole: 'Researcher',
    taskDescription: 'Find sources about tides',
    toolName: 'web_search',
    outcome: 'SUCCESS',
    durationMs: 35,
    atMs: 1500,
    isEstimated: false,
    arguments: bodyOf('{"input":"tides"}'),
    result: bodyOf('3 results'),
    ...change,
  };
}
