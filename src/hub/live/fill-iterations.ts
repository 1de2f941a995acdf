import type { IterationPair, LlmIterationStarted } from '../../protocol/wire/llm-iteration.ts';
import type { Change } from '../change.ts';
import type { LiveState } from '../live-state.ts';
import { beginConversation, setTalkPhase } from './conversation-lifecycle.ts';
import type { ConversationState, IterationState } from './conversation-state.ts';
import { addIteration, answer, markIteration } from './conversations.ts';
import { putMessage, windowOffset } from './messages.ts';
import type { Place, Step } from './step.ts';
import { isOpenWork } from './work-state.ts';

/**
 * Takes the iterations that a greeting repeats into the newest run. They fill in what is not known and never replace what
 * is: the same iteration may have come as messages before. Where they stood in time is estimated.
 */
export function fillIterations(live: LiveState, pairs: readonly IterationPair[], changes: Change[]): void {
  const run = live.runs.at(-1);
  if (run !== undefined) fillRun({ live, run, changes }, pairs);
}

/** The same for one run. */
export function fillRun(place: Place, pairs: readonly IterationPair[]): void {
  const atMs = place.live.knownMs ?? place.run.startedAtMs ?? 0;
  const step: Step = { ...place, at: { atMs, isEstimated: true }, eventAtMs: atMs };
  const filled = new Set<ConversationState>();
  for (const pair of pairs) {
    const before = place.changes.length;
    const known = iterationOf(step, pair.started);
    if (known === undefined) addPair(step, pair, filled);
    else completePair(step, known, pair);
    if (place.changes.length > before) place.run.fillers.push(pair);
  }
}

/** The iteration where it is known already: in the newest conversation, or in the one before. */
function iterationOf(step: Step, started: LlmIterationStarted): IterationState | undefined {
  const newest = step.run.index.findPair(started.agentRole, started.taskDescription)?.conversation;
  return newest?.iterations.get(started.iterationIndex) ?? newest?.previous?.iterations.get(started.iterationIndex);
}

function completePair(step: Step, iteration: IterationState, { started, completed }: IterationPair): void {
  if (iteration.messageCount === 0 && started.messages.length > 0) {
    fillMessages(step, iteration, started);
    markIteration(step, iteration);
  }
  if (iteration.completed !== undefined || completed === undefined || completed === null) return;
  const { conversation } = iteration;
  answer(step, iteration, completed);
  iteration.endedAtMs = iteration.startedAtMs + Math.max(0, completed.latencyMs);
  if (conversation.running === iteration) {
    conversation.running = undefined;
    conversation.streaming = '';
  }
  settlePhase(step, conversation);
  markIteration(step, iteration);
}

function addPair(step: Step, { started, completed }: IterationPair, filled: Set<ConversationState>): void {
  const conversation = conversationOf(step, started, filled);
  filled.add(conversation);
  const iteration = addIteration(step, conversation, started.iterationIndex);
  const before = conversation.iterations.get(started.iterationIndex - 1);
  const startedAtMs = before?.endedAtMs ?? conversation.owner?.startedAtMs ?? step.run.startedAtMs ?? step.at.atMs;
  iteration.startedAtMs = startedAtMs;
  iteration.endedAtMs = startedAtMs + Math.max(0, completed?.latencyMs ?? 0);
  fillMessages(step, iteration, started);
  if (completed !== undefined && completed !== null) answer(step, iteration, completed);
  else runIfNewest(iteration);
  settlePhase(step, conversation);
  markIteration(step, iteration);
}

/** A return to 0 within one greeting begins another conversation; an earlier iteration of a known one does not. */
function conversationOf(step: Step, started: LlmIterationStarted, filled: Set<ConversationState>): ConversationState {
  const { agentRole, taskDescription, iterationIndex } = started;
  const newest = step.run.index.findPair(agentRole, taskDescription)?.conversation;
  const isAnother = newest === undefined || (iterationIndex === 0 && filled.has(newest));
  return isAnother ? beginConversation(step, agentRole, taskDescription) : newest;
}

/** An iteration without an answer is the one that the model is at, if none came after it and its work goes on. */
function runIfNewest(iteration: IterationState): void {
  const { conversation } = iteration;
  const isOver = conversation.owner !== undefined && !isOpenWork(conversation.owner);
  if (iteration.index < conversation.lastIndex || isOver) return;
  iteration.phase = 'running';
  iteration.endedAtMs = undefined;
  conversation.running = iteration;
}

function fillMessages(step: Step, iteration: IterationState, started: LlmIterationStarted): void {
  const { conversation } = iteration;
  const offset = windowOffset(started);
  iteration.messageCount = offset + started.messages.length;
  conversation.endPosition = Math.max(conversation.endPosition, iteration.messageCount);
  started.messages.forEach((message, index) => {
    const position = offset + index;
    if (!conversation.messages.has(position)) putMessage(step, conversation, { position, message });
  });
}

/** What a conversation is at, from what is known of its iterations and its work. */
function settlePhase(step: Step, conversation: ConversationState): void {
  const { owner, running } = conversation;
  const last = conversation.iterations.get(conversation.lastIndex);
  const isAnswered = running === undefined && last?.completed?.responseType === 'FINAL_ANSWER';
  if (isAnswered || owner?.phase === 'completed') setTalkPhase(step, conversation, 'completed');
  else setTalkPhase(step, conversation, owner === undefined || isOpenWork(owner) ? 'running' : 'ended');
}
