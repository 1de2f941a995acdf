import type { ViewData } from '../../protocol/tab/view-data.ts';
import { bodyOf, runView, sampleHead, sampleMark, sampleProducer, sampleRun, sampleTask } from './run-samples.ts';

/** The time at which these runs are looked at. */
export const NOW_MS = Date.parse('2026-11-22T12:00:00Z');

/** So many seconds before that. */
export const ago = (seconds: number): number => NOW_MS - seconds * 1000;

/** A run of which one task is done, one failed, and one waits for a person. */
export function waitingRun(): ViewData<'run'> {
  const run = sampleRun({ state: 'waiting', startedAtMs: ago(201) });
  const producer = sampleProducer({ state: 'waiting for you', sinceMs: ago(134), missing: 3, runs: 3 });
  return runView(sampleHead({ run, runs: [run], producer, tasksPending: 2 }), {
    tasks: [
      sampleTask({ id: 'a', order: 1, description: 'Find sources', startedAtMs: ago(200), endedAtMs: ago(150) }),
      sampleTask({
        id: 'f',
        order: 2,
        description: 'Translate',
        state: 'failed',
        failure: bodyOf('model refused'),
        startedAtMs: ago(149),
        endedAtMs: ago(120),
      }),
      {
        id: 'w',
        order: 3,
        taskIndex: 3,
        description: 'Draft the press release',
        agentRole: 'Writer',
        state: 'waiting for you',
        startedAtMs: ago(140),
        toolCalls: 0,
        iterations: 0,
      },
    ],
    toolMarks: [sampleMark({ id: 'm', taskId: 'f', toolName: 'flaky_api', outcome: 'FAILURE', atMs: ago(120) })],
    waits: [{ id: 'wait', order: 1, review: 'r1', taskId: 'w', fromMs: ago(134), isOpen: true }],
    gaps: [{ id: 'g', order: 1, kind: 'missing', events: 3, atMs: ago(100) }],
  });
}
