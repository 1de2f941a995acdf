import { runHead } from './run-head.ts';
import { type RunRequest, RunPartFeed, type RunSource, type RunViewSpec, collectionOf } from './run-part-feed.ts';
import { delegationEntity, gapEntity, iterationSpan, waitEntity } from './span-entities.ts';
import { taskEntity } from './task-entity.ts';
import { toolMark } from './tool-entities.ts';
import type { ViewFeed } from './view-feed.ts';

const RUN_VIEW: RunViewSpec<'run'> = {
  view: 'run',
  isHeadLive: true,
  head: (source, run) => {
    const producer = source.roster();
    return producer === undefined ? undefined : runHead(producer, source.live(), run);
  },
  collections: {
    tasks: collectionOf('tasks', (run) => run.tasks, taskEntity),
    toolMarks: collectionOf(
      'toolMarks',
      (run) => run.toolCalls,
      (_run, call) => toolMark(call),
    ),
    delegations: collectionOf('delegations', (run) => run.delegations, delegationEntity),
    iterations: collectionOf('iterations', (run) => run.iterations, iterationSpan),
    waits: collectionOf(
      'waits',
      (run) => run.waits,
      (_run, wait) => waitEntity(wait),
    ),
    gaps: collectionOf(
      'gaps',
      (run) => run.gaps,
      (_run, gap) => gapEntity(gap),
    ),
  },
};

/** The timeline of one run, with its header. */
export function createRunFeed(source: RunSource, request: RunRequest): ViewFeed<'run'> {
  return new RunPartFeed(RUN_VIEW, source, request);
}
