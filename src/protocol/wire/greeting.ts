import type * as z from 'zod/mini';
import { envelopeSchema, producerInfoSchema } from './envelope.ts';
import type { Hello, helloFrameSchema } from './hello.ts';
import type { HubHello, hubHelloFrameSchema } from './hub-hello.ts';
import { iterationPairSchema } from './llm-iteration.ts';

/** A greeting whose lists hold only what can be read, and how many members had to be left out of them. */
export interface ReadGreeting<T> {
  readonly message: T;
  readonly unreadable: number;
}

interface Checker {
  safeParse(value: unknown): { readonly success: boolean };
}

/** A list without what its schema refuses. The very list that came in, if nothing is. */
interface Sifted<L> {
  readonly list: L;
  readonly dropped: number;
}

/** Reads the iterations in the greeting of an embedded dashboard, each by itself. */
export function readHello(frame: z.infer<typeof helloFrameSchema>): ReadGreeting<Hello> {
  const iterations = sift(frame.recentIterations, iterationPairSchema);
  const read = iterations.dropped === 0 ? frame : { ...frame, recentIterations: iterations.list };
  return { message: read as Hello, unreadable: iterations.dropped };
}

/** Reads the producers, envelopes and iterations in the greeting of a hub, each by itself. */
export function readHubHello(frame: z.infer<typeof hubHelloFrameSchema>): ReadGreeting<HubHello> {
  const producers = sift(frame.producers, producerInfoSchema);
  const trace = sift(frame.snapshotTrace, envelopeSchema);
  const iterations = siftByProducer(frame.iterationsByProducer);
  const unreadable = producers.dropped + trace.dropped + iterations.dropped;
  if (unreadable === 0) return { message: frame as HubHello, unreadable };
  const read = {
    ...frame,
    producers: producers.list,
    snapshotTrace: trace.list,
    iterationsByProducer: iterations.list,
  };
  return { message: read as HubHello, unreadable };
}

function sift(list: readonly unknown[] | null | undefined, schema: Checker): Sifted<readonly unknown[] | undefined> {
  if (list === null || list === undefined) return { list: undefined, dropped: 0 };
  const kept = list.filter((member) => schema.safeParse(member).success);
  const dropped = list.length - kept.length;
  return { list: dropped === 0 ? list : kept, dropped };
}

function siftByProducer(
  lists: Readonly<Record<string, unknown>> | null | undefined,
): Sifted<Readonly<Record<string, unknown>> | undefined> {
  if (lists === null || lists === undefined) return { list: undefined, dropped: 0 };
  let dropped = 0;
  const kept: [string, readonly unknown[]][] = [];
  for (const [producerId, list] of Object.entries(lists)) {
    const sifted = sift(Array.isArray(list) ? list : undefined, iterationPairSchema);
    dropped += sifted.list === undefined ? 1 : sifted.dropped;
    if (sifted.list !== undefined) kept.push([producerId, sifted.list]);
  }
  // Unlike an assignment, fromEntries gives an id such as __proto__ a member of its own.
  return { list: dropped === 0 ? lists : Object.fromEntries(kept), dropped };
}
