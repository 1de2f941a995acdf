import { type ConversationState, type TalkPhase, createConversation } from './conversation-state.ts';
import { mark, type Step } from './step.ts';
import type { Work } from './work-state.ts';

/** Begins the next conversation of a role on a description; it belongs to the work that is meant by them. */
export function beginConversation(step: Step, role: string, description: string): ConversationState {
  const { run } = step;
  const pair = run.index.pair(role, description);
  const owner = workMeant(step, role, description);
  const previous = pair.conversation;
  const conversation = createConversation(run.conversations.size + 1, { role, description, owner, previous });
  run.conversations.set(conversation.id, conversation);
  pair.conversation = conversation;
  run.openParts += 1;
  if (owner !== undefined) owner.conversation = conversation;
  if (owner !== undefined) addOpen(owner, conversation);
  mark(step, 'conversations', conversation.id);
  return conversation;
}

/**
 * Tokens alone have begun a conversation, and now something is said in it that is kept: whose it is does not depend on tokens, which
 * nobody keeps, so that whoever has missed them comes to the same.
 */
export function claimConversation(step: Step, conversation: ConversationState): void {
  const { owner: before, role, description } = conversation;
  const owner = workMeant(step, role, description);
  if (conversation.iterations.size > 0 || owner === before) return;
  before?.openConversations?.delete(conversation);
  if (before?.conversation === conversation) before.conversation = undefined;
  conversation.owner = owner;
  if (owner === undefined) return;
  owner.conversation = conversation;
  if (conversation.phase === 'running') addOpen(owner, conversation);
}

/** Moves a conversation into another phase and keeps count of what is open. */
export function setTalkPhase(step: Step, conversation: ConversationState, phase: TalkPhase): void {
  const { owner } = conversation;
  step.run.openParts += Number(phase === 'running') - Number(conversation.phase === 'running');
  conversation.phase = phase;
  if (owner === undefined) return;
  if (phase === 'running') addOpen(owner, conversation);
  else owner.openConversations?.delete(conversation);
}

/** Ends a conversation from outside, with the iteration that runs in it. */
export function closeConversation(
  step: Step,
  conversation: ConversationState,
  end: { readonly phase: TalkPhase; readonly atMs: number },
): void {
  endIteration(step, conversation, end.atMs);
  setTalkPhase(step, conversation, end.phase);
  mark(step, 'conversations', conversation.id);
}

/** Ends the iteration that runs in a conversation without an answer; what was streamed stays with it. */
export function endIteration(step: Step, conversation: ConversationState, atMs: number): void {
  const { running } = conversation;
  if (running === undefined) return;
  conversation.running = undefined;
  running.phase = 'ended';
  running.endedAtMs = Math.max(running.startedAtMs, atMs);
  running.streamed = conversation.streaming;
  conversation.streaming = '';
  mark(step, 'iterations', running.id);
  mark(step, 'conversationIterations', running.id);
}

/** Notes that a conversation was heard of: what a failure beside it seemed to have ended goes on. */
export function touchConversation(step: Step, conversation: ConversationState): void {
  const wasAlive = step.run.isAlive(conversation.lastStep);
  conversation.lastStep = step.run.step;
  if (wasAlive || conversation.phase !== 'running') return;
  mark(step, 'conversations', conversation.id);
  const { running } = conversation;
  if (running === undefined) return;
  mark(step, 'iterations', running.id);
  mark(step, 'conversationIterations', running.id);
}

function addOpen(owner: Work, conversation: ConversationState): void {
  owner.openConversations ??= new Set();
  owner.openConversations.add(conversation);
}

function workMeant({ run: { index } }: Step, role: string, description: string): Work | undefined {
  const pair = index.findPair(role, description);
  return pair?.works.newest() ?? pair?.newestWork ?? index.newestTaskOfRole(role) ?? index.newestDelegationTo(role);
}
