import type { LoggedEvent } from '../../src/hub/logged-event.ts';

interface Said {
  readonly type: string;
  readonly bytes?: number;
  readonly [field: string]: unknown;
}

/** An event that says this, by its type alone where nothing else matters. */
export function event(epoch: number, sequence: number, said: string | Said): LoggedEvent {
  const { type, bytes = 10, ...message }: Said = typeof said === 'string' ? { type: said } : said;
  const receivedAt = { ms: epoch * 1_000_000 + sequence, ns: 0 };
  return { epoch, sequence, receivedAt, arrivedAtMs: 0, text: `${epoch}/${sequence}`, type, message, bytes };
}

/** One epoch of messages, numbered from 1; `_` leaves a number out. */
export function epochOf(epoch: number, ...types: string[]): LoggedEvent[] {
  return types.map((type, index) => event(epoch, index + 1, type)).filter(({ type }) => type !== '_');
}

/** An iteration of the one conversation of these tests begins or ends. */
export const iteration = (sequence: number, kind: 'started' | 'completed', iterationIndex: number) =>
  event(1, sequence, {
    type: `llm_iteration_${kind}`,
    agentRole: 'Writer',
    taskDescription: 'write',
    iterationIndex,
  });

/** What a run is made of. */
export const RUN = ['ensemble_started', 'task_started', 'task_completed', 'ensemble_completed'];
