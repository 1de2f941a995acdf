import fc from 'fast-check';
import {
  answered,
  asked,
  delegationCompleted,
  delegationFailed,
  delegationStarted,
  ensembleCompleted,
  ensembleStarted,
  reviewRequested,
  taskCompleted,
  taskFailed,
  taskInput,
  taskStarted,
  token,
  toolCalled,
} from './messages.ts';
import { instant } from './live-story.ts';

const small = fc.integer({ min: 0, max: 3 });
const role = fc.constantFrom('Agent 1', 'Agent 2', 'Worker', '__proto__');
const description = fc.constantFrom('Task 1', 'Task 2', 'Part a');
const id = fc.constantFrom('a', 'b', 'constructor');
const text = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('x'.repeat(5000), '\u{1f600}'.repeat(2100)));
const instants = fc.integer({ min: 0, max: 90_000 }).map(instant);
const talk = fc.record({ agentRole: role, taskDescription: description });
const requests = fc.array(fc.record({ name: id, arguments: text }), { maxLength: 2 });
const messages = fc.array(
  fc.record(
    { role: fc.constantFrom('system', 'user', 'tool'), content: text, toolCalls: requests, toolName: id },
    { requiredKeys: ['role'] },
  ),
  { maxLength: 4 },
);
const window = fc.option(fc.integer({ min: -1, max: 9 }), { nil: undefined });

/**
 * Any message of an ensemble, from few roles, descriptions and numbers, so that they meet: what is started ends at times, what
 * ends was not always started, and some of it makes no sense or cannot be read at all.
 */
export const anyMessage: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 1, arbitrary: fc.tuple(id, small).map(([name, totalTasks]) => ensembleStarted(name, { totalTasks })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(id, fc.constantFrom('COMPLETED', 'ERROR', 'USER_EXIT_EARLY', 'NEW_ONE'), fc.integer({ min: -1, max: 5 }))
      .map(([name, exitReason, totalTokens]) => ensembleCompleted(name, { exitReason, totalTokens })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(small, talk, instants)
      .map(([index, who, startedAt]) => taskStarted(index, { ...who, startedAt })),
  },
  { weight: 2, arbitrary: fc.tuple(small, talk).map(([index, who]) => taskInput(index, who)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(small, talk, instants, fc.integer({ min: -1, max: 9000 }))
      .map(([index, who, completedAt, durationMs]) => taskCompleted(index, { ...who, completedAt, durationMs })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(small, talk, text).map(([index, who, reason]) => taskFailed(index, { ...who, reason })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(id, role, small, text)
      .map(([name, agentRole, taskIndex, result]) =>
        toolCalled(name, { agentRole, taskIndex, toolResult: result, structuredResult: { result } }),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(id, role, role)
      .map(([name, from, to]) => delegationStarted(name, { delegatingAgentRole: from, workerRole: to })),
  },
  { weight: 1, arbitrary: id.map((name) => delegationCompleted(name)) },
  { weight: 1, arbitrary: fc.tuple(id, text).map(([name, reason]) => delegationFailed(name, { reason })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(small, talk, messages, window)
      .map(([index, who, list, totalMessageCount]) => asked(index, { ...who, messages: list, totalMessageCount })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(small, talk, requests, fc.constantFrom('FINAL_ANSWER', 'TOOL_CALLS', 'OTHER'), text)
      .map(([index, who, toolRequests, responseType, responseText]) =>
        answered(index, { ...who, toolRequests, responseType, responseText }),
      ),
  },
  { weight: 6, arbitrary: fc.tuple(talk, text).map(([who, piece]) => token(piece, who)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(id, description, fc.constantFrom('BEFORE_EXECUTION', 'AFTER_EXECUTION', 'DURING_EXECUTION'))
      .map(([name, taskDescription, timing]) => reviewRequested(name, { taskDescription, timing })),
  },
  { weight: 1, arbitrary: id.map((reviewId) => ({ type: 'review_timed_out', reviewId, action: 'CONTINUE' })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      { type: 'heartbeat', serverTimeMs: 1 },
      { type: 'task_progress', anything: true },
      { type: 'task_started' },
      'no message',
      {
        type: 'file_changed',
        agentRole: 'Agent 1',
        filePath: 'a',
        changeType: 'CREATED',
        linesAdded: 1,
        linesRemoved: 0,
        timestamp: 'no instant',
      },
      {
        type: 'metrics_snapshot',
        agentRole: 'Agent 1',
        taskIndex: 1,
        inputTokens: 1,
        outputTokens: 1,
        llmLatencyMs: 1,
        toolExecutionTimeMs: 1,
        iterationCount: 1,
      },
    ),
  },
);

/** What can be said about a process from beside its own messages. */
export type Aside =
  | { readonly kind: 'message'; readonly message: unknown; readonly isTimeKnown: boolean }
  | { readonly kind: 'gap'; readonly events: number }
  | { readonly kind: 'restart'; readonly sequence: number }
  | { readonly kind: 'lose' | 'regain' }
  | { readonly kind: 'drop'; readonly index: number }
  | { readonly kind: 'wait'; readonly reviewId: string; readonly isOpen: boolean; readonly fromMs: number }
  | { readonly kind: 'fill'; readonly started: unknown; readonly completed: unknown }
  | { readonly kind: 'again'; readonly from: number };

/** A message of a process, most of the time; else what its hub learns about it. */
export const anyAside: fc.Arbitrary<Aside> = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.record({
      kind: fc.constant('message' as const),
      message: anyMessage,
      isTimeKnown: fc.nat(9).map((n) => n > 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('gap' as const), events: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), sequence: fc.constantFrom(1, 5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('lose' as const, 'regain' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), index: small }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      reviewId: id,
      isOpen: fc.boolean(),
      fromMs: fc.integer({ min: 0, max: 90_000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fill' as const),
      started: fc.tuple(small, talk, messages).map(([index, who, list]) => asked(index, { ...who, messages: list })),
      completed: fc.option(
        fc.tuple(small, talk).map(([index, who]) => answered(index, who)),
        { nil: undefined },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), from: small }) },
);
