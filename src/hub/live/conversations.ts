import type { LlmIterationCompleted, LlmIterationStarted } from '../../protocol/wire/llm-iteration.ts';
import {
  beginConversation,
  claimConversation,
  endIteration,
  setTalkPhase,
  touchConversation,
} from './conversation-lifecycle.ts';
import type { ConversationState, IterationState } from './conversation-state.ts';
import { placeLater } from './event-time.ts';
import { takeMessages } from './messages.ts';
import { mark, markRun, type Step } from './step.ts';
import { touchWork } from './work-lifecycle.ts';

/** A model is asked. A return to index 0 begins another conversation. */
export function iterationStarted(step: Step, message: LlmIterationStarted): void {
  const conversation = conversationAsked(step, message);
  endIteration(step, conversation, step.at.atMs);
  conversation.streaming = '';
  const known = conversation.iterations.get(message.iterationIndex);
  const iteration = known ?? addIteration(step, conversation, message.iterationIndex);
  iteration.messageCount = takeMessages(step, conversation, message);
  if (iteration.completed === undefined) resume(step, iteration);
  if (known === undefined) placeLater(step, 'iteration', iteration.id);
  markIteration(step, iteration);
}

/** The model has answered. */
export function iterationCompleted(step: Step, message: LlmIterationCompleted): void {
  const iteration = iterationAnswered(step, message);
  const { conversation } = iteration;
  answer(step, iteration, message);
  iteration.endedAtMs = step.at.atMs;
  iteration.startedAtMs = step.at.atMs - Math.max(0, message.latencyMs);
  iteration.isEstimated = step.at.isEstimated;
  if (conversation.running === iteration) conversation.running = undefined;
  if (conversation.running === undefined) conversation.streaming = '';
  // An answer that belongs to another question than the one that runs does not end the conversation.
  const isOver = message.responseType === 'FINAL_ANSWER' && conversation.running === undefined;
  setTalkPhase(step, conversation, isOver ? 'completed' : 'running');
  markIteration(step, iteration);
}

/** Adds an iteration that is not answered yet. */
export function addIteration(step: Step, conversation: ConversationState, index: number): IterationState {
  const { run, at } = step;
  const order = run.iterations.size + 1;
  const iteration: IterationState = {
    id: `i${order}`,
    order,
    conversation,
    index,
    phase: 'ended',
    messageCount: 0,
    completed: undefined,
    streamed: '',
    startedAtMs: at.atMs,
    endedAtMs: at.atMs,
    isEstimated: at.isEstimated,
  };
  run.iterations.set(iteration.id, iteration);
  conversation.iterations.set(index, iteration);
  conversation.lastIndex = Math.max(conversation.lastIndex, index);
  const { owner } = conversation;
  if (owner?.kind === 'task') owner.iterations += 1;
  return iteration;
}

/** Gives an iteration its answer, and counts it. */
export function answer(step: Step, iteration: IterationState, message: LlmIterationCompleted): void {
  const { run } = step;
  const { conversation, completed: before } = iteration;
  const input = Math.max(0, message.inputTokens) - Math.max(0, before?.inputTokens ?? 0);
  const output = Math.max(0, message.outputTokens) - Math.max(0, before?.outputTokens ?? 0);
  conversation.inputTokens += input;
  conversation.outputTokens += output;
  run.inputTokens += input;
  run.outputTokens += output;
  iteration.completed = message;
  iteration.phase = 'completed';
  iteration.streamed = '';
  const { owner } = conversation;
  if (owner !== undefined && message.responseType === 'FINAL_ANSWER') owner.finalAnswer = message;
  markRun(step);
}

/** Says that an iteration is new or differs, in all views that show it. */
export function markIteration(step: Step, iteration: IterationState): void {
  mark(step, 'iterations', iteration.id);
  mark(step, 'conversationIterations', iteration.id);
  mark(step, 'conversations', iteration.conversation.id);
  const { owner } = iteration.conversation;
  if (owner?.kind === 'task') mark(step, 'tasks', owner.id);
}

function resume(step: Step, iteration: IterationState): void {
  iteration.phase = 'running';
  iteration.endedAtMs = undefined;
  iteration.streamed = '';
  iteration.conversation.running = iteration;
  setTalkPhase(step, iteration.conversation, 'running');
}

function conversationAsked(step: Step, message: LlmIterationStarted): ConversationState {
  const { agentRole, taskDescription, iterationIndex } = message;
  const known = step.run.index.findPair(agentRole, taskDescription)?.conversation;
  const isAnother = known === undefined || (iterationIndex === 0 && known.iterations.size > 0);
  const conversation = isAnother ? beginConversation(step, agentRole, taskDescription) : known;
  claimConversation(step, conversation);
  touchAll(step, conversation);
  return conversation;
}

/**
 * The iteration that an answer belongs to. Where two tasks have one role and one description, the answer may be that of the
 * conversation before; where its question was missed, it is an iteration of its own.
 */
function iterationAnswered(step: Step, message: LlmIterationCompleted): IterationState {
  const { agentRole, taskDescription, iterationIndex } = message;
  const newest = step.run.index.findPair(agentRole, taskDescription)?.conversation;
  const known = newest?.iterations.get(iterationIndex);
  const before = newest?.previous?.running;
  const isOfPrevious = before?.index === iterationIndex && (known === undefined || known.completed !== undefined);
  const isAnother = newest === undefined || (iterationIndex === 0 && known?.completed !== undefined);
  const conversation = isOfPrevious ? before.conversation : newest;
  if (conversation !== undefined && (isOfPrevious || !isAnother)) {
    claimConversation(step, conversation);
    touchAll(step, conversation);
    return conversation.iterations.get(iterationIndex) ?? addIteration(step, conversation, iterationIndex);
  }
  const begun = beginConversation(step, agentRole, taskDescription);
  touchAll(step, begun);
  return addIteration(step, begun, iterationIndex);
}

function touchAll(step: Step, conversation: ConversationState): void {
  touchConversation(step, conversation);
  touchWork(step, conversation.owner);
}
