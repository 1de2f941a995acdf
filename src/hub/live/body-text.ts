import type { RunState } from '../run-state.ts';
import type { TaskState } from './work-state.ts';

/**
 * The whole text of a part of something in a run: `id` is that of its entity (`run` for the run itself), `part` names the
 * text. `undefined` where there is none.
 */
export function bodyText(run: RunState, id: string, part: string): string | undefined {
  switch (id.charAt(0)) {
    case 'r':
      return part === 'failure' ? run.failure : undefined;
    case 't':
      return taskText(run.tasks.get(id), part);
    case 'd':
      return part === 'failure' ? run.delegations.get(id)?.failure : undefined;
    case 'x':
      return toolText(run, id, part);
    case 'm':
      return messageText(run, id, part);
    case 'i':
      return iterationText(run, id, part);
    default:
      return undefined;
  }
}

/** What a task came to: its last final answer, else what a person was shown of it, else what was streamed. */
export function taskOutput(task: TaskState): string | undefined {
  const answered = task.finalAnswer?.responseText;
  if (typeof answered === 'string') return answered;
  if (task.reviewedOutput !== undefined) return task.reviewedOutput;
  const { conversation } = task;
  if (conversation === undefined) return undefined;
  if (conversation.streaming !== '') return conversation.streaming;
  const last = conversation.iterations.get(conversation.lastIndex)?.streamed;
  return last === '' ? undefined : last;
}

function taskText(task: TaskState | undefined, part: string): string | undefined {
  if (task === undefined) return undefined;
  if (part === 'output') return taskOutput(task);
  if (part === 'context') return task.input?.assembledContext ?? undefined;
  return part === 'failure' ? task.failure : undefined;
}

function toolText(run: RunState, id: string, part: string): string | undefined {
  const message = run.toolCalls.get(id)?.message;
  if (part === 'arguments') return message?.toolArguments ?? undefined;
  if (part === 'result') return message?.toolResult ?? undefined;
  const structured = part === 'structured' ? message?.structuredResult : undefined;
  return structured === undefined || structured === null ? undefined : JSON.stringify(structured, undefined, 2);
}

function messageText(run: RunState, id: string, part: string): string | undefined {
  const [conversation = '', position = ''] = id.slice(1).split('.');
  const message = run.conversations.get(`c${conversation}`)?.messages.get(Number(position))?.message;
  if (part === 'content') return message?.content ?? undefined;
  return message?.toolCalls?.[requestIndex(part)]?.arguments ?? undefined;
}

function iterationText(run: RunState, id: string, part: string): string | undefined {
  const iteration = run.iterations.get(id);
  if (part !== 'response') return iteration?.completed?.toolRequests?.[requestIndex(part)]?.arguments ?? undefined;
  const streamed = iteration?.streamed === '' ? undefined : iteration?.streamed;
  return iteration?.completed?.responseText ?? streamed;
}

/** The parts `request0`, `request1` … are the arguments of the tools that are asked for. */
function requestIndex(part: string): number {
  return part.startsWith('request') ? Number(part.slice('request'.length)) : -1;
}
