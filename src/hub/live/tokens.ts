import type { Token } from '../../protocol/wire/token.ts';
import { beginConversation, touchConversation } from './conversation-lifecycle.ts';
import type { ConversationState } from './conversation-state.ts';
import { mark, type Step } from './step.ts';
import { touchWork } from './work-lifecycle.ts';
import { type Work, isOpenWork } from './work-state.ts';

/** A piece of an answer, as it is made. */
export function tokenStreamed(step: Step, message: Token): void {
  if (message.token === '') return;
  const conversation = conversationOfToken(step, message);
  touchConversation(step, conversation);
  touchWork(step, conversation.owner);
  conversation.streaming += message.token;
  step.changes.push({
    kind: 'append',
    producer: step.live.producer,
    run: step.run.key,
    conversation: conversation.id,
    text: message.token,
  });
  markLateText(step, conversation.owner);
}

/** What comes after the end of a task is part of what the task came to. */
function markLateText(step: Step, work: Work | undefined): void {
  if (work?.kind !== 'task' || (isOpenWork(work) && step.run.isAlive(work.lastStep))) return;
  mark(step, 'tasks', work.id);
}

/** That of its role and description; else of the newest work of its role that runs; else of any that runs. */
function conversationOfToken(step: Step, message: Token): ConversationState {
  const { index } = step.run;
  const role = message.agentRole ?? '';
  const description = message.taskDescription ?? '';
  const pair = index.findPair(role, description);
  if (pair?.conversation !== undefined) return pair.conversation;
  const exact = pair?.works.newest();
  const work = exact ?? index.newestTaskOfRole(role) ?? index.newestDelegationTo(role) ?? index.newestTask();
  if (work === undefined) return beginConversation(step, role, description);
  return work.conversation ?? beginConversation(step, work.role, work.description);
}
