import { describe, expect, it } from 'vitest';
import { applyViewPatches } from './apply-view-patches.ts';
import type { ConversationEntity, ToolCallEntity } from './conversation-model.ts';
import type { ViewData } from './view-data.ts';

function toolCall(id: string, toolName: string): ToolCallEntity {
  return { id, order: 1, agentRole: 'Writer', toolName, durationMs: 5, atMs: 10, isEstimated: false };
}

function toolsView(): ViewData<'tools'> {
  return { head: { run: 'r1' }, entities: { toolCalls: { c1: toolCall('c1', 'search') } } };
}

const conversation: ConversationEntity = {
  id: 'c1',
  order: 1,
  agentRole: 'Writer',
  description: 'Draft',
  n: 1,
  state: 'running',
  messagesNotSeen: 0,
  streaming: 'The ti',
  streamingSkippedChars: 0,
  inputTokens: 0,
  outputTokens: 0,
};

describe('applyViewPatches', () => {
  it('replaces the head', () => {
    const view = toolsView();
    applyViewPatches<'tools'>(view, [{ op: 'head', head: { run: 'r2' } }]);
    expect(view.head).toEqual({ run: 'r2' });
  });

  it('adds, replaces and removes entities, in order', () => {
    const view = toolsView();
    applyViewPatches<'tools'>(view, [
      { op: 'upsert', collection: 'toolCalls', entity: toolCall('c2', 'read') },
      { op: 'upsert', collection: 'toolCalls', entity: toolCall('c2', 'write') },
      { op: 'remove', collection: 'toolCalls', id: 'c1' },
    ]);
    expect(view.entities.toolCalls).toEqual({ c2: toolCall('c2', 'write') });
  });

  it('appends text without touching the entity that others may hold', () => {
    const view: ViewData<'conversation'> = {
      head: {},
      entities: { conversations: { c1: conversation }, messages: {}, iterations: {} },
    };
    applyViewPatches<'conversation'>(view, [
      { op: 'append', collection: 'conversations', id: 'c1', field: 'streaming', text: 'de' },
      { op: 'append', collection: 'conversations', id: 'gone', field: 'streaming', text: '!' },
    ]);
    expect(view.entities.conversations).toEqual({ c1: { ...conversation, streaming: 'The tide' } });
    expect(conversation.streaming).toBe('The ti');
  });
});
