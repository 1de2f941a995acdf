import type { LiveEvent } from '../../src/hub/live-state.ts';
import { decodeEnsembleMessage } from '../../src/protocol/wire/ensemble-message.ts';
import { parseInstant } from '../../src/protocol/wire/instant.ts';
import { type IterationPair, iterationPairSchema } from '../../src/protocol/wire/llm-iteration.ts';
import { framesDown } from './recordings.ts';

/** What a late joiner of an embedded dashboard is greeted with. */
export interface LateGreeting {
  readonly events: LiveEvent[];
  readonly pairs: IterationPair[];
}

/** The live messages of an embedded recording, at the times at which they arrived, by the clock of the recorded process. */
export function recordedEvents(name: string): LiveEvent[] {
  const frames = framesDown(name).filter(({ frame }) => frame['type'] !== 'hello');
  const start = frames.find(({ frame }) => frame['type'] === 'ensemble_started');
  const startMs = instantMs(start?.frame['startedAt']) - (start?.t ?? 0);
  return frames.map(({ t, frame }, index) => eventOf(frame, { sequence: index + 1, atMs: startMs + t }));
}

/** The greeting of a `.late` recording: messages of which only the place is known. */
export function lateGreeting(name: string): LateGreeting {
  const [hello] = framesDown(`${name}.late`).filter(({ frame }) => frame['type'] === 'hello');
  const trace = (hello?.frame['snapshotTrace'] ?? []) as Record<string, unknown>[];
  const atMs = instantMs(trace.at(-1)?.['completedAt']) + 1000;
  const events = trace.map((message, index) => {
    return { ...eventOf(message, { sequence: index + 1, atMs }), isTimeKnown: false };
  });
  const pairs = ((hello?.frame['recentIterations'] ?? []) as unknown[]).map((pair) => iterationPairSchema.parse(pair));
  return { events, pairs };
}

/** The events of one producer in a recording of a hub's viewer, in order of epoch and number as they were made. */
export function producerEvents(name: string, producerId: string): LiveEvent[] {
  const envelopes = framesDown(name)
    .map(({ frame }) => frame)
    .filter((frame) => frame['type'] === 'event')
    .filter((frame) => (frame['producer'] as { producerId: string }).producerId === producerId);
  const events = envelopes.map((frame) =>
    eventOf(frame['message'], { sequence: Number(frame['sequence']), atMs: instantMs(frame['receivedAt']) }),
  );
  return intoEpochs(events);
}

/** An event of the first life of its process. */
export function eventOf(message: unknown, at: { sequence: number; atMs: number; epoch?: number }): LiveEvent {
  const decoded = decodeEnsembleMessage(message);
  return { epoch: 1, isTimeKnown: true, type: typeOf(message), ...at, message: decoded };
}

/** The events of the recordings come in order up to a second; a number that comes again is another life. */
function intoEpochs(events: readonly LiveEvent[]): LiveEvent[] {
  const seen = new Map<number, number>();
  const withEpochs = events.map((event) => {
    const epoch = (seen.get(event.sequence) ?? 0) + 1;
    seen.set(event.sequence, epoch);
    return { ...event, epoch };
  });
  return withEpochs.sort((a, b) => a.epoch - b.epoch || a.sequence - b.sequence);
}

function instantMs(text: unknown): number {
  return (typeof text === 'string' ? parseInstant(text)?.ms : undefined) ?? 0;
}

function typeOf(message: unknown): string {
  const type = typeof message === 'object' && message !== null && 'type' in message ? message.type : '';
  return typeof type === 'string' ? type : '';
}
