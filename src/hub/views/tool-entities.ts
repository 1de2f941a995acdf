import type { ToolCallEntity } from '../../protocol/tab/conversation-model.ts';
import type { ToolMarkEntity } from '../../protocol/tab/run-model.ts';
import type { ToolCallState } from '../live/tool-calls.ts';
import type { RunState } from '../run-state.ts';
import { bodyOf } from './body.ts';
import { defined } from './defined.ts';

/** A tool call as a mark on the timeline. */
export function toolMark(call: ToolCallState): ToolMarkEntity {
  return {
    id: call.id,
    order: call.order,
    agentRole: call.message.agentRole,
    toolName: call.message.toolName,
    atMs: call.atMs,
    isEstimated: call.isEstimated,
    durationMs: call.durationMs,
    ...defined({ taskId: call.task?.id, outcome: call.message.outcome ?? undefined }),
  };
}

/** A tool call with what went in and came out. */
export function toolCallEntity(run: RunState, call: ToolCallState): ToolCallEntity {
  return {
    ...toolMark(call),
    ...defined({
      taskDescription: call.task?.description,
      arguments: bodyOf(run, call.id, 'arguments'),
      result: bodyOf(run, call.id, 'result'),
      structuredResult: bodyOf(run, call.id, 'structured'),
    }),
  };
}
