import { runPartHead } from './run-part-head.ts';
import { type RunRequest, RunPartFeed, type RunSource, type RunViewSpec, collectionOf } from './run-part-feed.ts';
import { toolCallEntity } from './tool-entities.ts';
import type { ViewFeed } from './view-feed.ts';

const TOOLS_VIEW: RunViewSpec<'tools'> = {
  view: 'tools',
  isHeadLive: false,
  head: runPartHead,
  collections: { toolCalls: collectionOf('toolCalls', (run) => run.toolCalls, toolCallEntity) },
};

/** The tool calls of one run. */
export function createToolsFeed(source: RunSource, request: RunRequest): ViewFeed<'tools'> {
  return new RunPartFeed(TOOLS_VIEW, source, request);
}
